"""The page where one logs in; a page of its own, that needs no script and nothing else served."""

from __future__ import annotations

from html import escape

from qa.chat.wording import say

_STYLE = """
:root { color-scheme: light dark; font-family: system-ui, "Segoe UI", Roboto, sans-serif; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center;
  background: light-dark(#f8fafc, #0f172a); color: light-dark(#0f172a, #f1f5f9); }
main { width: min(22rem, 100vw - 3rem); }
h1 { margin: 0; font-size: 1.75rem; letter-spacing: -.02em; }
p { margin: .25rem 0 1.5rem; color: light-dark(#475569, #cbd5e1); }
label { display: block; margin: 1rem 0 .3rem; font-weight: 600; }
input, button { box-sizing: border-box; width: 100%; padding: .65rem .75rem; font: inherit;
  border-radius: 8px; }
input { border: 1px solid light-dark(#64748b, #94a3b8); background: light-dark(#fff, #1e293b);
  color: inherit; }
button { margin-top: 1.5rem; border: 0; background: #0f766e; color: #fff; font-weight: 600;
  cursor: pointer; }
button:hover { background: #115e59; }
:is(input, button):focus-visible { outline: 3px solid #14b8a6; outline-offset: 2px; }
[role=alert] { margin: 0; padding: .7rem .8rem; border-radius: 8px;
  background: light-dark(#fee2e2, #7f1d1d); color: light-dark(#7f1d1d, #fee2e2); }
"""


def page(language: str, *, name: str = "", wrong: bool = False, wait: int = 0) -> str:
    """The whole page. *wrong*: the last try failed; *wait*: seconds until there may be another."""
    said = ""
    if wait:
        said = say(language, "login_wait", n=wait)
    elif wrong:
        said = say(language, "login_wrong")
    alert = f'<p role="alert">{escape(said)}</p>' if said else ""
    focus = {"username": "" if name else " autofocus", "password": " autofocus" if name else ""}
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(say(language, "login"))} – Kutip</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>Kutip</h1>
<p>{escape(say(language, "tagline"))}</p>
{alert}
<form method="post" action="/login">
<label for="username">{escape(say(language, "login_name"))}</label>
<input id="username" name="username" value="{escape(name)}" autocomplete="username"
  autocapitalize="none" spellcheck="false" required{focus["username"]}>
<label for="password">{escape(say(language, "login_password"))}</label>
<input id="password" name="password" type="password" autocomplete="current-password"
  required{focus["password"]}>
<button>{escape(say(language, "login"))}</button>
</form>
</main>
</body>
</html>
"""
