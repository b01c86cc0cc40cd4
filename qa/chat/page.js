{
const scroll = target => {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  target.scrollIntoView({behavior: calm ? 'auto' : 'smooth', block: 'start'});
};
// Brings a part of the page into view where parts stand below each other.
window.kutipBring = id => {
  if (matchMedia('(max-width: 768px)').matches) scroll(document.getElementById(id));
};
// [n] goes to its card and back: the page's base address would turn a plain
// anchor into a new page load, and a card may sit in a closed section.
document.addEventListener('click', event => {
  const link = event.target.closest && event.target.closest('a[href^="#kutip-"]');
  const target = link && document.getElementById(link.getAttribute('href').slice(1));
  if (!link) return;
  event.preventDefault();
  if (!target) return;
  for (let fold = target.closest('details'); fold; fold = fold.parentElement.closest('details'))
    fold.open = true;
  scroll(target);
  target.focus({preventScroll: true});
});
// Gradio calls its examples a list and its buttons no items of it, which misleads screen readers.
new MutationObserver(() => {
  for (const list of document.querySelectorAll('#chat .examples[role=list]'))
    list.setAttribute('role', 'group');
}).observe(document.documentElement, {childList: true, subtree: true});
document.addEventListener('toggle', event => {
  const mark = event.target.open && event.target.querySelector(':scope > .kutip-article mark');
  if (mark) mark.scrollIntoView({block: 'center'});
  const menu = event.target.open && event.target.matches('#chat .kutip-menu');
  if (menu) event.target.scrollIntoView({block: 'nearest'});
}, true);
// A file that came within a reply: {name, type, data in base 64}.
window.kutipSave = file => {
  if (!file) return;
  const bytes = Uint8Array.from(atob(file.data), sign => sign.charCodeAt(0));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], {type: file.type}));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};
const copy = async (text, near) => {
  try {
    return await navigator.clipboard.writeText(text);
  } catch {
    // Over a network without https, or where it is not allowed, there is only the old way.
  }
  const box = document.createElement('textarea');
  box.value = text;
  near.append(box);
  box.select();
  document.execCommand('copy');
  box.remove();
};
document.addEventListener('click', async event => {
  const button = event.target.closest && event.target.closest('button.kutip-copy');
  if (!button || button.dataset.was) return;
  await copy(button.dataset.text, button.parentElement);
  button.dataset.was = button.textContent;
  button.textContent = button.dataset.done;
  button.focus();
  setTimeout(() => {
    button.textContent = button.dataset.was;
    delete button.dataset.was;
  }, 2000);
});
}
