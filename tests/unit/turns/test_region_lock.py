"""Only what was marked changes, whatever a model makes of the rest; all of it is kept and told."""

import asyncio
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from chat.core.errors import StorageError
from chat.core.events import Finished, ImageBytes, TextDelta
from chat.core.messages import Finish, Message
from chat.core.models import ModelCard
from chat.core.parts import Echo, Image, Text, pictures, plain_text
from chat.core.regions import is_answer, proof_of
from chat.turns.outgoing import Outgoing
from chat.turns.region_lock import NOTHING_MARKED
from tests.scripted import Script, Wait
from tests.unit.images.edited import scene
from tests.unit.turns.workshop import DONE, ME, Workshop

SIZE = (240, 180)
BOX = (150, 20, 210, 80)
"""Left, top, right, bottom of the region, at the upper right."""
WORDS = ModelCard("model", "door", "wire-model", "The Model")
MASKING = ModelCard("model", "door", "wire-model", "The Model", mask=True)
SOURCE = scene(*SIZE)


def encoded(image: Pillow.Image, form: str = "PNG", **more: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **more)
    return out.getvalue()


def mask_png(box: tuple[int, int, int, int] | None = BOX) -> bytes:
    """Transparent in the box; nothing is marked without one."""
    mask = Pillow.new("RGBA", SIZE, "white")
    if box is not None:
        mask.paste((0, 0, 0, 0), box)
    return encoded(mask)


def repainted(shift_px: float = 0, scale: float = 1, side: int = 1) -> Pillow.Image:
    """The source with its region repainted red, every colour a little off, moved and enlarged."""
    image = SOURCE.copy()
    image.paste((220, 30, 30), BOX)
    image = image.point(lambda level: min(255, level + 6))
    image = image.resize((SIZE[0] * side, SIZE[1] * side))
    matrix = (1 / scale, 0, -shift_px * side, 0, 1 / scale, -shift_px * side)
    affine = Pillow.Transform.AFFINE
    return image.transform(image.size, affine, matrix, Pillow.Resampling.BICUBIC)


async def asked(shop: Workshop, source: bytes | None = None, mask: bytes | None = None) -> Message:
    """The reply to a question with a picture and a mask."""
    return await shop.answer(await started(shop, source, mask))


async def started(shop: Workshop, source: bytes | None = None, mask: bytes | None = None) -> Any:
    photo = await kept(shop, source or encoded(SOURCE))
    marked = await kept(shop, mask or mask_png())
    conversation = await shop.begin()
    sent = Outgoing("c-1", "Red", [photo], masks=[marked])
    return await shop.engine.send(ME, conversation.id, sent)


async def kept(shop: Workshop, data: bytes) -> str:
    return (await shop.pictures.keep(ME, data, "upload"))[0].sha256


def result_of(reply: Message) -> Image:
    (result,) = pictures(reply.parts)
    return result


def pixels(shop: Workshop, sha256: str) -> Any:
    return np.asarray(Pillow.open(io.BytesIO(shop.media.get(sha256))).convert("RGB")).astype(int)


def outside() -> Any:
    left, top, right, bottom = BOX
    marks = np.ones((SIZE[1], SIZE[0]), bool)
    marks[top:bottom, left:right] = False
    return marks


ANSWERS = {
    "repainted": repainted(),
    "shifted by 3 px": repainted(shift_px=3),
    "scaled by 1.004": repainted(scale=1.004),
    "twice as large": repainted(shift_px=3, side=2),
}


@pytest.mark.deep
@pytest.mark.parametrize("card", [WORDS, MASKING], ids=["told in words", "with a mask"])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
async def test_outside_the_region_the_result_is_the_source(
    card: ModelCard, form: str, answer: Pillow.Image
) -> None:
    shop = Workshop([[ImageBytes(encoded(answer, form)), DONE]], card=card)
    photo = encoded(SOURCE, "JPEG", quality=90)
    reply = await asked(shop, photo)
    result = result_of(reply)
    source = result.derivation.parents[0] if result.derivation else ""
    before, after = pixels(shop, source), pixels(shop, result.media.sha256)
    assert (before[outside()] == after[outside()]).all()
    middle = after[50, 180]
    assert middle[0] > 180 > 100 > middle[1], "the region is the model's"
    proof = proof_of(result)
    assert proof is not None
    assert (proof.outside_px, proof.changed_outside_px) == (240 * 180 - 60 * 60, 0)


async def test_the_models_own_picture_stays_right_before_the_result_to_the_byte() -> None:
    own = encoded(repainted(), "JPEG")
    drawn = ImageBytes(own, echo=Echo("x", {}))
    script: Script = [TextDelta("Here: "), drawn, TextDelta("Done."), DONE]
    shop = Workshop([script])
    reply = await asked(shop)
    before, answer, result, after = reply.parts
    assert isinstance(answer, Image)
    assert isinstance(result, Image)
    assert (before, after) == (Text("Here: "), Text("Done."))
    assert (answer.draft, is_answer(answer), result.draft) == (True, True, False)
    assert shop.media.get(answer.media.sha256) == own
    proof = proof_of(result)
    assert proof is not None
    assert proof.answer == answer.media.sha256
    assert result.echo is None, "a signature of other bytes would be refused"
    assert (reply.status, result.origin) == ("complete", "model")


async def test_each_of_several_pictures_is_locked_and_drafts_stay_drafts() -> None:
    one, two = encoded(repainted()), encoded(repainted(shift_px=3))
    draft = ImageBytes(encoded(repainted(), "JPEG"), draft=True)
    shop = Workshop([[draft, ImageBytes(one), TextDelta("or"), ImageBytes(two), DONE]])
    reply = await asked(shop)
    kinds = [
        "text" if not isinstance(part, Image) else "answer" if is_answer(part)
        else "draft" if part.draft else "result"
        for part in reply.parts
    ]  # fmt: skip
    assert kinds == ["draft", "answer", "result", "text", "answer", "result"]
    assert all(proof_of(image) for image in pictures(reply.parts))


async def test_a_model_without_masks_is_told_the_place_in_words_and_never_sent_the_mask() -> None:
    shop = Workshop([[ImageBytes(encoded(repainted())), DONE]])
    await asked(shop)
    (request,) = shop.provider.requests
    (picture,) = [part for part in request.messages[-1].parts if isinstance(part, Image)]
    assert set(request.media) == {picture.media.sha256}
    told = plain_text(request.messages[-1].parts)
    assert "It lies in its upper right: from 62 % to 88 % of the width" in told
    assert "from 11 % to 44 % of the height" in told
    assert "covers 8.3 % of the picture's area" in told
    assert "Change only what is inside this region" in told
    assert told.endswith("\n\nRed")


async def test_a_model_that_only_looks_is_told_what_is_meant_and_nothing_of_changes() -> None:
    looking = ModelCard("model", "door", "wire-model", "The Model", output_modalities=("text",))
    shop = Workshop([[TextDelta("A sofa."), DONE]], card=looking)
    reply = await asked(shop)
    told = plain_text(shop.provider.requests[0].messages[-1].parts)
    assert "A region of the first picture is marked. It lies in its upper right" in told
    assert "Change" not in told
    assert reply.parts == (Text("A sofa."),)


async def test_an_empty_mask_is_refused_before_anything_is_paid_for() -> None:
    shop = Workshop([[DONE]], card=MASKING)
    reply = await asked(shop, mask=mask_png(None))
    assert reply.status == "failed"
    assert reply.finish is not None
    assert reply.finish.message == NOTHING_MARKED
    assert shop.provider.requests == []


async def test_an_answer_of_something_else_is_kept_as_it_came_and_said() -> None:
    noise = np.random.default_rng(4).integers(0, 255, (180, 240, 3), np.uint8)
    other = encoded(Pillow.fromarray(noise))
    shop = Workshop([[ImageBytes(other), DONE]])
    reply = await asked(shop)
    result = result_of(reply)
    assert shop.media.get(result.media.sha256) == other
    assert result.derivation is None
    assert reply.origin is not None
    (note,) = reply.origin.notes
    assert note.startswith("The picture is shown as the model made it, outside the marked region")
    assert "something else" in note


async def test_what_the_store_refuses_costs_the_lock_and_not_the_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = encoded(repainted())
    shop = Workshop([[ImageBytes(own), DONE]])

    async def full(*_: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(shop.pictures, "keep_edited", full)
    reply = await asked(shop)
    assert shop.media.get(result_of(reply).media.sha256) == own
    assert reply.origin is not None
    assert "The disk is full." in reply.origin.notes[0]


async def test_the_next_turn_goes_on_from_the_result_and_never_sends_the_models_own() -> None:
    script: Script = [ImageBytes(encoded(repainted()), echo=Echo("x", {"s": "1"})), DONE]
    shop = Workshop([script, [TextDelta("Yes."), DONE]])
    reply = await asked(shop)
    result = result_of(reply)
    shas = [result.media.sha256]
    sent = Outgoing("c-2", "And now?", shas)
    again = await shop.engine.send(ME, reply.conversation_id, sent, reply.id)
    await shop.answer(again)
    told = shop.provider.requests[-1]
    answer = proof_of(result)
    assert answer is not None
    assert answer.answer not in told.media
    assert result.media.sha256 in told.media
    assert told.messages[1].origin is None, "what it signed is not all there"


async def test_another_try_and_other_words_keep_the_region() -> None:
    script: Script = [ImageBytes(encoded(repainted())), DONE]
    shop = Workshop([script, script, script])
    first = await asked(shop)
    again = await shop.answer(await shop.engine.regenerate(ME, first.id))
    assert proof_of(result_of(again)) is not None
    question = shop.store.message(ME, first.parent_id or "")
    shas = [part.media.sha256 for part in question.parts if isinstance(part, Image)]
    sent = Outgoing("c-2", "Dark red", shas[:1], masks=shas[1:])
    edited = await shop.engine.edit(ME, question.id, sent)
    assert proof_of(result_of(await shop.answer(edited))) is not None


async def test_a_lost_mask_is_said_and_the_question_still_answered() -> None:
    script: Script = [ImageBytes(encoded(repainted())), DONE]
    shop = Workshop([script, script])
    first = await asked(shop)
    question = shop.store.message(ME, first.parent_id or "")
    (mask,) = [part for part in question.parts if isinstance(part, Image) and part.mask]
    shop.media.delete(mask.media.sha256)
    again = await shop.answer(await shop.engine.regenerate(ME, first.id))
    assert again.status == "complete"
    assert result_of(again).derivation is None
    assert again.origin is not None
    assert again.origin.notes == ("The mask is lost, so the whole picture may have changed.",)


async def test_stop_keeps_a_picture_that_is_being_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    own = encoded(repainted())
    shop = Workshop([[ImageBytes(own), DONE]])
    under_way = asyncio.Event()

    async def slow(*_: object, **__: object) -> None:
        under_way.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(shop.pictures, "keep_edited", slow)
    turn = await started(shop)
    await under_way.wait()
    shop.engine.stop(ME, turn.reply_id)
    reply = await shop.answer(turn)
    assert reply.status == "stopped"
    assert shop.media.get(result_of(reply).media.sha256) == own
    assert reply.origin is not None
    assert "Stop came before" in reply.origin.notes[0]


async def test_stop_after_the_first_of_two_keeps_its_result() -> None:
    held = asyncio.Event()
    script: Script = [ImageBytes(encoded(repainted())), Wait(held), Finished(Finish("stop"))]
    shop = Workshop([script])
    turn = await started(shop)
    job = shop.jobs.get(turn.reply_id)
    assert job is not None
    async for events in job.watch():
        if any(isinstance(event, Image) and not event.draft for event in events):
            break
    shop.engine.stop(ME, turn.reply_id)
    reply = await shop.answer(turn)
    assert reply.status == "stopped"
    assert proof_of(result_of(reply)) is not None


async def test_a_black_and_white_mask_is_read_as_one_and_sent_as_models_read_it() -> None:
    drawn = Pillow.new("L", SIZE)
    drawn.paste(255, BOX)
    shop = Workshop([[ImageBytes(encoded(repainted())), DONE]], card=MASKING)
    reply = await asked(shop, mask=encoded(drawn))
    assert proof_of(result_of(reply)) is not None
    (request,) = shop.provider.requests
    (mask,) = [part for part in request.messages[-1].parts if isinstance(part, Image) and part.mask]
    sent = Pillow.open(io.BytesIO(request.media[mask.media.sha256]))
    assert (sent.mode, sent.size) == ("RGBA", SIZE)
    assert sent.getchannel("A").point(lambda alpha: 255 - alpha).getbbox() == BOX


async def test_the_mask_of_a_picture_that_goes_as_a_smaller_copy_goes_as_small() -> None:
    small = ModelCard("model", "door", "wire-model", "The Model", mask=True, max_request_bytes=5000)
    shop = Workshop([[ImageBytes(encoded(repainted())), DONE]], card=small)
    reply = await asked(shop)
    (request,) = shop.provider.requests
    picture, mask = [part for part in request.messages[-1].parts if isinstance(part, Image)]
    assert picture.media.width_px < SIZE[0]
    assert (mask.media.width_px, mask.media.height_px) == (
        picture.media.width_px,
        picture.media.height_px,
    )
    result = result_of(reply)
    assert (result.media.width_px, result.media.height_px) == SIZE
    source = result.derivation.parents[0] if result.derivation else ""
    before, after = pixels(shop, source), pixels(shop, result.media.sha256)
    assert (before[outside()] == after[outside()]).all()


async def test_a_model_that_reads_strokes_alone_is_shown_the_region_painted_over() -> None:
    strokes = ModelCard("model", "door", "wire-model", "The Model", markup=True)
    shop = Workshop([[ImageBytes(encoded(repainted())), DONE]], card=strokes)
    reply = await asked(shop)
    assert proof_of(result_of(reply)) is not None
    (request,) = shop.provider.requests
    parts = request.messages[-1].parts
    shown = [part for part in parts if isinstance(part, Image)]
    assert [image.mask for image in shown] == [False, False]
    painted = np.asarray(
        Pillow.open(io.BytesIO(request.media[shown[1].media.sha256])).convert("RGB")
    ).astype(int)
    before = np.asarray(SOURCE).astype(int)
    assert (painted[outside()] == before[outside()]).all()
    reddened = painted[~outside()] - before[~outside()]
    assert reddened[:, 0].mean() > 20 > reddened[:, 1].mean()
    assert "painted over in red" in plain_text(parts)


async def test_strokes_are_left_out_where_the_model_takes_no_further_picture() -> None:
    full = ModelCard("model", "door", "wire-model", "The Model", markup=True, max_input_images=1)
    shop = Workshop([[ImageBytes(encoded(repainted())), DONE]], card=full)
    await asked(shop)
    (request,) = shop.provider.requests
    assert len(request.media) == 1
    assert "painted over" not in plain_text(request.messages[-1].parts)
