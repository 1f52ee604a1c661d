#!/bin/sh
# google-genai 3.6.1, chats: send_message_stream, then the next message.
#
# One would guess that a turn which was streamed whole, with its words and a finish reason of STOP, is
# part of the next request, as it is where the same comes without a stream.
# Seen: if any chunk of it has no parts (the last one often tells the reason or the usage alone), the
# answer and its question are both left out of what the model is sent from then on. Nothing is
# raised, and get_history() shows the turn; get_history(curated=True) does not.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check google-genai==3.6.1
"$place/venv/bin/python" - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

from google import genai
from google.genai import types

bodies, chunks = [], []


class Gemini(BaseHTTPRequestHandler):
    def do_POST(self):
        bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        streams = "stream" in self.path
        told = "".join(f"data: {json.dumps(chunk)}\r\n\r\n" for chunk in chunks)
        answer = (told if streams else json.dumps(chunks[0])).encode()
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if streams else "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Gemini)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
client = genai.Client(api_key="k", http_options=types.HttpOptions(base_url=base))

WORDS = {"content": {"role": "model", "parts": [{"text": "Hello Ada"}]}}
WHOLE = {"candidates": [WORDS | {"finishReason": "STOP"}]}
COUNTS = {"usageMetadata": {"promptTokenCount": 4, "totalTokenCount": 7}}
REASON = {"candidates": [{"content": {"role": "model"}, "finishReason": "STOP"}], **COUNTS}


def sent_next(streams, *answer):
    """What the second request says of the first turn."""
    chunks[:] = answer
    chat = client.chats.create(model="gemini-3-flash")
    if streams:
        heard = "".join(chunk.text or "" for chunk in chat.send_message_stream("I am Ada"))
    else:
        heard = chat.send_message("I am Ada").text
    assert heard == "Hello Ada" and len(chat.get_history()) >= 2
    chunks[:] = [WHOLE]
    chat.send_message("Who am I?")
    return [part["text"] for content in bodies[-1]["contents"] for part in content["parts"]]


print("google-genai", version("google-genai"))
seen = {
    "not streamed": sent_next(False, WHOLE),
    "words and reason in one chunk": sent_next(True, WHOLE),
    "the reason in a chunk of its own": sent_next(True, {"candidates": [WORDS]}, REASON),
    "the usage in a chunk of its own": sent_next(True, WHOLE, COUNTS),
}
for name, sent in seen.items():
    print(f"{name}: the next request says {sent}")
kept, lost = ["I am Ada", "Hello Ada", "Who am I?"], ["Who am I?"]
if list(seen.values()) != [kept, kept, lost, lost]:
    raise SystemExit("changed: a streamed turn is remembered otherwise")
PYTHON
