// Runs in a component of Gradio, whose `trigger` tells the server which answer is judged.
document.addEventListener('click', event => {
  const link = event.target.closest && event.target.closest('a.kutip-judge');
  if (link) trigger('click', link.getAttribute('href'));
});
document.addEventListener('keydown', event => {
  const link = event.key === ' ' && event.target.closest && event.target.closest('a.kutip-judge');
  if (!link) return;
  event.preventDefault();  // a button answers to the space bar
  link.click();
});
