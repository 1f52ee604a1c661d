"""However a server sends pictures, calls and ends, at every door that talks: nothing is lost."""

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from chat.core.events import Finished, ImageBytes, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.messages import new_id
from chat.core.parts import Text, ToolCall
from tests.loopback import Loopback, Reply, Request, json_reply, sse
from tests.unit.images.pictures import encoded, quarters
from tests.wire.doors import DOORS
from tests.wire.interactions_shapes import interaction, interactions_stream, output, text
from tests.wire.responses_shapes import called, drawn, event, response, responses_stream, said
from tests.wire.talk import events_of, finished, heard, request
from tests.wire.turn import WholeTurn
from tests.wire_shapes import (
    OPENAI_USAGE,
    data_url,
    gemini_chunk,
    gemini_stream,
    openai_chunk,
    openai_message,
    openai_stream,
    tiny_png,
)

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
URL, B64 = data_url(RED), base64.b64encode(RED).decode()
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'><rect width='9'/></svg>"
BITMAP = encoded(quarters(), "BMP")


def deltas(*pieces: str) -> Reply:
    """A streamed response whose words come in just these pieces."""
    words = "".join(pieces)
    parts = [event("response.output_text.delta", item_id="m", delta=piece) for piece in pieces]
    return responses_stream([*parts, said(words)])


def spoken(*pieces: str) -> dict[str, Any]:
    """A step whose words come in just these pieces."""
    return output(*map(text, pieces))


TALKS: dict[str, Callable[..., Reply]] = {
    "openai_chat": lambda *pieces: openai_stream(pieces),
    "openai_chat, whole": lambda *pieces: json_reply(openai_message({"content": "".join(pieces)})),
    "gemini": lambda *pieces: gemini_stream(pieces),
    "gemini_interactions": lambda *pieces: interactions_stream([spoken(*pieces)]),
    "gemini_interactions, whole": lambda *pieces: json_reply(interaction([spoken(*pieces)])),
    "openai_responses": deltas,
    "openai_responses, whole": lambda *pieces: json_reply(response([said("".join(pieces))])),
}
"""Every way in which words come, by the door; ``whole`` is one that does not stream."""


def said_parts(*parts: dict[str, Any]) -> dict[str, Any]:
    """A message of a response with these parts."""
    return {**said(""), "content": list(parts)}


async def asked(where: str, reply: Reply, **options: Any) -> list[ProviderEvent]:
    kind, _, whole = where.partition(", ")
    with Loopback([reply]) as server:
        door = DOORS[kind]
        provider = door.opened(server.url, **options)
        return await events_of(provider, request(door.card(stream=not whole, tools=True)))


def words_of(events: Iterable[ProviderEvent]) -> str:
    return "".join(found.text for found in events if isinstance(found, TextDelta))


def pictures_of(events: Iterable[ProviderEvent]) -> list[bytes]:
    return [found.data for found in events if isinstance(found, ImageBytes)]


def cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [5, 100_000])
@pytest.mark.parametrize(
    "spelling",
    [
        f"![a [big]\nfox]({URL})",
        f"![a](<{URL}>)",
        f'<img src="{URL}" alt="a">',
        URL,
        f"```\n{URL}\n```",
        f"![a](DATA:IMAGE/PNG;BASE64,{B64})",
        f"![a](data:image/png;base64,{B64[:40]}\n{B64[40:]})",
        f"[Get]({URL})",
    ],
    ids=["Markdown", "angle", "HTML", "bare", "code", "upper", "wrapped", "link"],
)
@pytest.mark.parametrize("where", TALKS)
async def test_a_picture_in_words_is_seen_in_its_place(
    where: str, spelling: str, size: int
) -> None:
    events = await asked(where, TALKS[where](*cut(f"Here: {spelling} ok.", size)))
    at = next(at for at, found in enumerate(events) if isinstance(found, ImageBytes))
    assert pictures_of(events) == [RED]
    assert words_of(events[:at]) == "Here: "
    assert words_of(events[at:]) == " ok."
    assert finished(events).finish.kind == "stop"


@pytest.mark.parametrize("where", TALKS)
async def test_a_drawing_in_words_is_seen(where: str) -> None:
    picture = f"data:image/svg+xml;utf8,{SVG.decode()}"
    assert pictures_of(await asked(where, TALKS[where](f"![]({picture})"))) == [SVG]


@pytest.mark.parametrize("form", ["BMP", "TIFF", "JPEG2000", "ICO", "QOI"])
@pytest.mark.parametrize("where", TALKS)
async def test_a_picture_that_no_browser_shows_is_seen_in_words(where: str, form: str) -> None:
    made = encoded(quarters(), form)
    picture = f"data:image/{form.lower()};base64,{base64.b64encode(made).decode()}"
    assert pictures_of(await asked(where, TALKS[where](f"![]({picture})"))) == [made]


@pytest.mark.parametrize("where", TALKS)
async def test_a_character_cut_in_two_is_whole(where: str) -> None:
    events = await asked(where, TALKS[where]("half \ud83c", "\udfa8 whole"))
    assert ascii(words_of(events)) == ascii("half 🎨 whole")


async def test_a_thought_and_an_argument_cut_in_two_are_whole() -> None:
    call = {"index": 0, "id": "a", "function": {"name": "w", "arguments": '{"p": "\ud83c'}}
    rest = {"index": 0, "function": {"arguments": '\udfa8"}'}}
    parts: list[Any] = [{"reasoning": "x \ud83c"}, {"reasoning": "\udfa8"}]
    parts += [{"tool_calls": [call]}, {"tool_calls": [rest]}]
    events = await asked("openai_chat", openai_stream(parts, "tool_calls"))
    thoughts = [found.text for found in events if isinstance(found, ReasoningDelta)]
    assert "".join(thoughts) == "x 🎨"
    assert events[-2] == ToolCall("a", "w", {"p": "🎨"})


CONTENT: dict[str, Any] = {
    "image_url": {"type": "image_url", "image_url": {"url": URL}},
    "image, data": {"type": "image", "data": B64, "mimeType": "image/png"},
    "image, source": {"type": "image", "source": {"type": "base64", "data": B64}},
    "image, source url": {"type": "image", "source": {"type": "url", "url": URL}},
    "image, image": {"type": "image", "image": URL},
    "input_image": {"type": "input_image", "image_url": URL},
    "output_image": {"type": "output_image", "image_url": {"url": URL}},
    "inline_data": {"inline_data": {"mime_type": "IMAGE/PNG", "data": B64}},
    "inlineData": {"inlineData": {"mimeType": "", "data": B64}},
    "imageUrl": {"type": "imageUrl", "imageUrl": {"url": URL}},
    "file_data": {"type": "file", "file": {"filename": "a.png", "file_data": URL}},
    "bytes": {"image": {"format": "png", "source": {"bytes": B64}}},
    "blob": {"type": "resource", "resource": {"uri": "x://a", "blob": B64}},
    "no type": {"contentType": "image/png", "content": B64},
    "a name of its own": {"type": "image", "image_data": B64},
    "a list": {"type": "images", "images": [{"src": URL}]},
    "a list in a list": [{"type": "image", "image": [B64]}],
    "parts in a part": {"role": "model", "parts": [{"inlineData": {"data": B64}}]},
    "a tool's result": {"type": "tool_result", "content": [{"type": "image", "raw": B64}]},
    "no words beside it": {"type": "image_url", "text": "", "image_url": {"url": URL}},
    "numbers": {"type": "image", "data": {"type": "Buffer", "data": list(RED)}},
}


@pytest.mark.parametrize("part", CONTENT.values(), ids=CONTENT.keys())
async def test_a_picture_among_the_parts_of_content_is_seen(part: dict[str, Any]) -> None:
    content = [{"type": "text", "text": "Look "}, part, {"type": "text", "text": " there"}]
    for reply in (
        openai_stream([{"content": content}]),
        json_reply(openai_message({"content": content})),
    ):
        events = await asked("openai_chat", reply)
        assert events[:-1] == [TextDelta("Look "), ImageBytes(RED), TextDelta(" there")]
    message = {**said(""), "content": content}
    for reply in (responses_stream([message]), json_reply(response([message]))):
        events = await asked("openai_responses", reply)
        assert events[:-1] == [TextDelta("Look "), ImageBytes(RED), TextDelta(" there")]


IMAGES: dict[str, Any] = {
    "b64_json": {"b64_json": B64},
    "inline_data": {"inline_data": {"data": B64}},
    "bare": B64,
    "url": {"url": URL},
    "imageUrl": {"imageUrl": URL},
    "its address beside it": {"url": "https://elsewhere.test/a.png", "b64_json": B64},
    "a name of its own": {"content": B64, "content_type": "image/png"},
    "deep": {"image": {"imageBytes": B64, "mimeType": "image/png"}},
    "a list": [URL],
    "a bitmap": {"b64_json": base64.b64encode(BITMAP).decode()},
    "drawing": "data:image/svg+xml;base64," + base64.b64encode(SVG).decode(),
}


@pytest.mark.parametrize("item", IMAGES.values(), ids=IMAGES.keys())
async def test_a_picture_in_a_list_is_seen(item: Any) -> None:
    want = SVG if isinstance(item, str) and "svg" in item else RED
    want = BITMAP if item == IMAGES["a bitmap"] else want
    assert pictures_of(await asked("openai_chat", openai_stream([{"images": [item]}]))) == [want]
    drawn_so = json_reply({"created": 1, "data": [item]})
    assert pictures_of(await asked("openai_images, whole", drawn_so)) == [want]


@pytest.mark.parametrize("mime", ["IMAGE/PNG", None, "application/octet-stream", "text/plain"])
async def test_a_gemini_picture_is_known_by_its_bytes(mime: str | None) -> None:
    label = {} if mime is None else {"mimeType": mime}
    for digits, picture in ((B64, RED), (base64.b64encode(BITMAP).decode(), BITMAP)):
        events = await asked("gemini", gemini_stream([{"inlineData": {"data": digits, **label}}]))
        assert pictures_of(events) == [picture]


UNSHOWN: dict[str, tuple[str, Reply, str]] = {
    "a sound among content": (
        "openai_chat",
        openai_stream([{"content": [{"type": "audio", "data": "AAAA"}]}]),
        "cannot show: audio",
    ),
    "a sound of Gemini": (
        "gemini",
        gemini_stream([{"inlineData": {"mimeType": "audio/wav", "data": "UklGRgAA"}}]),
        "cannot show: audio/wav",
    ),
    "a file of Gemini": (
        "gemini",
        gemini_stream([{"fileData": {"fileUri": "gs://bucket/a.png", "mimeType": "image/png"}}]),
        "`gs://bucket/a.png`",
    ),
    "a film among content": (
        "openai_chat",
        openai_stream([{"content": [{"type": "video_url", "video_url": {"url": "/a.mp4"}}]}]),
        "cannot show: video_url",
    ),
    "a film without a type": (
        "openai_chat",
        openai_stream([{"content": [{"video_url": {"url": "https://elsewhere.test/a.mp4"}}]}]),
        "cannot show: video_url",
    ),
    "a file without a type": (
        "openai_chat",
        openai_stream([{"content": [{"file": {"file_id": "file-1"}}]}]),
        "cannot show: file",
    ),
    "an attached film": (
        "openai_chat",
        openai_stream([{"attachments": [{"url": "/a", "mime_type": "video/mp4"}]}]),
        "cannot show: attachments",
    ),
    "an attached picture elsewhere": (
        "openai_chat",
        openai_stream([{"attachments": [{"type": "image", "url": "https://elsewhere.test/a"}]}]),
        "`https://elsewhere.test/a`",
    ),
    "a file beside the words": (
        "openai_chat",
        openai_stream([{"files": [{"file_id": "file-1", "name": "a.pdf"}]}]),
        "cannot show: files",
    ),
    "a film beside the words": (
        "openai_chat",
        openai_stream([{"video": "https://elsewhere.test/a.mp4"}]),
        "cannot show: video",
    ),
    "a film of Gemini": (
        "gemini",
        gemini_stream([{"fileData": {"fileUri": "gs://bucket/a.mp4", "mimeType": "video/mp4"}}]),
        "`gs://bucket/a.mp4`",
    ),
    "a film of Interactions": (
        "gemini_interactions",
        interactions_stream([output({"type": "video", "uri": "gs://bucket/a.mp4"})]),
        "cannot show: video",
    ),
    "what is new to Interactions": (
        "gemini_interactions",
        interactions_stream([output({"type": "hologram", "data": "AAAA"})]),
        "cannot show: hologram",
    ),
    "a film among the content of Responses": (
        "openai_responses",
        responses_stream([said_parts({"type": "output_video", "video_url": "/a.mp4"})]),
        "cannot show: output_video",
    ),
    "a film as an item of Responses": (
        "openai_responses",
        responses_stream([{"type": "video_generation_call", "id": "v", "result": "AAAA"}]),
        "cannot show: video_generation_call",
    ),
    "a link": (
        "openai_chat",
        openai_stream([{"images": ["https://elsewhere.test/a.png"]}]),
        "`https://elsewhere.test/a.png`",
    ),
    "garbled": (
        "openai_chat",
        openai_stream([{"images": ["data:image/png;base64,****"]}]),
        "could not be read",
    ),
}


@pytest.mark.parametrize(("kind", "reply", "remark"), UNSHOWN.values(), ids=UNSHOWN.keys())
async def test_what_cannot_be_shown_leaves_a_remark(kind: str, reply: Reply, remark: str) -> None:
    events = await asked(kind, reply)
    assert remark in words_of(events)
    assert finished(events).finish.kind == "stop"


@pytest.mark.parametrize(
    "beside",
    [
        {"attachments": [{"type": "image", "image_url": {"url": URL}}]},
        {"attachments": [{"content_type": "image/png", "url": URL}]},
        {"files": [{"mime_type": "image/png", "data": B64}]},
        {"file": {"file_data": URL}},
        {"media": URL},
        {"artifacts": [{"image": {"base64": B64}}]},
        {"attachments": [{"contentType": "image/png", "content": B64}]},
        {"image_url": {"url": URL}},
        {"image_base64": B64},
        {"generated_images": [{"image": {"image_bytes": B64}}]},
        {"multi_mod_content": [{"inlineData": {"mimeType": "image/png", "data": B64}}]},
        {"content_blocks": [{"type": "image", "data": B64}], "image_tokens": "9"},
        {"provider_specific_fields": {"images": [{"image_url": {"url": URL}}]}},
        {"anything": {"at": {"all": B64}}, "reasoning_details": [{"data": data_url(BLUE)}]},
    ],
)
async def test_a_picture_that_is_attached_is_seen(beside: dict[str, Any]) -> None:
    events = await asked("openai_chat", openai_stream([beside, beside]))
    assert pictures_of(events) == [RED]
    assert words_of(events) == ""


async def test_a_remark_is_made_once_though_the_last_message_says_all_again() -> None:
    film = {"attachments": [{"url": "/a", "mime_type": "video/mp4"}]}
    message = {"role": "assistant", "content": "Two films.", **film}
    message["attachments"] = film["attachments"] * 2
    last = openai_chunk({}, "stop")
    last["choices"][0]["message"] = message
    chunks = [openai_chunk({"content": "Two films."}), openai_chunk(film), openai_chunk(film)]
    events = await asked("openai_chat", sse(*chunks, last, "[DONE]"))
    assert words_of(events).count("cannot show: attachments") == 2
    item = said_parts({"type": "output_video", "video_url": "/a.mp4"})
    events = await asked("openai_responses", responses_stream([item]))
    assert words_of(events).count("cannot show: output_video") == 1


LINKED: dict[str, tuple[str, Callable[[str], Reply]]] = {
    "images": ("openai_chat", lambda url: openai_stream([{"images": [f"{url}/a.png"]}])),
    "a part": (
        "openai_chat",
        lambda url: openai_stream(
            [{"content": [{"type": "image", "source": {"url": f"{url}/a.png"}}]}]
        ),
    ),
    "no host": ("openai_chat", lambda _: openai_stream([{"images": ["/a.png"]}])),
    "words": ("openai_chat", lambda url: openai_stream([f"![a]({url}/a.png)"])),
    "words of Gemini": ("gemini", lambda url: gemini_stream([f"![a]({url}/a.png)"])),
    "words of Responses": ("openai_responses", lambda url: deltas(f"![a]({url}/a.png)")),
    "fileData": ("gemini", lambda url: gemini_stream([{"fileData": {"fileUri": f"{url}/a.png"}}])),
    "a result": (
        "openai_responses",
        lambda url: responses_stream([drawn(b"", result=f"{url}/a.png")]),
    ),
}


@pytest.mark.parametrize(("kind", "reply"), LINKED.values(), ids=LINKED.keys())
async def test_a_link_to_the_endpoints_own_site_is_opened(
    kind: str, reply: Callable[[str], Reply]
) -> None:
    def answer(came: Request) -> Reply:
        if came.method == "GET":
            return Reply((BLUE,), headers={"content-type": "text/plain"})
        return reply(server.url)

    with Loopback(answer) as server:
        door = DOORS[kind]
        events = await events_of(door.opened(server.url), request(door.card()))
        asked_for = [came for came in server.requests if came.method == "GET"]
    assert pictures_of(events) == [BLUE]
    assert words_of(events) == ""
    assert [came.path for came in asked_for] == ["/a.png"]
    assert "authorization" not in asked_for[0].headers


@pytest.mark.parametrize("listed", [True, False])
async def test_a_link_elsewhere_is_opened_only_if_its_site_is_listed(listed: bool) -> None:
    with Loopback(lambda _: Reply((BLUE,))) as elsewhere:
        more = {"picture_sites": [elsewhere.url]} if listed else {}
        link = f"{elsewhere.url}/a.png"
        text = f"See ![a]({link}) and [b]({link})."
        events = await asked("openai_chat", openai_stream([text, {"images": [link]}]), **more)
        assert len(elsewhere.requests) == listed
    assert pictures_of(events) == ([BLUE] if listed else [])
    assert words_of(events).startswith("See  and [b](" if listed else f"See ![a]({link}) and")


async def test_pictures_that_stand_only_in_the_completed_output_are_seen() -> None:
    whole = response([said("A fox"), drawn(RED), said(f"and ![b]({data_url(BLUE)})")])
    reply = sse(
        event("response.output_text.delta", item_id="m", delta="A fox"),
        event("response.completed", response=whole),
    )
    events = await asked("openai_responses", reply)
    assert (words_of(events), pictures_of(events)) == ("A foxand ", [RED, BLUE])


def call(call_id: str, arguments: str, index: object = 0, name: str = "calc") -> dict[str, Any]:
    told: dict[str, Any] = {"function": {"name": name, "arguments": arguments}}
    told |= {"index": index} if index is not None else {}
    return {"type": "function", **told, **({"id": call_id} if call_id else {})}


A, B = '{"x":"2+2"}', '{"x":"3*5"}'
CALLS: dict[str, tuple[list[list[dict[str, Any]]], list[str]]] = {
    # The tool calls of each delta, and the arguments that must reach the tools.
    "index 0, one delta": ([[call("a", A), call("b", B)]], [A, B]),
    "index 0, many deltas": ([[call("a", A)], [call("b", B)]], [A, B]),
    "no index": ([[call("a", A, None)], [call("b", B, None)]], [A, B]),
    "no index, one delta": ([[call("a", A, None), call("b", B, None)]], [A, B]),
    "no index, no id": ([[call("", A, None)], [call("", B, None)]], [A, B]),
    "index as text": ([[call("a", A, "0")], [call("b", B, "1")]], [A, B]),
    "a repeat": (
        [[call("a", A[:4])], [{"index": 0, "function": {"arguments": A[4:]}}], [call("a", A)]],
        [A],
    ),
    "a repeat elsewhere": ([[call("a", "")], [call("a", A)], [call("a", A, 1)]], [A]),
    "another that is named alike": ([[call("call_0", A)], [call("call_0", B, 1)]], [A, B]),
    "the same twice, two ids": ([[call("a", A)], [call("b", A)]], [A, A]),
    "a placeholder": ([[call("", "", 0, "")], [call("a", A, 1)]], [A]),
    "an empty object first": ([[call("a", "{}")], [call("", A, 0, "")]], [A]),
    "the id late": (
        [[call("", A[:5])], [{"index": 0, "id": "a", "function": {"arguments": A[5:]}}]],
        [A],
    ),
    "growing": ([[call("a", A[:3])], [call("a", A[:8])], [call("a", A)]], [A]),
    "interleaved": (
        [
            [call("a", A[:4])],
            [call("b", B[:4], 1)],
            [{"index": 0, "function": {"arguments": A[4:]}}],
            [{"index": 1, "function": {"arguments": B[4:]}}],
        ],
        [A, B],
    ),
    "the name behind the arguments": (
        [
            [{"index": 0, "id": "a", "function": {"arguments": A}}],
            [{"index": 0, "function": {"name": "calc"}}],
        ],
        [A],
    ),
    "in a code fence": ([[call("a", f"```json\n{A}\n```")]], [A]),
    "as Anthropic names them": ([[{"id": "a", "name": "calc", "input": json.loads(A)}]], [A]),
    "a table for text": ([[call("a", json.loads(A))]], [A]),
    "an object inside": (
        [
            [call("a", '{"x":')],
            [{"index": 0, "function": {"arguments": '{"y":1}'}}],
            [{"index": 0, "function": {"arguments": "}"}}],
        ],
        ['{"x":{"y":1}}'],
    ),
}


@pytest.mark.parametrize(("given", "run"), CALLS.values(), ids=CALLS.keys())
async def test_every_call_is_run_once_with_its_own_arguments(
    given: list[list[dict[str, Any]]], run: list[str]
) -> None:
    parts: list[Any] = [{"tool_calls": calls} for calls in given]
    events = await asked("openai_chat", openai_stream(parts, "tool_calls"))
    calls = [found for found in events if isinstance(found, ToolCall)]
    assert [found.arguments for found in calls] == [json.loads(text) for text in run]
    assert {found.name for found in calls} == {"calc"}
    assert finished(events).finish.kind == "tool_calls"


async def test_a_call_that_comes_twice_is_run_once_at_the_other_doors() -> None:
    part = {"functionCall": {"id": "a", "name": "calc", "args": {"x": 1}}}
    empty = {"functionCall": {"name": ""}}
    events = await asked("gemini", gemini_stream([empty, part, part]))
    assert [type(found) for found in events] == [ToolCall, Finished]
    item = called("calc", A)
    reply = sse(
        event("response.output_item.done", item=item),
        event("response.completed", response=response([item])),
    )
    events = await asked("openai_responses", reply)
    assert [type(found) for found in events] == [ToolCall, Finished]


DONE_WORDS = [
    "FINISH_REASON_STOP",
    "endTurn",
    "<|im_end|>",
    "</s>",
    "pause_turn",
    "end",
    "end_turn",
    "eos",
    "eos_token",
    "stop_sequence",
    "STOP",
    "COMPLETE",
    "<|end|>",
]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        *((word, "stop") for word in DONE_WORDS),
        ("MAX_TOKENS", "length"),
        ("max_tokens", "length"),
        ("model_length", "length"),
        ("maxTokens", "length"),
        ("FINISH_REASON_MAX_TOKENS", "length"),
        ("token_limit_reached", "length"),
        ("contentFilter", "blocked"),
        ("content_policy_violation", "blocked"),
        ("guardrail_intervened", "blocked"),
        ("SAFETY", "blocked"),
        ("error", "error"),
    ],
)
async def test_the_words_of_other_vendors_are_read(word: str, kind: str) -> None:
    events = await asked("openai_chat", openai_stream(["Answer."], word))
    assert (words_of(events), finished(events).finish.kind) == ("Answer.", kind)
    assert finished(events).finish.native == word


@pytest.mark.filterwarnings("ignore:.* is not a valid FinishReason:UserWarning")
@pytest.mark.parametrize(
    ("word", "kind"), [("end_turn", "stop"), ("stop", "stop"), ("length", "length")]
)
async def test_the_words_of_other_vendors_are_read_of_gemini_too(word: str, kind: str) -> None:
    assert finished(await asked("gemini", gemini_stream(["Hi"], word))).finish.kind == kind


COUNTED = {**openai_chunk({}), "choices": [], "usage": OPENAI_USAGE}
ENDS: dict[str, tuple[list[object], str]] = {
    "[DONE]": ([openai_chunk({"content": "Hi"}), "[DONE]"], "stop"),
    "an empty reason and [DONE]": (
        [openai_chunk({"content": "Hi"}), openai_chunk({}, ""), "[DONE]"],
        "stop",
    ),
    "usage": ([openai_chunk({"content": "Hi"}), COUNTED], "stop"),
    "a call and [DONE]": ([openai_chunk({"tool_calls": [call("a", A)]}), "[DONE]"], "tool_calls"),
    "a call and usage": ([openai_chunk({"tool_calls": [call("a", A)]}), COUNTED], "tool_calls"),
    "nothing": ([openai_chunk({"content": "Hi"})], ""),
    "usage with every word": ([{**openai_chunk({"content": "Hi"}), "usage": OPENAI_USAGE}], ""),
    "half a call": ([openai_chunk({"tool_calls": [call("a", A)]})], ""),
    "half a call and [DONE]": ([openai_chunk({"tool_calls": [call("a", A[:5])]}), "[DONE]"], ""),
}


@pytest.mark.parametrize(("chunks", "kind"), ENDS.values(), ids=ENDS.keys())
async def test_an_end_without_a_reason_is_an_end_where_the_server_says_so(
    chunks: list[object], kind: str
) -> None:
    door = DOORS["openai_chat"]
    with Loopback([sse(*chunks)]) as server:
        events, error = await heard(door.opened(server.url), request(door.card()))
    if kind:
        assert error is None
        assert finished(events).finish.kind == kind
    else:
        assert "broke off" in str(error)


async def test_counts_after_content_are_an_end_of_gemini_and_counts_beside_it_are_none() -> None:
    counts = {"usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 9}}
    last = {**gemini_chunk([]), **counts}
    events = await asked("gemini", sse(gemini_chunk([{"text": "Hi"}]), last))
    assert finished(events).finish.kind == "stop"
    door = DOORS["gemini"]
    with Loopback([sse({**gemini_chunk([{"text": "Hi"}]), **counts})]) as server:
        _, error = await heard(door.opened(server.url), request(door.card()))
    assert "broke off" in str(error)


def final(*, delta: dict[str, Any] | None, message: dict[str, Any]) -> dict[str, Any]:
    choice: dict[str, Any] = {"index": 0, "finish_reason": "stop", "message": message}
    return {"id": "c", "choices": [{**choice, **({} if delta is None else {"delta": delta})}]}


@pytest.mark.parametrize("delta", [None, {}, {"content": ""}])
@pytest.mark.parametrize(
    ("whole", "heard_words"),
    [
        ("Hello world, hello.", "Hello world, hello."),
        ("Hello world, hello. More", "Hello world, hello. More"),
    ],
)
async def test_a_last_message_adds_only_what_is_new(
    delta: dict[str, Any] | None, whole: str, heard_words: str
) -> None:
    image = {"images": [{"image_url": {"url": URL}}]}
    message = {"role": "assistant", "content": f"{whole} ![a]({URL})".strip(), **image}
    last = final(delta=delta, message={**message, "content": whole})
    chunks = [openai_chunk({"content": text}) for text in ("Hello world", ", hello.")]
    events = await asked("openai_chat", sse(*chunks, openai_chunk(image), last, "[DONE]"))
    assert (words_of(events), pictures_of(events)) == (heard_words, [RED])


@pytest.mark.parametrize("where", ["openai_chat", "gemini"])
async def test_a_last_piece_that_says_all_again_is_not_shown_twice(where: str) -> None:
    whole = "Hello world, hello."
    if where == "gemini":
        pieces = [gemini_chunk([{"text": text}]) for text in (whole[:9], whole[9:])]
        reply = sse(*pieces, gemini_chunk([{"text": whole}], finishReason="STOP"))
    else:
        chunks = [openai_chunk({"content": text}) for text in (whole[:9], whole[9:])]
        reply = sse(*chunks, openai_chunk({"content": whole}, "stop"), "[DONE]")
    assert words_of(await asked(where, reply)) == whole


@pytest.mark.parametrize("kind", ["openai_chat", "gemini", "openai_responses"])
async def test_base64_that_was_kept_among_words_goes_back_to_no_model(kind: str) -> None:
    big = base64.b64encode(RED + bytes(300_000)).decode()
    old = f"Here: ![a](data:image/png;base64,{big}) and more"
    door = DOORS[kind]
    with Loopback([door.good(), door.good()]) as server:
        async with WholeTurn(door.endpoint(server.url), door.card()) as turn:
            first = await turn.ended(await turn.begun())
            of_old = replace(first, id=new_id(), parts=(Text(old), *first.parts))
            turn.store.add([of_old])
            await turn.ended(await turn.asked_after(of_old))
        sent = server.requests[-1].body.decode()
    assert big[:2_000] not in sent
    assert "[A picture stood here.]" in sent
    assert "and more" in sent


async def test_a_draft_without_its_picture_is_said_to_be_one() -> None:
    kind = "response.image_generation_call.partial_image"
    partial = event(kind, item_id="ig", partial_image_index=0, partial_image_b64=B64)
    events = await asked("openai_responses", responses_stream([partial]))
    assert "is a draft" in finished(events).finish.message
    drafts = sse({"type": "image_generation.partial_image", "b64_json": B64}, "[DONE]")
    events = await asked("openai_images", drafts)
    assert "is a draft" in finished(events).finish.message
