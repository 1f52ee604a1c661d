"""What goes wrong is logged without what people wrote."""

import logging
from typing import Any

import pytest

from tests.unit.web.studio import studio

MARKER = "the surprise party is on Friday"


@pytest.mark.parametrize(
    "body",
    [
        {"text": MARKER},
        {"text": [MARKER], "client_id": "client-1"},
        {"text": MARKER, "client_id": MARKER},
        {"text": "x", "client_id": "client-1", "pictures": [MARKER]},
        {"text": "x", "client_id": "client-1", MARKER: "x"},
    ],
)
async def test_a_refused_body_is_not_in_the_log(
    body: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "chat")
    async with studio() as made:
        conversation = await made.begin()
        await made.post(f"/api/conversations/{conversation}/messages", body, 400)
    assert f"{conversation}/messages: invalid request: [(" in caplog.text
    assert MARKER not in caplog.text
