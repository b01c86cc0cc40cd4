// Runs in a component of Gradio, whose `trigger` tells the server of a click on a link of the
// menus: opening or deleting a conversation, saving answers.
document.addEventListener('click', event => {
  const link = event.target.closest && event.target.closest('a.kutip-do');
  if (link) trigger(link.getAttribute('href').split('-')[1] === 'save' ? 'save' : 'turn',
                    link.getAttribute('href'));
  // A menu closes when something of it is chosen, and when the click is elsewhere.
  for (const menu of document.querySelectorAll('details.kutip-menu[open]'))
    if (link || !menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', event => {
  const link = event.key === ' ' && event.target.closest && event.target.closest('a.kutip-do');
  if (link) {
    event.preventDefault();  // a button answers to the space bar
    link.click();
  }
  const menu = event.key === 'Escape' && event.target.closest
    && event.target.closest('details.kutip-menu[open]');
  if (menu) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});
