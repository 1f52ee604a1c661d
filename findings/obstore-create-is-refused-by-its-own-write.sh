#!/bin/sh
# obstore 0.12.1, put(..., mode="create") to an S3 whose answer to the first request gets lost.
#
# One would guess that AlreadyExistsError says that somebody else was there first, and so that whoever
# gets it has written nothing; a lock or a claim in a bucket is made of just that.
# Seen: the request is sent again by default, finds what it wrote itself a moment ago, and is told
# as AlreadyExistsError. The bytes are there and are its own, and neither writer believes to be the
# first. A dropped connection does it as well as a 500. With max_retries 0 the fault itself is
# raised; else the bytes have to be read to tell whose they are.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check obstore==0.12.1
"$place/venv/bin/python" - <<'PYTHON'
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version

import obstore
from obstore.store import S3Store

objects, requests, fault = {}, [], []


class S3(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        requests.append(self.headers["if-none-match"])
        if self.path in objects:
            self.answer(412)
            return
        objects[self.path] = body
        if fault == ["a lost answer"]:
            self.close_connection = True
        else:
            self.answer(500)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), S3)
threading.Thread(target=server.serve_forever, daemon=True).start()


def claimed(what, **more):
    fault[:] = [what]
    objects.clear()
    requests.clear()
    store = S3Store(
        "bucket",
        endpoint=f"http://127.0.0.1:{server.server_port}",
        region="us-east-1",
        access_key_id="a",
        secret_access_key="b",
        client_options={"allow_http": True},
        **more,
    )
    try:
        obstore.put(store, "claim", b"mine", mode="create")
    except Exception as error:
        told = type(error).__name__
    else:
        told = "created"
    print(f"{what} {more or ''}: {told}, {len(requests)} requests, there is {objects}")
    return told, len(requests), objects["/bucket/claim"]


print("obstore", version("obstore"))
seen = [claimed("a lost answer"), claimed("a 500")]
once = claimed("a 500", retry_config={"max_retries": 0})
if seen != [("AlreadyExistsError", 2, b"mine")] * 2 or once[0] == "AlreadyExistsError":
    raise SystemExit("changed: a repeated create is told otherwise")
PYTHON
