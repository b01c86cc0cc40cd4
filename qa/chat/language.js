// The switch of languages: what is chosen is kept in a cookie, which the server reads.
document.addEventListener('click', event => {
  const button = event.target.closest && event.target.closest('button.kutip-language');
  if (!button) return;
  document.cookie = `kutip-language=${button.lang}; path=/; max-age=31536000; samesite=lax`;
  location.reload();
});
