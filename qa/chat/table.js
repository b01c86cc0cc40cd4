{
// A table of many rows that is searched and sorted in the page. Gradio's own says what it offers
// in English only, tells no count, and takes a step with the arrow keys for a choice.
// Whatever a document says goes into the page as text.
const BATCH = 100;  // rows drawn at once; the next when the last of them is seen
const make = (tag, given = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), given);
  made.append(...inside);
  return made;
};
const compare = new Intl.Collator(undefined, {numeric: true, sensitivity: 'base'}).compare;
// How the language of the page writes a number.
const count = n => new Intl.NumberFormat(document.documentElement.lang || 'en').format(n);

// A table in *root* with these *columns*. A row is [id, a cell for each column, …]; *first* gives
// the cell before them (of a row, or of the head where there is none), *cell* what is in a cell,
// if not its text; *pick* hears a click on a row, *told* which are found of all; *foot* stands
// below. The *show* of what is returned takes the words of the page, the rows as JSON and a sign
// of their corpus; again with the same sign, it leaves what is typed, sorted and seen.
window.kutipTable = (root, {columns, first, cell, pick, told = () => {}, foot = []}) => {
  let labels, of = '', rows = [], kept = [], drawn = 0, sorted = {column: null, down: false};
  const texts = new Map();
  const search = make('input', {type: 'search'});
  const status = make('span', {className: 'kutip-list-count'});
  status.setAttribute('role', 'status');
  const caption = make('caption'), head = make('tr'), body = make('tbody');
  const end = make('div', {className: 'kutip-list-end'});
  const scroll = make('div', {className: 'kutip-list-scroll', tabIndex: 0},
    make('table', {}, caption, make('thead', {}, head), body), end);
  scroll.setAttribute('role', 'region');
  const none = make('p', {className: 'kutip-coverage'});
  const filled = [
    make('div', {className: 'kutip-list-head'}, search, status), scroll,
    ...foot.length ? [make('div', {className: 'kutip-list-foot'}, ...foot)] : [],
  ];
  const frame = make('div', {}, none, ...filled);

  const found = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const there = rows.filter(row => words.every(word => texts.get(row).includes(word)));
    const at = sorted.column;
    if (at === null) return there;
    const has = row => row[at] !== '';
    return [  // what has no date or outlet comes last, whichever the order
      ...there.filter(has).sort((a, b) => compare(a[at], b[at]) * (sorted.down ? -1 : 1)),
      ...there.filter(row => !has(row)),
    ];
  };
  const line = row => {
    const made = make('tr', {}, ...first ? [first(row)] : [], ...columns.map((name, i) => {
      const inside = (cell && cell(name, row)) ?? String(row[i + 1]);
      const one = make('td', {className: 'kutip-' + name}, inside);
      one.dataset.label = labels[name];
      return one;
    }));
    if (pick) made.onclick = () => pick(row, made);
    return made;
  };
  const seen = new IntersectionObserver(entries => {
    if (entries.some(entry => entry.isIntersecting)) grow();
  });
  const grow = (to = drawn + BATCH) => {
    seen.unobserve(end);
    body.append(...kept.slice(drawn, to).map(line));
    drawn = Math.min(to, kept.length);
    if (drawn < kept.length) seen.observe(end);  // tells anew whether it is seen
  };
  const fill = (least = BATCH) => {
    kept = found();
    drawn = 0;
    body.replaceChildren();
    grow(Math.max(least, BATCH));
    const said = labels.found.replace('{n}', count(kept.length))
      .replace('{total}', count(rows.length));
    if (status.textContent !== said) status.textContent = said;
    told(kept, rows);
  };
  const heads = columns.map((name, i) => {
    const button = make('button', {type: 'button'});
    button.onclick = () => {
      sorted = {column: i + 1, down: sorted.column === i + 1 && !sorted.down};
      mark();
      scroll.scrollTop = 0;
      fill();
    };
    return make('th', {scope: 'col', className: 'kutip-' + name}, button);
  });
  const mark = () => heads.forEach((one, i) => {
    const order = sorted.column !== i + 1 ? 'none' : sorted.down ? 'descending' : 'ascending';
    one.setAttribute('aria-sort', order);
  });
  head.append(...first ? [first()] : [], ...heads);
  search.oninput = () => { scroll.scrollTop = 0; fill(); };
  mark();

  const show = (words, given, now = '') => {
    if (now !== of) {  // another corpus: nothing of what was sought in the last one
      of = now;
      search.value = '';
      sorted = {column: null, down: false};
      drawn = 0;
      mark();
    }
    labels = words;
    rows = JSON.parse(given);
    texts.clear();
    for (const row of rows) texts.set(row, row.slice(1).join('\n').toLowerCase());
    search.placeholder = search.ariaLabel = labels.search;
    caption.textContent = none.ariaLabel = labels.caption;
    none.textContent = labels.none;
    scroll.setAttribute('aria-label', labels.caption);
    heads.forEach((one, i) => { one.firstChild.textContent = labels[columns[i]]; });
    none.hidden = rows.length > 0;
    for (const part of filled) part.hidden = !rows.length;
    if (!root.contains(frame)) root.replaceChildren(frame);
    fill(drawn);
  };
  return {show, refill: () => fill(drawn), search};
};
window.kutipMake = make;
window.kutipCount = count;
}
