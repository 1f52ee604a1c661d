"""Pages that need no script and no file: refusals, and the login. In the colours of the studio."""

import html

from chat.core.languages import direction, language, resaid

_PAGE = """\
<!doctype html>
<html lang="{language}" dir="{direction}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{onward}
<style>
:root {{
  --paper: #faf9f6; --surface: #fff; --ink: #22231f; --soft: #5c5b54; --line: #8b8980;
  --accent: #2a6f65; --on-accent: #fff; --alarm: #9b2c2c;
  color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5;
}}
@media (prefers-color-scheme: dark) {{
  :root {{
    --paper: #171918; --surface: #1f2221; --ink: #e9e7e1; --soft: #a9aaa3; --line: #6f756f;
    --accent: #7fc0b3; --on-accent: #10211d; --alarm: #f0a39c;
  }}
}}
* {{ box-sizing: border-box; }}
body {{
  display: grid; place-items: center; min-height: 100vh; margin: 0; padding: 1rem;
  background: var(--paper); color: var(--ink);
}}
main {{ width: 100%; max-width: {width}; overflow-wrap: anywhere; }}
h1 {{ font-size: 1.5rem; }}
h2 {{ font-size: 1.1rem; margin: 2rem 0 .5rem; }}
form {{ display: grid; gap: .6rem; max-width: 26rem; }}
form.acts {{ display: flex; flex-wrap: wrap; max-width: none; margin: .5rem 0; }}
label {{ display: grid; gap: .2rem; }}
label.box {{ display: flex; align-items: center; min-height: 2.75rem; }}
label.box input {{ width: auto; min-height: 0; }}
fieldset {{ border: 1px solid var(--line); border-radius: 9px; }}
input, select, button, a.button {{
  font: inherit; color: inherit; padding: .6rem; min-height: 2.75rem; width: 100%;
  border: 1px solid var(--line); border-radius: 9px; background: var(--surface);
}}
button {{ cursor: pointer; }}
a.button {{ display: block; max-width: 26rem; text-align: center; text-decoration: none; }}
.or {{
  display: flex; align-items: center; gap: .8rem; max-width: 26rem; margin: 1.2rem 0;
  color: var(--soft); font-size: .9rem;
}}
.or::before, .or::after {{ content: ""; flex: 1; border-top: 1px solid var(--line); }}
button.first, a.first {{
  background: var(--accent); border-color: var(--accent); color: var(--on-accent);
}}
form.acts button {{ width: auto; }}
:focus-visible {{ outline: 3px solid var(--accent); outline-offset: 2px; }}
a {{ color: var(--accent); }}
ul {{ list-style: none; padding: 0; }}
li {{ border-top: 1px solid var(--line); padding: .6rem 0; }}
[role=alert] {{ color: var(--alarm); font-weight: 600; }}
@media (forced-colors: active) {{
  button.first {{ background: ButtonFace; border-color: ButtonText; color: ButtonText; }}
}}
.more {{ color: var(--soft); font-size: .9rem; }}
</style></head>
<body><main><h1>{heading}</h1>{body}</main></body></html>"""


def plain_page(why: str, more: str = "", form: str = "") -> bytes:
    """The page: why, what helps, and a form as HTML."""
    told = f'<p class="more">{html.escape(more)}</p>' if more else ""
    said = html.escape(resaid(why))
    return page_of("Easel", f'<p role="status">{said}</p>{told}{form}')


def page_of(heading: str, body: str, *, wide: bool = False, goes_on: str = "") -> bytes:
    """A page with this heading over this HTML; ``goes_on`` is the address that follows it."""
    onward = html.escape(f"0;url={goes_on}")
    title = heading if heading == "Easel" else f"{heading} · Easel"
    return _PAGE.format(
        language=language(),
        direction=direction(language()),
        title=html.escape(title),
        onward=f'\n<meta http-equiv="refresh" content="{onward}">' if goes_on else "",
        heading=html.escape(heading),
        body=body,
        width="46rem" if wide else "32rem",
    ).encode()
