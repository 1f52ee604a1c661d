#!/bin/sh
# google-genai 3.6.1, one client with default options, a server that is too busy (503).
#
# One would guess that both halves of a client ask as often, and generate_content raises after one
# request.
# Seen: interactions.create asks five times, waiting in between, before it raises. A call that is
# billed as it begins may so be billed five times. HttpRetryOptions(attempts=1) makes it one.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check google-genai==3.6.1
"$place/venv/bin/python" -W ignore - <<'PYTHON'
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

from google import genai
from google.genai import types

asked = []


class Busy(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        asked.append(self.path)
        body = b'{"error": {"code": 503, "message": "Busy."}}'
        self.send_response(503)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Busy)
threading.Thread(target=server.serve_forever, daemon=True).start()


def requests(ask, **options):
    url = f"http://127.0.0.1:{server.server_port}"
    http = types.HttpOptions(base_url=url, **options)
    client = genai.Client(api_key="none", http_options=http)
    asked.clear()
    try:
        ask(client)
    except Exception as error:
        print(len(asked), "requests, then", type(error).__name__)
    return len(asked)


def generate(client):
    client.models.generate_content(model="m", contents="Hi")


def interact(client):
    client.interactions.create(model="m", input="Hi", store=False)


print("google-genai", version("google-genai"))
found = (requests(generate), requests(interact))
once = requests(interact, retry_options=types.HttpRetryOptions(attempts=1))
if (*found, once) != (1, 5, 1):
    raise SystemExit(f"changed: {found} requests by default, {once} with attempts=1")
PYTHON
