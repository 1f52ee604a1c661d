#!/bin/sh
# openai 3.57.0, chat.completions.stream, with a stream of LiteLLM 1.110.2 from a Gemini model that
# draws two pictures.
#
# One would guess that the final message holds two pictures: each came whole, in a chunk of its own.
# Seen: it holds one, whose address is both data URLs one behind the other and whose detail is
# "autoauto"; nothing is raised. LiteLLM says index 0 of every picture, and the helper joins the texts
# of entries with one index, as it must for pieces of a tool call. create(stream=True) gives both.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check litellm==1.110.2 openai==3.57.0
LITELLM_LOCAL_MODEL_COST_MAP=True "$place/venv/bin/python" - <<'PYTHON'
import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import litellm
from openai import OpenAI

PICTURES = [base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes([n])).decode() for n in (1, 2)]


class Server(BaseHTTPRequestHandler):
    """Gemini's own API, and in front of it LiteLLM's answer as it stands."""

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for event in self.gemini() if "Generate" in self.path else self.litellm():
            self.wfile.write(f"data: {event}\n\n".encode())

    def gemini(self):
        for at, picture in enumerate(PICTURES):
            parts = [{"inlineData": {"mimeType": "image/png", "data": picture}}]
            told = {"content": {"role": "model", "parts": parts}, "index": 0}
            yield json.dumps({"candidates": [told | ({"finishReason": "STOP"} if at else {})]})

    def litellm(self):
        model, ask = "gemini/gemini-2.5-flash-image", [{"role": "user", "content": "Two foxes"}]
        more = {"stream": True, "api_base": base, "api_key": "k"}
        for chunk in litellm.completion(model=model, messages=ask, **more):
            yield chunk.model_dump_json(exclude_none=True)
        yield "[DONE]"

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
chat = OpenAI(base_url=f"{base}/v1", api_key="k", max_retries=0).chat.completions
asked = {"model": "painter", "messages": [{"role": "user", "content": "Two foxes"}]}

print("openai", version("openai"), "litellm", version("litellm"))
came = []
for chunk in chat.create(stream=True, **asked):
    came += getattr(chunk.choices[0].delta, "images", None) or []
print("create(stream=True):", came)
with chat.stream(**asked) as stream:
    kept = stream.get_final_completion().choices[0].message.images
print("stream():", kept)
urls = [f"data:image/png;base64,{picture}" for picture in PICTURES]
if [image["image_url"]["url"] for image in came] != urls or {i["index"] for i in came} != {0}:
    raise SystemExit("changed: LiteLLM tells its pictures otherwise")
if [image["image_url"]["url"] for image in kept] != ["".join(urls)]:
    raise SystemExit("changed: the pictures are kept apart")
PYTHON
