"""What a page may send to the handlers of its settings: any JSON, whatever the menus offer."""

import json
import re
from typing import Any

import pytest

from tests.process.disk import Disk
from tests.process.easel import Easel

pytestmark = pytest.mark.process

MARKER = "secret words"
STRANGE: tuple[Any, ...] = (MARKER * 4_000, {MARKER: 1}, [MARKER], [{MARKER: [MARKER]}], 10**30, -1)


def handlers(easel: Easel) -> dict[str, int]:
    """The number of the handler that keeps each setting, by the element of its component."""
    found = re.search(r"window\.gradio_config = (\{.*?\});</script>", easel.http.get("/").text)
    assert found is not None
    config = json.loads(found[1])
    names = {part["id"]: part["props"].get("elem_id") for part in config["components"]}
    return {
        names[event["inputs"][0]]: event["id"]
        for event in config["dependencies"]
        if len(event["inputs"]) == 2 and not event["outputs"]
    }


def keep(easel: Easel, handler: int, *values: Any) -> int:
    body = {"fn_index": handler, "data": values, "session_hash": "test"}
    return easel.http.post("/gradio_api/run/predict", json=body).status_code


def test_what_no_menu_offers_is_neither_kept_nor_logged(easel: Easel, disk: Disk) -> None:
    conversation = easel.begin()
    before = disk.conversation(conversation)
    found = handlers(easel)
    assert {"tools", "system", "shape", "count", "tool-list"} <= found.keys()
    for element, handler in found.items():
        for value in STRANGE:
            if element == "system" and isinstance(value, str):
                value = 2 * value
            if element == "tool-list" and isinstance(value, list):
                continue  # a list without a known name: no tool is ticked
            assert keep(easel, handler, value, conversation) == 500, element
        assert keep(easel, handler, True, {MARKER: 1}) == 500, element
    assert disk.conversation(conversation) == before
    assert keep(easel, found["tools"], True, conversation) == 200
    assert disk.conversation(conversation).tools_on
    assert "was not kept" in easel.log()
    assert "Traceback" not in easel.log()
    assert MARKER not in easel.log()
