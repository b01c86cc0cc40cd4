// Runs in a component of Gradio whose value is {number, labels, rows, of}; a row is [id, title, outlet,
// date, language, passages, file]. The list itself is table.js's; here are the boxes to tick.
const COLUMNS = ['title', 'outlet', 'date', 'language', 'passages', 'source'];
const make = window.kutipMake, ticked = new Set();
let labels = {}, kept = [], shown = 0;

const all = make('input', {type: 'checkbox'});
const count = make('span', {className: 'kutip-list-ticked'});
const boxed = box => make('label', {}, box);
const first = row => {
  if (!row) return make('th', {scope: 'col', className: 'kutip-tick'}, boxed(all));
  const box = make('input', {type: 'checkbox', ariaLabel: row[1], checked: ticked.has(row[0])});
  box.onchange = () => {
    ticked[box.checked ? 'add' : 'delete'](row[0]);
    tell();
  };
  return make('td', {className: 'kutip-tick'}, boxed(box));
};
const act = (name, kind) => {
  const button = make('button', {type: 'button', className: kind});
  button.dataset.name = name;
  button.onclick = () => {
    trigger('click', {action: name, documents: [...ticked]});
    if (name !== 'ask_only') return;
    document.querySelector('button[role=tab]').click();  // to the questions
    document.querySelector('#question textarea').focus();
  };
  return button;
};
const untick = make('button', {type: 'button'});
untick.dataset.name = 'untick';
const buttons = [act('ask_only', 'kutip-primary'), act('remove', 'kutip-stop'), untick];
const tell = () => {
  const here = kept.filter(row => ticked.has(row[0])).length;
  all.checked = here > 0 && here === kept.length;
  all.indeterminate = here > 0 && here < kept.length;
  const n = window.kutipCount(ticked.size);
  count.textContent = ticked.size ? labels.ticked.replace('{n}', n) : labels.hint;
  for (const button of buttons) button.disabled = !ticked.size;
};
const table = window.kutipTable(element.querySelector('.kutip-list'), {
  columns: COLUMNS, first, foot: [count, ...buttons],
  told: (found, every) => {
    const there = new Set(every.map(row => row[0]));
    for (const id of ticked) if (!there.has(id)) ticked.delete(id);
    kept = found;
    tell();
  },
});
all.onchange = () => {
  for (const row of kept) ticked[all.checked ? 'add' : 'delete'](row[0]);
  table.refill();
};
untick.onclick = () => { ticked.clear(); table.refill(); table.search.focus(); };

const draw = () => {
  const {number, labels: words, rows, of} = props.value || {};
  if (!rows || number < shown) return;  // one that was made before the one that is shown
  shown = number;
  labels = words;
  all.ariaLabel = all.title = labels.all;
  for (const button of buttons) button.textContent = labels[button.dataset.name];
  table.show(labels, rows, of);
};
draw();
watch('value', draw);
