// Runs in a component of Gradio whose value is {labels, rows}; a row is [id, title, outlet, date,
// language, passages, file]. Gradio's own table has no checkboxes that go together with sorting,
// and ticks every row, found or not. Whatever a document says goes into the page as text.
const COLUMNS = ['title', 'outlet', 'date', 'language', 'passages', 'source'];
const MOST = 500;  // rows drawn at once
const ticked = new Set();
let sought = '', sorted = {column: null, down: false};
const make = (tag, given = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...inside);
  return made;
};
const compare = new Intl.Collator(undefined, {numeric: true, sensitivity: 'base'}).compare;

const found = rows => {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = rows.filter(row => {
    const text = row.slice(1).join('\n').toLowerCase();
    return words.every(word => text.includes(word));
  });
  const at = sorted.column;
  if (at === null) return kept;
  const filled = row => row[at] !== '';
  return [  // what has no date or outlet comes last, whichever the order
    ...kept.filter(filled).sort((a, b) => compare(a[at], b[at]) * (sorted.down ? -1 : 1)),
    ...kept.filter(row => !filled(row)),
  ];
};

const draw = () => {
  const {labels, rows} = props.value || {};
  const root = element.querySelector('.kutip-list');
  if (!rows || !root) return;
  const there = new Set(rows.map(row => row[0]));
  for (const id of ticked) if (!there.has(id)) ticked.delete(id);
  if (!rows.length) {
    root.replaceChildren(make('p', {className: 'kutip-coverage', textContent: labels.none}));
    return;
  }

  const search = make('input', {
    type: 'search', value: sought, placeholder: labels.search, ariaLabel: labels.search,
  });
  const status = make('span', {className: 'kutip-list-count'});
  status.setAttribute('role', 'status');
  const body = make('tbody');
  const all = make('input', {type: 'checkbox', ariaLabel: labels.all, title: labels.all});
  const count = make('span', {className: 'kutip-list-ticked'});
  const act = (name, kind) => {
    const button = make('button', {type: 'button', className: kind, textContent: labels[name]});
    button.onclick = () => {
      trigger('click', {action: name, documents: [...ticked]});
      if (name !== 'ask_only') return;
      document.querySelector('button[role=tab]').click();  // to the questions
      document.querySelector('#question textarea').focus();
    };
    return button;
  };
  const untick = make('button', {type: 'button', textContent: labels.untick});
  const buttons = [act('ask_only', 'kutip-primary'), act('remove', 'kutip-stop'), untick];

  const fill = () => {
    const kept = found(rows);
    body.replaceChildren(...kept.slice(0, MOST).map(row => {
      const box = make('input', {type: 'checkbox', ariaLabel: row[1], checked: ticked.has(row[0])});
      box.onchange = () => {
        ticked[box.checked ? 'add' : 'delete'](row[0]);
        tell(kept);
      };
      const cells = COLUMNS.map((name, i) => {
        const cell = make('td', {className: 'kutip-' + name, textContent: row[i + 1]});
        cell.dataset.label = labels[name];
        return cell;
      });
      return make('tr', {}, make('td', {className: 'kutip-tick'}, make('label', {}, box)), ...cells);
    }));
    tell(kept);
  };
  const tell = kept => {
    let line = labels.found.replace('{n}', kept.length).replace('{total}', rows.length);
    if (kept.length > MOST) line += ' ' + labels.first.replace('{n}', MOST);
    if (status.textContent !== line) status.textContent = line;
    const here = kept.filter(row => ticked.has(row[0])).length;
    all.checked = here > 0 && here === kept.length;
    all.indeterminate = here > 0 && here < kept.length;
    all.onchange = () => {
      for (const row of kept) ticked[all.checked ? 'add' : 'delete'](row[0]);
      fill();
    };
    count.textContent = ticked.size ? labels.ticked.replace('{n}', ticked.size) : labels.hint;
    for (const button of buttons) button.disabled = !ticked.size;
  };
  untick.onclick = () => { ticked.clear(); fill(); search.focus(); };
  search.oninput = () => { sought = search.value; fill(); };

  const heads = COLUMNS.map((name, i) => {
    const button = make('button', {type: 'button', textContent: labels[name]});
    const head = make('th', {scope: 'col', className: 'kutip-' + name}, button);
    button.onclick = () => {
      sorted = {column: i + 1, down: sorted.column === i + 1 && !sorted.down};
      mark();
      fill();
    };
    return head;
  });
  const mark = () => heads.forEach((head, i) => {
    const order = sorted.column !== i + 1 ? 'none' : sorted.down ? 'descending' : 'ascending';
    head.setAttribute('aria-sort', order);
  });
  const table = make('table', {},
    make('caption', {textContent: labels.caption}),
    make('thead', {}, make('tr', {},
      make('th', {scope: 'col', className: 'kutip-tick'}, make('label', {}, all)), ...heads)),
    body);
  const scroll = make('div', {className: 'kutip-list-scroll', tabIndex: 0}, table);
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', labels.caption);
  root.replaceChildren(
    make('div', {className: 'kutip-list-head'}, search, status), scroll,
    make('div', {className: 'kutip-list-foot'}, count, ...buttons));
  mark();
  fill();
};
draw();
watch('value', draw);
