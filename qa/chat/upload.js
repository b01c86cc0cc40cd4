// Runs in a component of Gradio. Files that are too large are taken out of a selection before it
// is sent, and the server is told their names, to say so; the others go on.
const limits = LIMITS;
const tooLarge = file =>
  file.size > (file.name.toLowerCase().endsWith('.zip') ? limits.archive : limits.file);
let told = false, passing = false;
const check = (event, files) => {
  if (passing || !event.target.closest || !event.target.closest('#upload') || !files) return;
  const [large, fine] = [true, false].map(is => [...files].filter(file => tooLarge(file) === is));
  if (large.length || told) trigger('click', large.map(file => file.name));
  told = large.length > 0;
  if (!large.length) return;
  event.stopImmediatePropagation();
  event.preventDefault();
  const rest = new DataTransfer();
  fine.forEach(file => rest.items.add(file));
  const input = document.querySelector('#upload input[type=file]');
  input.files = rest.files;
  if (!fine.length) return;
  passing = true;
  input.dispatchEvent(new Event('change', {bubbles: true}));
  passing = false;
};
document.addEventListener('change', event => check(event, event.target.files), true);
document.addEventListener(
  'drop', event => check(event, event.dataTransfer && event.dataTransfer.files), true);
