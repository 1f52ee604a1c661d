"""A page of a sentence or two, for who is not let in: it needs no script and no file."""

import html

_PAGE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Easel</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
:root {{ color-scheme: light dark; font-family: system-ui, sans-serif; line-height: 1.5; }}
body {{ display: grid; place-items: center; min-height: 90vh; margin: 0; padding: 1rem; }}
main {{ max-width: 32rem; overflow-wrap: anywhere; }}
form {{ display: grid; gap: .6rem; max-width: 26rem; }}
input, button {{ font: inherit; padding: .6rem; }}
.more {{ opacity: .8; font-size: .9rem; }}
</style></head>
<body><main><h1>Easel</h1><p role="status">{why}</p>{more}{form}</main></body></html>"""


def plain_page(why: str, more: str = "", form: str = "") -> bytes:
    """The page: why, what helps, and a form as HTML."""
    told = f'<p class="more">{html.escape(more)}</p>' if more else ""
    return _PAGE.format(why=html.escape(why), more=told, form=form).encode()
