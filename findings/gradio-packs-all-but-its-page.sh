#!/bin/sh
# gradio 6.31.0: what of a page travels packed.
#
# One would guess that the page itself is packed like its scripts and styles, for Gradio has a
# Brotli middleware that names text/html, and the page holds the configuration of every component.
# Seen: the styles come as br and the page as it is. With 60 text boxes it is 42 kB, which brotli makes
# less than a tenth of.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check gradio==6.31.0
GRADIO_ANALYTICS_ENABLED=False HF_HUB_OFFLINE=1 "$place/venv/bin/python" - <<'PYTHON'
import urllib.request

import brotli
import gradio as gr

with gr.Blocks() as page:
    for number in range(60):
        gr.Textbox(label=f"Field {number}")

_, address, _ = page.launch(prevent_thread_lock=True, quiet=True)


def asked(path):
    request = urllib.request.Request(address + path, headers={"accept-encoding": "br, gzip"})
    with urllib.request.urlopen(request) as answer:
        return answer.headers.get("content-encoding"), answer.read()


coding, html = asked("")
style, _ = asked("theme.css")
page.close()
print("gradio", gr.__version__)
print(f"theme.css: {style}; the page: {coding}, {len(html)} bytes, {len(brotli.compress(html))} as br")
if (style, coding) != ("br", None):
    raise SystemExit("changed: the page is packed as the styles are")
PYTHON
