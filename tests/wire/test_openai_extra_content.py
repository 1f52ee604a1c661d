"""Google's own chat completions sign calls in ``extra_content`` and get them back there."""

from typing import Any

import pytest

from chat.core.events import ProviderEvent, TextDelta
from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.parts import Echo, Part, Text, ToolCall, ToolResult
from chat.providers.openai_chat.adapter import OpenAIChat
from chat.providers.openai_chat.echoes import is_googles
from chat.providers.openai_chat.history import messages
from chat.providers.shared.requests.carried import Carrier
from tests.loopback import Loopback, Reply, json_reply
from tests.wire.talk import WEATHER, assistant, card, endpoint, events_of, request, user
from tests.wire_shapes import openai_message, openai_stream

KIND = "openai_chat"
EXCUSE = {"google": {"thought_signature": "skip_thought_signature_validator"}}
PLAIN, SIGNING = card(KIND), card(KIND, signatures=True)


def extra(signature: str = "c2lnbmVk", name: str = "google") -> dict[str, Any]:
    return {name: {"thought_signature": signature}}


def called(call_id: str, **more: Any) -> dict[str, Any]:
    function = {"name": "get_weather", "arguments": "{}"}
    return {"id": call_id, "type": "function", "function": function, **more}


async def read(reply: Reply, *, stream: bool) -> list[ProviderEvent]:
    with Loopback([reply]) as server:
        provider = OpenAIChat(endpoint(KIND, f"{server.url}/v1"))
        return await events_of(provider, request(card(KIND, stream=stream, tools=True)))


@pytest.mark.parametrize("name", ["google", "vertex"])
@pytest.mark.parametrize("stream", [True, False])
async def test_a_signed_call_keeps_its_signature_and_another_has_none(
    name: str, stream: bool
) -> None:
    """Google gives its calls no index, and says each in one piece."""
    calls = [called("a", extra_content=extra(name=name)), called("b")]
    reply = openai_stream([{"tool_calls": [call]} for call in calls], "tool_calls")
    if not stream:
        reply = json_reply(openai_message({"content": None, "tool_calls": calls}, "tool_calls"))
    first, second, _ = await read(reply, stream=stream)
    assert first == ToolCall(
        "a", "get_weather", {}, Echo(KIND, {"extra_content": extra(name=name)})
    )
    assert second == ToolCall("b", "get_weather", {})


async def test_signed_words_keep_their_signature() -> None:
    reply = openai_stream(["Hello, ", {"content": "you.", "extra_content": extra()}])
    events = await read(reply, stream=True)
    assert events[:-1] == [
        TextDelta("Hello, "),
        TextDelta("you.", Echo(KIND, {"extra_content": extra()})),
    ]


@pytest.mark.parametrize(
    "nonsense", [None, "google", {"google": "x"}, {"google": {"thought_signature": 1}}, {"x": {}}]
)
async def test_what_signs_nothing_is_not_kept(nonsense: Any) -> None:
    call = called("a", extra_content=nonsense)
    first, _ = await read(openai_stream([{"tool_calls": [call]}], "tool_calls"), stream=True)
    assert first == ToolCall("a", "get_weather", {})


async def sent(model: ModelCard, *said: Message) -> list[dict[str, Any]]:
    """The messages of the model that a server received."""
    with Loopback([openai_stream(["ok"])]) as server:
        provider = OpenAIChat(endpoint(KIND, f"{server.url}/v1"))
        await events_of(provider, request(model, *said, tools=(WEATHER,)))
    (only,) = server.requests
    return [told for told in only.json["messages"] if told["role"] == "assistant"]


def reply(*echoes: Echo | None, by: str = KIND) -> Message:
    """A reply that calls, as often as there are echoes, and is answered."""
    calls: list[Part] = [
        ToolCall(f"c{number}", "get_weather", {}, echo) for number, echo in enumerate(echoes)
    ]
    results: list[Part] = [
        ToolResult(f"c{number}", "get_weather", (Text("Sunny"),)) for number in range(len(echoes))
    ]
    return assistant(*calls, *results, by=by)


def extras(told: list[dict[str, Any]]) -> list[Any]:
    return [call.get("extra_content") for one in told for call in one.get("tool_calls", ())]


@pytest.mark.parametrize("model", [PLAIN, SIGNING], ids=["silent card", "signing card"])
async def test_a_call_goes_back_with_what_signed_it(model: ModelCard) -> None:
    signed = Echo(KIND, {"extra_content": extra()})
    told = await sent(model, user("Warm?"), reply(signed, None))
    assert extras(told) == [extra(), None]
    assert "provider_specific_fields" not in str(told)


async def test_the_first_call_of_another_model_is_excused_where_signatures_come_so() -> None:
    signed = Echo(KIND, {"extra_content": extra(name="vertex")})
    excused = {"vertex": EXCUSE["google"]}
    told = await sent(
        PLAIN, user("Warm?"), reply(None, None, by="gemini"), user("A"), reply(signed)
    )
    assert extras(told) == [excused, None, extra(name="vertex")]


async def test_signed_words_go_back_with_what_signed_them() -> None:
    said = assistant("Hello, ", Text("you.", Echo(KIND, {"extra_content": extra()})), by=KIND)
    (told,) = await sent(PLAIN, user("Hi"), said, user("Bye"))
    assert told == {"role": "assistant", "content": "Hello, you.", "extra_content": extra()}


async def test_nobody_else_sees_them() -> None:
    signed = Echo(KIND, {"extra_content": extra()})
    foreign = reply(signed, by="elsewhere")
    assert extras(await sent(PLAIN, user("Warm?"), foreign)) == [None]


def test_googles_own_address_is_told_of_a_model_that_wants_signatures_in_its_own_form() -> None:
    asked = request(SIGNING, user("Warm?"), assistant("Hm.", by="sketch"), user("A"), reply(None))
    told = messages(asked, Carrier().load(), googles=True)
    assert extras(told) == [EXCUSE]
    assert "provider_specific_fields" not in str(told)
    assert extras(messages(asked, Carrier().load())) == [None]


@pytest.mark.parametrize(
    ("host", "googles"),
    [
        ("generativelanguage.googleapis.com", True),
        ("europe-west4-aiplatform.googleapis.com", True),
        ("googleapis.com.example.org", False),
        ("notgoogleapis.com", False),
        ("127.0.0.1", False),
        ("", False),
    ],
)
def test_googles_own_address_is_known_by_its_host(host: str, googles: bool) -> None:
    assert is_googles(host) is googles
