"""However a server sends pictures and words, at every door that talks: nothing is lost."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chat.core.events import ImageBytes, ReasoningDelta, TextDelta
from chat.core.messages import new_id
from chat.core.parts import Text, ToolCall
from tests.loopback import Loopback, Reply, Request, json_reply, sse
from tests.unit.images.pictures import encoded, quarters
from tests.wire.any_door import (
    B64,
    BLUE,
    RED,
    TALKS,
    URL,
    asked,
    deltas,
    pictures_of,
    said_parts,
    words_of,
)
from tests.wire.doors import DOORS
from tests.wire.interactions_shapes import interactions_stream, output
from tests.wire.responses_shapes import drawn, event, response, responses_stream, said
from tests.wire.talk import events_of, finished, request
from tests.wire.turn import WholeTurn
from tests.wire_shapes import (
    data_url,
    gemini_stream,
    openai_chunk,
    openai_message,
    openai_stream,
)

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'><rect width='9'/></svg>"
BITMAP = encoded(quarters(), "BMP")


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
