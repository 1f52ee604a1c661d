"""A drawn reply whose tokens are not told apart is never billed as if a picture were words."""

from typing import Any

import pytest

from chat.core.events import Finished, ImageBytes
from chat.core.models import Prices
from chat.gateway.ledger import cost_of
from tests.loopback import Loopback, Reply, json_reply, sse
from tests.wire.doors import DOORS, RED
from tests.wire.drawing import answer
from tests.wire.interactions_shapes import interactions_stream
from tests.wire.responses_shapes import responses_stream
from tests.wire.talk import heard, request, user
from tests.wire_shapes import gemini_chunk, imagen_answer, openai_message, openai_stream
from tests.wire_shapes import gemini_picture as picture

BY_TOKEN = Prices(0.5, 0.5, 3.0, 60.0)
BY_PICTURE = Prices(0.5, 0.5, 3.0, per_image_usd=0.067)
PICTURE_USD = 1290 * 60 / 1e6
OPENAI = {"prompt_tokens": 10, "completion_tokens": 1299, "total_tokens": 1309}
REASONED = {**OPENAI, "completion_tokens_details": {"reasoning_tokens": 0}}
NO_IMAGES = {**OPENAI, "completion_tokens_details": {"image_tokens": 0, "text_tokens": 1299}}
GEMINI = {"promptTokenCount": 10, "candidatesTokenCount": 1299, "totalTokenCount": 1309}
ALL_WORDS = {**GEMINI, "candidatesTokensDetails": [{"modality": "TEXT", "tokenCount": 1299}]}
COUNTED = {"total_input_tokens": 10, "total_output_tokens": 1299, "total_tokens": 1309}
SPOKEN = {**COUNTED, "output_tokens_by_modality": [{"modality": "text", "tokens": 1299}]}
DRAWN = {"input_tokens": 10, "output_tokens": 1299, "total_tokens": 1309}


def gemini(usage: dict[str, Any]) -> Reply:
    """A picture, and a count of this form."""
    last = {**gemini_chunk([], finishReason="STOP"), "usageMetadata": usage}
    return sse(gemini_chunk([picture(RED)]), last)


def in_one_piece(usage: dict[str, Any]) -> Reply:
    """A chat completion that was not streamed."""
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{b64(RED)}"}}
    return json_reply(openai_message({"content": "Here.", "images": [image]}, usage=usage))


def b64(data: bytes) -> str:
    """As the wire carries it."""
    part: dict[str, str] = picture(data)["inlineData"]
    return part["data"]


ROWS: list[tuple[str, str, Reply]] = [
    ("openai_chat", "no details", openai_stream(["Here.", RED], usage=OPENAI)),
    ("openai_chat", "other details", openai_stream(["Here.", RED], usage=REASONED)),
    ("openai_chat", "no tokens of pictures", openai_stream(["Here.", RED], usage=NO_IMAGES)),
    ("openai_chat", "in one piece", in_one_piece(OPENAI)),
    ("openai_chat", "nothing counted", openai_stream(["Here.", RED], usage=None)),
    ("gemini", "no details", gemini(GEMINI)),
    ("gemini", "all words", gemini(ALL_WORDS)),
    ("gemini_interactions", "no details", interactions_stream([RED], usage=COUNTED)),
    ("gemini_interactions", "all words", interactions_stream([RED], usage=SPOKEN)),
    ("openai_responses", "no word on the tool", responses_stream(["Here.", RED])),
    ("openai_images", "no details", answer(RED, usage=DRAWN)),
    ("openai_images", "nothing counted", answer(RED)),
    ("imagen", "nothing counted", json_reply(imagen_answer(RED))),
]


@pytest.mark.parametrize(
    ("kind", "reply"), [(k, r) for k, _, r in ROWS], ids=[f"{k}: {w}" for k, w, _ in ROWS]
)
async def test_a_picture_costs_what_pictures_cost_or_its_price_is_unknown(
    kind: str, reply: Reply
) -> None:
    door = DOORS[kind]
    streams = reply.headers.get("content-type", "").startswith("text/event-stream")
    with Loopback([reply]) as server:
        asked = request(door.card(stream=streams), user("A fox"))
        said, error = await heard(door.opened(server.url), asked)
    assert error is None
    *_, end = said
    assert isinstance(end, Finished)
    drawn = sum(isinstance(event, ImageBytes) for event in said)
    assert drawn == 1
    by_token = cost_of(BY_TOKEN, end, None, drawn=drawn, spoke=True).cost_usd
    assert by_token is None or by_token >= PICTURE_USD
    by_picture = cost_of(BY_PICTURE, end, None, drawn=drawn, spoke=True).cost_usd
    assert by_picture is None or 0.067 <= by_picture < 0.067 + 0.001
    counted = end.usage is not None
    assert (by_picture is not None) == counted, "only what was sent may be unknown"
