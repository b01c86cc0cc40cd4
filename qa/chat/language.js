{
// The switch of languages: what is chosen is kept in a cookie, which the server reads too.
// Runs before Gradio's own script, which asks the browser for its language.
const NAME = 'kutip-language';
const found = document.cookie.match(new RegExp(`(?:^|; )${NAME}=(en|id)(?:;|$)`));
if (found) {
  Object.defineProperty(navigator, 'language', {get: () => found[1]});
  Object.defineProperty(navigator, 'languages', {get: () => [found[1]]});
}
// For screen readers: what there is no translation for is English.
document.documentElement.lang = navigator.language.startsWith('id') ? 'id' : 'en';
document.addEventListener('click', event => {
  const button = event.target.closest && event.target.closest('button.kutip-language');
  if (!button) return;
  document.cookie = `${NAME}=${button.lang}; path=/; max-age=31536000; samesite=lax`;
  location.reload();
});
}
