// Runs in a component of Gradio whose value is {labels, rows, of}; a row is [name, name, statements,
// role, dates, other forms of the name]. The list itself is table.js's.
const COLUMNS = ['speaker', 'statements', 'role', 'dates', 'forms'];
const cell = (name, row) => {
  if (name !== 'speaker') return null;
  return window.kutipMake('button', {type: 'button', textContent: row[1]});
};
const root = element.querySelector('.kutip-list');
const pick = (row, line) => {
  for (const before of root.querySelectorAll('[aria-current]'))
    before.removeAttribute('aria-current');
  line.setAttribute('aria-current', 'true');
  trigger('click', row[0]);
};
const table = window.kutipTable(root, {columns: COLUMNS, cell, pick});
const draw = () => {
  const {labels, rows, of} = props.value || {};
  if (rows) table.show(labels, rows, of);
};
draw();
watch('value', draw);
