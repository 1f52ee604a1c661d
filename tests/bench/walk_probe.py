"""Runs Easel with every call of its own functions noted, from one message to the end of its reply.

Started by :mod:`tests.bench.release` with the checkout to look at as its folder and on its path.
It needs nothing of that checkout but ``app.main`` and two routes, so an older one can be asked,
too.

A function is what has a name, or is a ``lambda``: comprehensions are not counted, which are no
functions from Python 3.12 on. A crossing is one function that calls one of another file, a passage
one that calls one of another package; each pair counts once, however often it happens.
"""

import importlib
import itertools
import json
import os
import sqlite3
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from types import FrameType
from typing import Any

from websockets.sync.client import ClientConnection, connect

TREE = Path.cwd()
ROOMS = (f"{TREE}/chat/", f"{TREE}/storage/")

noting = False
functions: set[str] = set()
crossings: set[tuple[str, str]] = set()
COMPREHENSIONS = {"<genexpr>", "<listcomp>", "<dictcomp>", "<setcomp>"}


def name_of(frame: FrameType | None) -> str | None:
    """``chat/turns/run.py:run_turn``, or nothing for what is not Easel's."""
    while frame is not None and frame.f_code.co_name in COMPREHENSIONS:
        frame = frame.f_back
    if frame is None or not frame.f_code.co_filename.startswith(ROOMS):
        return None
    code = frame.f_code
    return f"{code.co_filename[len(str(TREE)) + 1 :]}:{code.co_qualname}"


def room_of(name: str) -> str:
    """``chat/turns`` of ``chat/turns/run.py:run_turn``; a file beside the rooms is one itself."""
    return "/".join(file_of(name).split("/")[:2]) if name.startswith("chat") else "storage"


def file_of(name: str) -> str:
    """``chat/turns/run.py`` of ``chat/turns/run.py:run_turn``."""
    return name.partition(":")[0]


def heard(frame: FrameType, event: str, argument: object) -> None:
    """Note a call."""
    del argument
    if not noting or event != "call" or frame.f_code.co_name in COMPREHENSIONS:
        return
    if (name := name_of(frame)) is None:
        return
    functions.add(name)
    caller = name_of(frame.f_back)
    if caller is not None and file_of(caller) != file_of(name):
        crossings.add((caller, name))


def post(url: str, path: str, body: dict[str, Any]) -> Any:
    """A command of the page."""
    request = urllib.request.Request(
        f"{url}{path}",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Origin": url},
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def wait_until_served(url: str) -> None:
    """Look again and again; it may take seconds."""
    for pause_s in itertools.repeat(0.1):
        try:
            urllib.request.urlopen(f"{url}/healthz").close()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(pause_s)
        else:
            return


def wait_for_window(page: ClientConnection) -> None:
    """Read until the page is told its conversation; a page that is told none costs too little.

    Raises: TimeoutError.
    """
    while '"window"' not in str(page.recv(timeout=30)):
        pass


def wait_for_end(reply_id: str) -> None:
    """Read the database until the reply is final."""
    database = sqlite3.connect(f"file:{os.environ['EASEL_DATA']}/easel.db?mode=ro", uri=True)
    while True:
        row = database.execute("SELECT status FROM message WHERE id = ?", (reply_id,)).fetchone()
        if row and row[0] not in {"queued", "streaming"}:
            database.close()
            return
        time.sleep(0.02)


def ask(url: str, conversation: str) -> None:
    """Send a message, and wait for the end of its reply."""
    body = {"text": "Tell me of the sea.", "client_id": uuid.uuid4().hex}
    wait_for_end(post(url, f"/api/conversations/{conversation}/messages", body)["reply"])


def talk(port: int, opening: str, answer: Path) -> None:
    """Once for what happens only once, then with every call noted."""
    global noting
    url = f"http://127.0.0.1:{port}"
    wait_until_served(url)
    conversation = post(url, "/api/conversations", {})["id"]
    with connect(f"ws://127.0.0.1:{port}/live", proxy=None, max_size=None) as page:
        page.send(opening.replace("CONVERSATION", conversation))
        wait_for_window(page)
        threading.Thread(target=lambda: [None for _ in page], daemon=True).start()
        ask(url, conversation)
        noting = True
        ask(url, conversation)
        time.sleep(0.5)  # what follows the end in the page
        noting = False
    walk = {"functions": sorted(functions), "crossings": sorted(map(list, crossings))}
    answer.write_text(json.dumps(walk), encoding="utf-8")
    os._exit(0)


def main() -> None:
    """Easel in this thread, who asks in another."""
    port, opening, answer = int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    threading.setprofile(heard)
    app = importlib.import_module("app")
    threading.Thread(target=talk, args=(port, opening, answer), daemon=True).start()
    sys.argv = ["app.py", "--port", str(port)]
    sys.setprofile(heard)
    app.main()


if __name__ == "__main__":
    main()
