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
document.addEventListener('toggle', event => {
  const mark = event.target.open && event.target.querySelector(':scope > .kutip-article mark');
  if (mark) mark.scrollIntoView({block: 'center'});
}, true);
}
