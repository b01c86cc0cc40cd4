{
const scroll = target => {
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  target.scrollIntoView({behavior: calm ? 'auto' : 'smooth', block: 'start'});
};
// Brings a part of the page into view where parts stand below each other.
window.kutipBring = id => {
  if (matchMedia('(max-width: 768px)').matches) scroll(document.getElementById(id));
};
window.kutipTab = new URL(location).searchParams.get('tab');
// Into the address, so that the page loaded again, or opened by somebody else, is where it was.
window.kutipRemember = (key, value) => {
  const here = new URL(location);
  if (value) here.searchParams.set(key, value);
  else here.searchParams.delete(key);
  history.replaceState(null, '', here);
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
// A new answer is shown from its question on, where Gradio would show its end; and its sources
// from their top, wherever those of the last one were left.
let shown = '', cards = '';
new MutationObserver(() => {
  const asked = document.querySelectorAll('#chat a.kutip-edit');
  const last = [...document.querySelectorAll('#chat .kutip-answer')].at(-1);
  const now = `${asked.length} ${last ? last.textContent.length : 0}`;
  if (asked.length && now !== shown) {
    const bubble = asked[asked.length - 1].closest('.message');
    const box = bubble && bubble.closest('.bubble-wrap');
    if (box) box.scrollTop += bubble.getBoundingClientRect().top - box.getBoundingClientRect().top - 12;
  }
  shown = now;
  const sections = document.querySelectorAll('#sources section');
  const first = sections[0] ? sections[0].textContent : '';
  const drawn = `${sections.length} ${first.length} ${first.slice(0, 200)}`;
  if (first && drawn !== cards) document.getElementById('sources').scrollTop = 0;
  cards = drawn;
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
  const {text, done} = button.dataset;  // in a chat there are none
  await copy(text ?? button.nextElementSibling.textContent, button.parentElement);
  button.dataset.was = button.textContent;
  button.textContent =
    done ?? (window.kutipWords[document.documentElement.lang] || window.kutipWords.en).cited;
  button.focus();
  setTimeout(() => {
    button.textContent = button.dataset.was;
    delete button.dataset.was;
  }, 2000);
});
}
