#!/bin/sh
# LiteLLM 1.110.2, image_generation with OpenAI's dall-e-3 and dall-e-2 (the proxy's images route,
# too).
#
# One would guess that what OpenAI documents for these models alone, response_format and dall-e-3's
# style, is passed on, as LiteLLM 1.106.2 did, and that a model's name decides what it takes.
# Seen: every image model of the provider openai is read by the rules of gpt-image: style and
# response_format are refused before any request is made, while background, which no dall-e has, is
# sent. drop_params=True drops the two, so links may come where base64 was asked for.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check litellm==1.110.2
LITELLM_LOCAL_MODEL_COST_MAP=True "$place/venv/bin/python" - <<'PYTHON'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version

import litellm

bodies = []


class OpenAI(BaseHTTPRequestHandler):
    def do_POST(self):
        bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        answer = json.dumps({"created": 1, "data": [{"b64_json": "AAAA"}]}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), OpenAI)
threading.Thread(target=server.serve_forever, daemon=True).start()
litellm.suppress_debug_info = True


def asked(model, **more):
    bodies.clear()
    base = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        litellm.image_generation(
            prompt="A fox", model=f"openai/{model}", api_base=base, api_key="k", **more
        )
    except Exception as error:
        return f"{type(error).__name__}, {len(bodies)} requests"
    return sorted(set(bodies[0]) - {"model", "prompt"})


seen = {
    "style": asked("dall-e-3", style="natural"),
    "response_format": asked("dall-e-3", response_format="b64_json"),
    "background": asked("dall-e-3", background="transparent"),
    "dropped": asked("dall-e-3", style="natural", response_format="b64_json", drop_params=True),
    "dall-e-2": asked("dall-e-2", response_format="b64_json"),
}
print("litellm", version("litellm"))
for name, what in seen.items():
    print(f"{name}: {what}")
refused = all("0 requests" in seen[name] for name in ("style", "response_format", "dall-e-2"))
if not refused or seen["background"] != ["background"] or seen["dropped"] != []:
    raise SystemExit("changed: dall-e-3 is read by other rules now")
PYTHON
