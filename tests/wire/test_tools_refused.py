"""A server that takes no tools is known by what it says, on every wire; no other refusal is."""

import pytest

from chat.core.errors import ChatError, ToolsRefused
from chat.providers.shared.replies.tools_refused import refuses_tools
from tests.loopback import Loopback, json_reply
from tests.wire.doors import DOORS
from tests.wire.talk import WEATHER, events_of, request, user

SAID = [
    (400, "Function calling is not enabled for models/gemini-3.1-flash-image"),
    (400, "Tool use with function calling is unsupported by the model."),
    (400, "Function calling is not enabled for this model"),
    (400, "registry.ollama.ai/library/gemma3:4b does not support tools"),
    (400, "deepseek-reasoner does not support Function Calling"),
    (400, "This model doesn't support tool use."),
    (400, "`tool calling` is not supported with this model"),
    (400, "Unsupported parameter: 'tools' is not supported with this model."),
    (404, "No endpoints found that support tool use. Try disabling \"calculator\"."),
    (400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'),
    (500, "tools param requires --jinja flag"),
    (400, "litellm.UnsupportedParamsError: openai does not support parameters: ['tools'], for x"),
]  # fmt: skip
OTHERS = [
    (400, "Invalid schema for function 'calculator': 'tools[0].function.parameters' is wrong."),
    (400, "An assistant message with 'tool_calls' must be followed by tool messages."),
    (400, "Image generation is not enabled for this model."),
    (429, "Function calling is not enabled for models/x"),
    (400, "Too many tools: at most 128 functions are supported."),
    (400, "Please use our tools responsibly; this content is not supported."),
]


@pytest.mark.parametrize(("status", "said"), SAID)
def test_a_refusal_of_tools_is_known_by_its_form(status: int, said: str) -> None:
    assert refuses_tools(status, said)


@pytest.mark.parametrize(("status", "said"), OTHERS)
def test_other_refusals_are_not_taken_for_one(status: int, said: str) -> None:
    assert not refuses_tools(status, said)


@pytest.mark.parametrize("kind", ["gemini", "gemini_interactions", "openai_chat",
                                  "openai_responses"])  # fmt: skip
async def test_every_door_tells_that_tools_were_refused(kind: str) -> None:
    said = {"code": 400, "message": SAID[0][1], "status": "INVALID_ARGUMENT"}
    door = DOORS[kind]
    with Loopback([json_reply({"error": said}, 400)] * 3) as server:
        asked = request(door.card(tools=True), user("?"), tools=(WEATHER,))
        with pytest.raises(ChatError) as caught:
            await events_of(door.opened(server.url), asked)
    assert isinstance(caught.value, ToolsRefused)


async def test_a_proxy_s_words_around_the_refusal_do_not_hide_it() -> None:
    inner = f'{{"error": {{"code": 400, "message": "{SAID[0][1]}", "status": "INVALID_ARGUMENT"}}}}'
    said = f"litellm.BadRequestError: GeminiException BadRequestError - {inner}"
    door = DOORS["openai_chat"]
    error = {"message": said, "type": None, "code": "400"}
    with Loopback([json_reply({"error": error}, 400)] * 3) as server:
        asked = request(door.card(tools=True), user("?"), tools=(WEATHER,))
        with pytest.raises(ToolsRefused):
            await events_of(door.opened(server.url), asked)
