"""What a file says of a marked region is counted anew: anybody can write a number into a file."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from chat.core.messages import Message, new_id
from chat.core.parts import Derivation, Image, Json, images
from chat.core.ports import WholeConversation
from chat.core.regions import REGION, RegionProof, proof_of
from tests.contracts.samples import conversation, said
from tests.unit.archive.conversations import ME, SOMEBODY, House
from tests.unit.images.edited import grey_mask, scene
from tests.unit.images.pictures import encoded
from tests.unit.turns.workshop import INGEST

SIZE, BOX = (60, 40), (10, 10, 30, 30)
OUTSIDE_PX = 60 * 40 - 20 * 20
SOURCE = scene(*SIZE)


@pytest.fixture
def house() -> Iterator[House]:
    with closing(House()) as made:
        yield made


def painted(*also: tuple[int, int]) -> bytes:
    """The source with the region painted over, and these pixels outside of it."""
    pixels = np.array(SOURCE)
    pixels[BOX[1] : BOX[3], BOX[0] : BOX[2]] = (200, 10, 10)
    for x, y in also:
        pixels[y, x] ^= 8
    return encoded(Pillow.fromarray(pixels), "PNG")


async def with_proof(house: House, made: bytes, **proof: Json) -> WholeConversation:
    """A conversation whose reply says this of its picture."""
    files = (encoded(SOURCE, "PNG"), grey_mask(SIZE, BOX), made)
    source, mask, result = [INGEST.ingest(each, "model").ref for each in files]
    for each in files:
        await house.pictures.keep(ME, each, "model")
    held = conversation()
    question = said(held)
    shown = (Image(source, "upload"), Image(mask, "upload", mask=True), *question.parts)
    question = replace(question, parts=shown)
    details: dict[str, Json] = {"proof": proof, "mask": mask.sha256, "raw": ""}
    derivation = Derivation((source.sha256,), REGION, details)
    shown = (Image(result, "model", "A room", derivation=derivation),)
    reply = Message(new_id(), held.id, question.id, "assistant", shown)
    return WholeConversation(replace(held, head_id=reply.id), [question, reply])


async def taken(
    house: House, whole: WholeConversation, change: Callable[[dict[str, Any]], object] = id
) -> tuple[RegionProof, Message]:
    """What the proof says once the conversation was exported, changed and imported elsewhere."""
    kept = await house.keep(whole)
    data = changed(await house.zipped(kept.id), change)
    with closing(House()) as elsewhere:
        (made,) = (await elsewhere.take(data, SOMEBODY)).conversations
        reply = elsewhere.store.tree(SOMEBODY, made.id)[-1]
    (image,) = images(reply.parts)
    proof = proof_of(image)
    assert proof is not None
    return proof, reply


def changed(data: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name.endswith("conversation.json"):
                document = json.loads(content)
                change(document)
                content = json.dumps(document).encode()
            after.writestr(name, content)
    return out.getvalue()


async def test_a_true_proof_comes_back_to_the_letter(house: House) -> None:
    whole = await with_proof(house, painted(), outside_px=OUTSIDE_PX, changed_outside_px=0, more=1)
    proof, reply = await taken(house, whole)
    assert (proof.outside_px, proof.changed_outside_px, proof.checked) == (OUTSIDE_PX, 0, True)
    assert reply.parts == whole.messages[-1].parts


@pytest.mark.parametrize("said_px", [(OUTSIDE_PX, 0), (9_999_999, 0), (0, 0)])
async def test_a_false_one_says_what_was_counted(house: House, said_px: tuple[int, int]) -> None:
    made = painted((0, 0), (59, 39), (5, 5))
    whole = await with_proof(house, made, outside_px=said_px[0], changed_outside_px=said_px[1])
    proof, _ = await taken(house, whole)
    assert (proof.outside_px, proof.changed_outside_px, proof.checked) == (OUTSIDE_PX, 3, True)


async def test_one_of_a_picture_of_another_size_has_no_pixel_that_stayed(house: House) -> None:
    made = encoded(SOURCE.resize((30, 20)), "PNG")
    whole = await with_proof(house, made, outside_px=OUTSIDE_PX, changed_outside_px=0)
    proof, _ = await taken(house, whole)
    assert (proof.outside_px, proof.changed_outside_px) == (OUTSIDE_PX, OUTSIDE_PX)


async def test_one_whose_pictures_are_not_in_the_file_was_not_checked(house: House) -> None:
    whole = await with_proof(house, painted(), outside_px=OUTSIDE_PX, changed_outside_px=0)

    mask = INGEST.ingest(grey_mask(SIZE, BOX), "model").ref.sha256

    def elsewhere(document: dict[str, Any]) -> None:
        reply = json.dumps(document["messages"][-1])
        document["messages"][-1] = json.loads(reply.replace(mask, "e" * 64))

    proof, _ = await taken(house, whole, elsewhere)
    assert (proof.outside_px, proof.checked) == (OUTSIDE_PX, False)
    assert proof_of(images(whole.messages[-1].parts)[0]) is not None
