"""Much at once, and Stop in the middle: nothing is lost, nothing goes on behind the user's back."""

import asyncio
import hashlib
import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image as Pillow

from chat.core.messages import Message
from chat.core.parts import pictures, plain_text
from tests.loopback import Gate, Loopback, Reply, Request
from tests.patience import PATIENCE_S
from tests.unit.turns.workshop import ME
from tests.wire.doors import DOORS, STREAMING, DoorKind
from tests.wire.interactions_shapes import interactions_stream
from tests.wire.responses_shapes import delta, responses_stream
from tests.wire.turn import WholeTurn
from tests.wire.whole_answers import with_picture
from tests.wire_shapes import gemini_stream, openai_stream

"""How long a heavy reply is waited for; how fast it comes is for the benches."""

WORDS = ("abcdefgh " * 1112)[:10_000]
BIG_BYTES = 8_000_000
UPLOAD_BYTES = 24_000_000


def noise(size_bytes: int) -> bytes:
    """A PNG of about so many bytes, which no packing makes smaller."""
    side_px = int((size_bytes / 3) ** 0.5)
    pixels = np.random.default_rng(7).integers(0, 256, (side_px, side_px, 3), dtype=np.uint8)
    out = io.BytesIO()
    Pillow.fromarray(pixels).save(out, "PNG", compress_level=0)
    return out.getvalue()


async def reply_of(door: DoorKind, answered: Callable[[Request], Reply]) -> Message:
    """The reply to one question."""
    with Loopback(answered) as server:
        async with WholeTurn(door.endpoint(server.url), door.card()) as turn:
            return await turn.ended(await turn.begun())


@pytest.mark.parametrize(
    ("kind", "stream"),
    [
        ("gemini", lambda: gemini_stream([*WORDS])),
        ("gemini_interactions", lambda: interactions_stream([*WORDS])),
        ("openai_chat", lambda: openai_stream([*WORDS])),
        ("openai_responses", lambda: responses_stream([delta(letter) for letter in WORDS])),
    ],
    ids=["gemini", "gemini_interactions", "openai_chat", "openai_responses"],
)
async def test_ten_thousand_pieces_of_one_letter_are_one_text(
    kind: str, stream: Callable[[], Reply]
) -> None:
    reply = await reply_of(DOORS[kind], lambda _: stream())
    assert reply.status == "complete"
    assert plain_text(reply.parts) == WORDS.strip()
    assert len(reply.parts) == 1


@pytest.mark.parametrize("kind", DOORS)
async def test_a_picture_of_eight_megabytes_in_one_event_is_kept_byte_for_byte(kind: str) -> None:
    picture = noise(BIG_BYTES)
    assert len(picture) >= BIG_BYTES * 0.99
    reply = await reply_of(DOORS[kind], lambda _: with_picture(kind, picture))
    assert reply.status == "complete"
    (kept,) = pictures(reply.parts)
    assert kept.media.sha256 == hashlib.sha256(picture).hexdigest()


SMALL = noise(2_000)


@pytest.mark.parametrize("kind", STREAMING)
async def test_uploads_that_make_a_body_of_24_megabytes_arrive_whole(kind: str) -> None:
    door = DOORS[kind]
    encoded = kind != "openai_images"
    photo = noise(UPLOAD_BYTES * 3 // 4 if encoded else UPLOAD_BYTES)
    card = door.card(max_request_bytes=UPLOAD_BYTES * 2)
    with Loopback(lambda _: door.good()) as server:
        async with WholeTurn(door.endpoint(server.url), card) as turn:
            ref, _ = await turn.pictures.keep(ME, photo, "model")
            reply = await turn.ended(await turn.begun("Make it blue", [ref.sha256]))
    assert reply.status == "complete"
    (asked,) = server.requests
    assert len(asked.body) >= UPLOAD_BYTES * 0.99
    if not encoded:
        assert photo in asked.body


@pytest.mark.parametrize("kind", STREAMING)
async def test_stop_in_mid_stream_hangs_up_and_keeps_what_came(kind: str) -> None:
    door, gate = DOORS[kind], Gate()
    began: tuple[str | bytes, ...] = ("Half ", "of it") if door.talks else (SMALL,)
    with Loopback(lambda _: door.begun((*began, gate))) as server:
        async with WholeTurn(door.endpoint(server.url), door.card()) as turn:
            reply_id = await turn.begun()
            await turn.until_said(reply_id)
            assert turn.engine.stop(ME, reply_id)
            reply = await turn.ended(reply_id)
            (asked,) = server.requests
            gone = await asyncio.to_thread(asked.gone.wait, PATIENCE_S)
            assert gone, "the server never saw that nobody listens"
            assert turn.running() == []
    assert reply.status == "stopped"
    assert plain_text(reply.parts) or pictures(reply.parts)


async def test_stop_before_a_whole_answer_hangs_up_too() -> None:
    door, gate = DOORS["imagen"], Gate()
    silent = Reply((gate,), headers={"content-type": "application/json"})
    with Loopback([silent]) as server:
        async with WholeTurn(door.endpoint(server.url), door.card()) as turn:
            reply_id = await turn.begun()
            await asyncio.to_thread(server.wait_for_requests, 1)
            assert turn.engine.stop(ME, reply_id)
            reply = await turn.ended(reply_id)
            assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
    assert (reply.status, reply.parts) == ("stopped", ())
