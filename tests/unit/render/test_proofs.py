"""A reply says what was counted outside a region; the model's own picture is one click away."""

from dataclasses import replace
from typing import Any

import pytest

from chat.core.display_names import DisplayNames
from chat.core.events import Saved, TextDelta
from chat.core.messages import Message, new_id, now
from chat.core.parts import Derivation, Image, MediaRef, Part, Text
from chat.core.regions import REGION, answer_of
from chat.render.blocks import reply_blocks
from chat.render.live_body import LiveBody
from chat.render.standalone import Standalone, standalone_pieces
from chat.render.standalone_markdown import standalone_markdown

SOURCE, MASK, OWN, RESULT = ("0" * 64, "1" * 64, "2" * 64, "3" * 64)


def image(sha256: str, **more: Any) -> Image:
    return Image(MediaRef(sha256, "image/png", 100, 40, 30), "model", "A room", **more)


def result(outside_px: object = 1_204_331, changed_px: object = 0, **details: object) -> Image:
    proof = {"outside_px": outside_px, "changed_outside_px": changed_px}
    told = {"proof": proof, "raw": OWN, "mask": MASK, **details}
    return image(RESULT, derivation=Derivation((SOURCE,), REGION, told))


ANSWER = image(OWN, draft=True, derivation=answer_of(SOURCE, MASK))


def drawn(*parts: Part) -> str:
    return "".join(reply_blocks(parts, {}))


@pytest.mark.parametrize(
    ("outside_px", "changed_px", "words"),
    [
        (1_204_331, 0, "1,204,331 pixels outside are equal to the source, 0 differ."),
        (1, 0, "Only the marked region changed: 1 pixel outside is equal to the source"),
        (0, 0, "The whole picture was marked"),
        (900, 3, "3 pixels outside the marked region differ."),
    ],
)
def test_the_count_is_said_under_the_picture(outside_px: int, changed_px: int, words: str) -> None:
    assert words in drawn(ANSWER, result(outside_px, changed_px))


def test_what_a_file_says_and_nobody_counted_is_no_proof() -> None:
    proof = {"outside_px": 900, "changed_outside_px": 0, "checked": False}
    told = drawn(result(proof=proof))
    assert "Not checked here: the imported file says that 0 pixels of 900 outside" in told
    assert "Only the marked region changed" not in told


def test_colours_that_were_turned_into_those_of_the_screen_are_said_to_be() -> None:
    proof = {"outside_px": 900, "changed_outside_px": 0, "own_colours": False}
    assert "900 pixels outside are equal to what the source shows" in drawn(result(proof=proof))


def test_the_own_picture_comes_folded_under_the_result_and_is_no_draft() -> None:
    html = drawn(Text("Here:"), ANSWER, result(), Text("Done."))
    assert html.index("Here:") < html.index(RESULT) < html.index("<details") < html.index(OWN)
    assert html.index(OWN) < html.index("Done.")
    assert "The model’s own picture: A room" in html
    assert "Draft" not in html
    assert html.count(f"media/{MASK}") == 1, "over the result alone"


@pytest.mark.parametrize(
    "broken",
    [
        result("many"),
        result(True),
        result(-1),
        result(proof=7),
        image(RESULT, derivation=Derivation((), REGION, {})),
    ],
)
def test_what_is_no_proof_claims_nothing(broken: Image) -> None:
    html = drawn(ANSWER, broken)
    assert "equal to the source" not in html
    assert OWN in html, "it is shown all the same"


def test_a_name_that_is_none_is_not_linked() -> None:
    assert "evil" not in drawn(result(mask='evil"><script>', raw=7))


ORDERS: dict[str, list[Part]] = {
    "one": [Text("a"), ANSWER, result(), Text("b")],
    "two": [ANSWER, result(), ANSWER, result()],
    "alone": [ANSWER],
    "before words": [ANSWER, Text("b")],
    "before another": [ANSWER, image("4" * 64), result()],
    "of another": [replace(ANSWER, media=MediaRef("5" * 64, "image/png", 1, 1, 1)), result()],
    "twice": [ANSWER, ANSWER, result()],
}


@pytest.mark.parametrize("parts", ORDERS.values(), ids=ORDERS)
def test_what_streams_is_drawn_as_what_is_read_again(parts: list[Part]) -> None:
    body = LiveBody({})
    for part in parts:
        assert isinstance(part, Text | Image)
        body.feed([TextDelta(part.text) if isinstance(part, Text) else part])
    body.feed([Saved(Message(new_id(), "c", None, "assistant", tuple(parts)))])
    assert body.html() == drawn(*parts)


def test_files_to_keep_say_it_too() -> None:
    message = Message(new_id(), "c", None, "assistant", (ANSWER, result()))
    shown = Standalone("A room", (message,), {}, (), DisplayNames({}, {}), "Easel", now())
    text = "".join(standalone_markdown(shown, lambda image: image.media.sha256))
    assert text.index("The model’s own picture") < text.index(OWN) < text.index(RESULT)
    assert text.index(RESULT) < text.index("1,204,331 pixels outside")
    page = "".join(piece for piece in standalone_pieces(shown) if isinstance(piece, str))
    assert "1,204,331 pixels outside" in page
