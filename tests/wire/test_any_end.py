"""However a server ends a reply, it is neither called broken off nor said twice."""

from typing import Any

import pytest

from tests.loopback import Loopback, sse
from tests.wire.any_door import B64, RED, URL, asked, pictures_of, words_of
from tests.wire.doors import DOORS
from tests.wire.responses_shapes import event, responses_stream
from tests.wire.talk import finished, heard, request
from tests.wire.test_any_calls import A, call
from tests.wire_shapes import (
    OPENAI_USAGE,
    gemini_chunk,
    gemini_stream,
    openai_chunk,
    openai_stream,
)

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


async def test_a_draft_without_its_picture_is_said_to_be_one() -> None:
    kind = "response.image_generation_call.partial_image"
    partial = event(kind, item_id="ig", partial_image_index=0, partial_image_b64=B64)
    events = await asked("openai_responses", responses_stream([partial]))
    assert "is a draft" in finished(events).finish.message
    drafts = sse({"type": "image_generation.partial_image", "b64_json": B64}, "[DONE]")
    events = await asked("openai_images", drafts)
    assert "is a draft" in finished(events).finish.message
