"""Every way in which an images wire answers: pictures, drafts, links, and polite nothing."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from chat.core.events import Finished, ImageBytes, ProviderEvent
from chat.core.messages import Message, Usage
from chat.core.models import ModelCard
from chat.providers.openai_images.adapter import OpenAIImages
from tests.loopback import Gate, Loopback, Reply, Request, json_reply
from tests.patience import PATIENCE_S
from tests.wire.drawing import USAGE, answer, drawn, encoded, item
from tests.wire.talk import KEY, assistant, card, endpoint, events_of, finished, request, user
from tests.wire_shapes import data_url, tiny_png

RED, BLUE, GREEN = tiny_png(200), tiny_png(0, 0, 200), tiny_png(0, 200)
PLAIN = card("openai_images", stream=False)
DRAFTS = card("openai_images", images_parameters=("partial_images",))


async def said(reply: Reply, *messages: Message, model: ModelCard = PLAIN) -> list[ProviderEvent]:
    with Loopback([reply]) as server:
        door = OpenAIImages(endpoint("openai_images", server.url))
        return await events_of(door, request(model, *messages))


def told(events: list[ProviderEvent]) -> str:
    """The remark beside the pictures: never words of the reply, which models would read."""
    assert all(isinstance(event, ImageBytes | Finished) for event in events)
    end = finished(events).finish
    return end.message if end.kind == "stop" else ""


async def test_pictures_come_in_order_with_the_rewritten_prompt_as_their_description() -> None:
    events = await said(answer(item(RED, revised_prompt="A red\nfox"), BLUE, usage=USAGE))
    assert events[:2] == [ImageBytes(RED, alt="A red fox"), ImageBytes(BLUE)]
    last = finished(events)
    assert last.finish.kind == "stop"
    assert last.usage == Usage(10, 258, 9, 1290)
    assert len(events) == 3


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (None, None),
        ({}, None),
        ({"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}, None),
        ({"input_tokens": 10, "output_tokens": 1056}, Usage(10, None, None, 1056)),
        ({"input_tokens": True, "output_tokens": -1}, None),
        ("free", None),
    ],
)
async def test_unknown_tokens_stay_unknown(usage: Any, expected: Usage | None) -> None:
    """A proxy that knows no figures writes zeros; that is not a price of nothing."""
    events = await said(answer(RED, usage=usage))
    assert finished(events).usage == expected


async def test_drafts_are_drafts_and_the_last_stage_is_the_picture() -> None:
    events = await said(drawn(RED, BLUE, GREEN), model=DRAFTS)
    assert events[:-1] == [
        ImageBytes(RED, draft=True),
        ImageBytes(BLUE, draft=True),
        ImageBytes(GREEN),
    ]
    assert finished(events).usage == Usage(10, 258, 9, 1290)


@pytest.mark.parametrize("reply", [answer(RED), drawn(RED, verb="image_edit")])
async def test_a_server_that_streams_otherwise_is_understood(reply: Reply) -> None:
    assert (await said(reply, model=DRAFTS))[0] == ImageBytes(RED)


async def test_a_draft_is_shown_as_soon_as_it_comes() -> None:
    gate = Gate()
    with Loopback([drawn(RED, gate, BLUE)]) as server:
        door = OpenAIImages(endpoint("openai_images", server.url))
        async with aclosing(door.stream(request(DRAFTS))) as events:
            assert await anext(events) == ImageBytes(RED, draft=True)
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
        await door.aclose()


@pytest.mark.parametrize(
    "sent",
    [{"b64_json": encoded(RED)}, {"b64_json": data_url(RED)}, {"url": data_url(RED)}],
    ids=["digits", "data URL", "data URL as address"],
)
async def test_a_picture_inside_the_answer_is_read_wherever_it_stands(sent: dict[str, str]) -> None:
    assert (await said(answer(sent)))[0] == ImageBytes(RED)


@pytest.mark.parametrize(
    ("data", "kind", "native"),
    [
        ([{"b64_json": None, "url": None}], "blocked", "null_image"),
        ([{"b64_json": ""}], "blocked", "null_image"),
        ([None], "blocked", "null_image"),
        ([], "no_image", "empty_data"),
        ([{"b64_json": "!"}], "error", "unreadable"),
        ([{"b64_json": "data:image/png,x"}], "error", "unreadable"),
    ],
)
async def test_an_answer_without_a_picture_says_why(data: Any, kind: str, native: str) -> None:
    (last,) = await said(json_reply({"created": 1, "data": data}), user("A"), user("B"))
    assert isinstance(last, Finished)
    assert (last.finish.kind, last.finish.native) == (kind, native)
    assert last.finish.message.endswith(".")


async def test_one_picture_of_several_that_was_withheld_is_remarked() -> None:
    events = await said(answer(RED, {"b64_json": None}))
    assert events[0] == ImageBytes(RED)
    assert "withheld" in told(events)
    assert finished(events).finish.kind == "stop"


async def test_what_was_left_out_is_said_behind_the_picture_and_only_then() -> None:
    history = (user("A fox"), assistant("Here.", by="x"), user("A dog"))
    events = await said(answer(RED), *history)
    note = "Made from your last message alone; this model sees no history."
    assert told(events) == note
    assert told(await said(answer(RED), user("A dog"))) == ""
    assert told(await said(answer(), *history)) == ""


def linking(place: str) -> Any:
    """A server that draws into a file of its own, or of another server."""

    def reply(asked: Request) -> Reply:
        if asked.method == "POST":
            host = f"http://{asked.headers['host']}"
            return answer({"url": place.format(host=host), "revised_prompt": "A fox"})
        return Reply((RED,), promised_bytes=len(RED))

    return reply


async def test_a_picture_behind_a_link_of_the_endpoint_is_fetched_without_the_key() -> None:
    with Loopback(linking("{host}/files/a.png")) as server:
        door = OpenAIImages(endpoint("openai_images", f"{server.url}/v1"))
        events = await events_of(door, request(PLAIN))
    assert events[0] == ImageBytes(RED, alt="A fox")
    assert finished(events).finish.kind == "stop"
    asked, fetched = server.requests
    assert (fetched.method, fetched.path) == ("GET", "/files/a.png")
    assert KEY in str(asked.headers)
    assert KEY not in str(fetched.headers)


@pytest.mark.parametrize("trusted", [False, True])
async def test_a_link_to_another_server_is_opened_only_where_the_row_names_it(
    trusted: bool,
) -> None:
    with Loopback(linking("")) as other, Loopback(linking(f"{other.url}/a.png")) as server:
        sites = [other.url] if trusted else []
        door = OpenAIImages(endpoint("openai_images", server.url, picture_sites=sites))
        events = await events_of(door, request(PLAIN))
        assert len(other.requests) == trusted
    if trusted:
        assert events[0] == ImageBytes(RED, alt="A fox")
        assert KEY not in str(other.requests[0].headers)
    else:
        (last,) = events
        assert isinstance(last, Finished)
        assert last.finish.kind == "error"
        assert "not https" in last.finish.message


async def test_a_refused_link_beside_a_picture_is_remarked_and_never_shown() -> None:
    link = "http://10.0.0.1/secret.png"
    events = await said(answer(RED, {"url": link}))
    assert events[0] == ImageBytes(RED)
    assert "not https" in told(events)
    assert link not in str(events)
