"""A tool that has to be called is asked for in the words of every wire that has tools."""

from typing import Any

import pytest

from chat.core.calling import ANY_TOOL
from tests.loopback import Loopback
from tests.wire.doors import DOORS
from tests.wire.talk import WEATHER, events_of, request, user

NAME = WEATHER.name
ASKED: list[tuple[str, str, tuple[str, ...], Any]] = [
    ("openai_chat", ANY_TOOL, ("tool_choice",), "required"),
    ("openai_chat", NAME, ("tool_choice",), {"type": "function", "function": {"name": NAME}}),
    ("openai_responses", ANY_TOOL, ("tool_choice",), "required"),
    ("openai_responses", NAME, ("tool_choice",), {"type": "function", "name": NAME}),
    ("gemini", ANY_TOOL, ("toolConfig", "functionCallingConfig"), {"mode": "ANY"}),
    ("gemini", NAME, ("toolConfig", "functionCallingConfig"),
     {"mode": "ANY", "allowedFunctionNames": [NAME]}),
    ("gemini_interactions", ANY_TOOL, ("generation_config", "tool_choice"), "any"),
    ("gemini_interactions", NAME, ("generation_config", "tool_choice"),
     {"allowed_tools": {"mode": "any", "tools": [NAME]}}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "must_call", "path", "told"), ASKED)
async def test_the_model_is_told_which_tool_it_has_to_call(
    kind: str, must_call: str, path: tuple[str, ...], told: object
) -> None:
    door = DOORS[kind]
    with Loopback([door.good()]) as server:
        asked = request(door.card(tools=True), user("?"), tools=(WEATHER,), must_call=must_call)
        await events_of(door.opened(server.url), asked)
    value = server.requests[0].json
    for step in path:
        value = value[step]
    assert value == told


@pytest.mark.parametrize("kind", sorted({kind for kind, *_ in ASKED}))
async def test_otherwise_the_choice_is_the_model_s(kind: str) -> None:
    door = DOORS[kind]
    with Loopback([door.good()]) as server:
        asked = request(door.card(tools=True), user("?"), tools=(WEATHER,))
        await events_of(door.opened(server.url), asked)
    sent = server.requests[0].body.decode()
    assert "tool_choice" not in sent
    assert "toolConfig" not in sent
