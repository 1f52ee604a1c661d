"""Asks the system's keyring one thing, in a process of its own that may be ended if it hangs.

``python -m storage.keys.keyring_task`` reads one line of JSON and writes one. No key is ever an
argument, which others could see.
"""

import json
import sys
from typing import Any

LEAST_PRIORITY = 1
"""What the library gives a keyring that is recommended; below are files of its own and none."""


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What the keyring says.

    ``do`` is ``get``, ``set`` or ``delete``; ``service``, ``names`` and ``key`` as needed.
    """
    import keyring
    from keyring.errors import KeyringError, PasswordDeleteError

    try:
        place = keyring.get_keyring()
        if float(place.priority) < LEAST_PRIORITY:
            return {"usable": False}
        if asked["do"] == "get":
            found = {name: place.get_password(asked["service"], name) for name in asked["names"]}
            return {"usable": True, "keys": {n: key for n, key in found.items() if key}}
        for name in asked.get("names", ()):
            if asked["do"] == "set":
                place.set_password(asked["service"], name, asked["key"])
            elif asked["do"] == "delete":
                try:
                    place.delete_password(asked["service"], name)
                except PasswordDeleteError:
                    continue
    except (KeyringError, RuntimeError, OSError) as error:
        return {"usable": False, "why": type(error).__name__}
    return {"usable": True, "title": getattr(place, "name", "")}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(answer(json.loads(sys.stdin.read()))))
