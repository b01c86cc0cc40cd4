{
// What Gradio's own components lack for screen readers, for contrast and in Indonesian. Each
// rule names what it mends; with a Gradio that does so itself, the rule finds nothing to do.
const words = window.kutipWords[document.documentElement.lang] || window.kutipWords.en;
const RULES = {
  // A list holds list items, not buttons.
  '#chat .examples[role=list]': list => list.setAttribute('role', 'group'),
  // A button without a name within a button: the outer one does all (page.css lets clicks through).
  '#chat .thought-group .title[role=button] button': arrow => {
    arrow.disabled = true;
    arrow.setAttribute('aria-hidden', 'true');
  },
  // Names that are only tooltips, in English.
  '#only .token-remove': cross => {
    const all = cross.matches('.remove-all');
    cross.title = all ? words.ask_all : words.ask_without;
    cross.setAttribute('aria-label', cross.title);
  },
  // The kind of a message, and how to close it.
  '.toast-title.error': title => { title.textContent = words.error_title; },
  '[data-testid=toast-close]': button => button.setAttribute('aria-label', words.close),
  // The text beside the picture says the same.
  'footer img[alt]:not([alt=""])': picture => { picture.alt = ''; },
};
// Messages that Gradio's script says in English only.
const MESSAGES = [
  [/^File\(s\) exceed the maximum allowed size of ([\d.]+) Mb: (.*)$/s,
    // It counts in 1,024s; a megabyte has a million bytes.
    (_, size, names) =>
      words.upload_too_large.replace('{size}', Math.round(size * 1.048576)) + ' ' + names],
  [/^Connection errored out\.\s*$/, () => words.connection_lost],
];
const mend = part => {
  for (const [selector, rule] of Object.entries(RULES)) {
    if (part.matches(selector)) rule(part);
    part.querySelectorAll(selector).forEach(rule);
  }
  for (const text of part.querySelectorAll('[data-testid=toast-text]'))
    for (const [pattern, say] of MESSAGES)
      if (pattern.test(text.textContent.trim()))
        text.textContent = text.textContent.trim().replace(pattern, say);
};
new MutationObserver(changes => {
  for (const change of changes)
    for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) mend(node);
}).observe(document, {childList: true, subtree: true});
mend(document.documentElement);
}
