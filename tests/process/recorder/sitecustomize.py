"""Loaded by Python itself at the start: writes down whom a process calls or looks up.

An audit hook hears of every socket of the interpreter, whichever library opens it.
"""

import json
import os
import sys

ASKED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto")


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if event in ASKED:
        what = arguments[1] if event in ("socket.connect", "socket.sendto") else arguments[0]
        line = json.dumps([event, what if isinstance(what, str) else repr(what)]) + "\n"
        with open(os.environ["EASEL_CALLS"], "a", encoding="utf-8") as calls:  # noqa: PTH123 - a hook imports little
            calls.write(line)


if "EASEL_CALLS" in os.environ:
    sys.addaudithook(_note)
