"""What is sent as a setting is any JSON: what no menu offers is neither kept nor logged."""

from typing import Any

import pytest

from chat.core.conversation_settings import SETTINGS
from tests.process.disk import Disk
from tests.process.easel import Easel

pytestmark = pytest.mark.process

MARKER = "secret words"
STRANGE: tuple[Any, ...] = (MARKER * 4_000, {MARKER: 1}, [MARKER], [{MARKER: [MARKER]}], 10**30, -1)


def test_what_no_menu_offers_is_neither_kept_nor_logged(easel: Easel, disk: Disk) -> None:
    conversation = easel.begin()
    before = disk.conversation(conversation)
    path = f"/api/conversations/{conversation}/settings"
    for name in (*(setting.name for setting in SETTINGS), MARKER):
        for value in STRANGE:
            answer = easel.http.patch(path, json={name: value})
            assert answer.status_code == 422, name
            assert MARKER not in answer.text
    for body in (MARKER, [MARKER], 7, None):
        assert easel.http.patch(path, json=body).status_code == 400
    assert easel.http.patch(path, content=f'{{"{MARKER}').status_code == 400
    assert disk.conversation(conversation) == before
    assert easel.http.patch(path, json={"tools_on": True}).status_code == 200
    assert disk.conversation(conversation).tools_on
    assert "Traceback" not in easel.log()
    assert MARKER not in easel.log()
