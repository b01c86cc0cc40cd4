// Runs in a component of Gradio, whose `trigger` tells the server of a click on a chip.
document.addEventListener('click', event => {
  const link = event.target.closest && event.target.closest('a.kutip-switch');
  if (link) trigger('click', link.getAttribute('href'));
});
document.addEventListener('keydown', event => {
  const link = event.key === ' ' && event.target.closest && event.target.closest('a.kutip-switch');
  if (!link) return;
  event.preventDefault();  // a button answers to the space bar
  link.click();
});
