// Runs in a component of Gradio, whose `trigger` tells the server of a click on a switch.
document.addEventListener('click', event => {
  const link = event.target.closest && event.target.closest('a.kutip-switch');
  if (!link || event.detail > 1) return;  // a double click asks once
  trigger('click', link.getAttribute('href'));
  if (link.matches('.kutip-edit')) document.querySelector('#question textarea').focus();
});
document.addEventListener('keydown', event => {
  const link = event.key === ' ' && event.target.closest && event.target.closest('a.kutip-switch');
  if (!link) return;
  event.preventDefault();  // a button answers to the space bar
  link.click();
});
