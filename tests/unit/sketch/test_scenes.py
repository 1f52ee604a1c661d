"""Painting from words: what a user would miss if Sketch did not paint what was said."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from chat.sketch.reading.grammar import read
from tests.unit.sketch.conversation import Talk, hue, share

WIDE = {"aspect_ratio": "16:9", "image_size": "512"}


async def test_a_picture_comes_between_two_texts_and_the_reply_ends_once() -> None:
    reply = await Talk().ask("a red house by the sea")
    assert reply.order() == "tpt"
    assert reply.finished.finish.kind == "stop"
    assert reply.finished.usage is not None
    assert reply.finished.usage.reported_cost_usd == 0
    assert reply.finished.usage.output_text_tokens is None


async def test_the_first_reply_says_that_this_is_no_ai_model_and_later_ones_do_not() -> None:
    talk = Talk()
    first = await talk.ask("a boat")
    second = await talk.ask("a fox in the snow")
    assert "not an AI model" in first.text
    assert "not an AI model" not in second.text


async def test_the_description_names_what_was_painted() -> None:
    (shown,) = (await Talk().ask("three small birds above a blue house at night")).shown
    for word in ("three", "birds", "blue house", "night"):
        assert word in shown.alt


@pytest.mark.parametrize(("name", "degrees"), [("red", 2), ("blue", 217), ("green", 133)])
async def test_a_car_has_the_colour_that_was_asked_for(name: str, degrees: float) -> None:
    """Against snow, which has hardly any strong colour of its own."""
    painted = (await Talk().ask(f"a huge {name} car in the snow")).picture
    without = (await Talk().ask("a huge white car in the snow")).picture
    assert share(painted, degrees) > share(without, degrees) + 0.01


async def test_night_is_darker_than_day_and_evening_is_warmer() -> None:
    day = (await Talk().ask("hills by day")).picture
    night = (await Talk().ask("hills at night")).picture
    evening = (await Talk().ask("hills at sunset")).picture
    assert night.mean() < 0.5 * day.mean()
    sky = slice(0, day.shape[0] // 2)
    assert evening[sky, :, 0].mean() > evening[sky, :, 2].mean() + 20
    assert day[sky, :, 2].mean() > day[sky, :, 0].mean() + 20


async def test_left_and_right_are_where_they_should_be() -> None:
    painted = (
        await Talk(options=WIDE).ask("a red house on the left and a tree on the right")
    ).picture
    half = painted.shape[1] // 2
    assert share(painted[:, :half], 2) > 5 * share(painted[:, half:], 2)


async def test_more_things_take_more_of_the_picture() -> None:
    one = (await Talk(options=WIDE).ask("a tiny red car in the snow")).picture
    five = (await Talk(options=WIDE).ask("five tiny red cars in the snow")).picture
    assert share(five, 2) > 2.5 * share(one, 2)


@pytest.mark.deep
@pytest.mark.parametrize(
    ("options", "size_px"),
    [
        ({}, (1024, 683)),
        ({"aspect_ratio": "16:9"}, (1024, 576)),
        ({"aspect_ratio": "9:16", "image_size": "512"}, (288, 512)),
        ({"aspect_ratio": "1:1", "image_size": "2K"}, (2048, 2048)),
        ({"aspect_ratio": "nonsense", "image_size": "9K"}, (1024, 683)),
    ],
)
async def test_ratio_and_size_are_honoured(
    options: dict[str, str], size_px: tuple[int, int]
) -> None:
    (shown,) = (await Talk(options=options).ask("a boat")).shown
    with Pillow.open(io.BytesIO(shown.data)) as image:
        assert (image.format, image.size) == ("PNG", size_px)


async def test_the_same_words_give_the_same_bytes_and_other_words_do_not() -> None:
    one, two = await Talk().ask("a castle"), await Talk().ask("a castle")
    other = await Talk().ask("a castle!")
    assert one.shown[0].data == two.shown[0].data != other.shown[0].data


@pytest.mark.deep
async def test_every_kind_of_the_catalogue_can_be_painted() -> None:
    """A kind whose painter fails would end the reply of whoever names it."""
    from chat.sketch.painting.catalogue import CATALOGUE
    from chat.sketch.painting.picture import paint
    from chat.sketch.reading.lexicon import SUBJECTS
    from chat.sketch.scene import Scene, Thing

    assert set(SUBJECTS) == set(CATALOGUE) | {"sun", "moon", "cloud"}
    for kind in SUBJECTS:
        with_it = np.asarray(paint(Scene((Thing(kind, colour=(255, 0, 255)),)), (192, 128)))
        at_night = paint(Scene((Thing(kind),), time="night"), (192, 128))
        assert with_it.std() > 10
        assert at_night.size == (192, 128)


def test_words_that_only_look_like_things_are_not_painted() -> None:
    heard = read("a carpet, a category, a boathouse and the starting catalogue of housekeeping")
    assert [thing.kind for thing in heard.things] == []


def test_an_orange_cat_is_orange_and_two_oranges_are_fruit() -> None:
    cat, fruit = read("an orange cat and two oranges").things
    assert (cat.kind, cat.colour is not None) == ("cat", True)
    assert (fruit.kind, fruit.count, fruit.colour) == ("orange", 2, None)


def test_the_last_of_two_nouns_is_the_thing() -> None:
    assert [t.kind for t in read("an apple tree and a dog house").things] == ["tree", "house"]


def test_a_relation_names_its_anchor() -> None:
    cat, sofa = read("two black cats on a green sofa").things
    assert (cat.count, cat.relation, cat.anchor) == (2, "on", "sofa")
    assert sofa.colour is not None
    assert sofa.relation == ""


async def test_what_cannot_be_painted_is_said() -> None:
    reply = await Talk().ask("a unicorn in a forest")
    assert "unicorn" in reply.text
    assert len(reply.shown) == 1


async def test_without_clouds_the_sky_is_plain() -> None:
    heard = read("a meadow without clouds").scene(1)
    assert "nocloud" in heard.weather


async def test_the_sky_takes_the_colour_that_was_asked_for() -> None:
    painted = (await Talk().ask("a pink sky over mountains")).picture
    assert 300 < hue(painted[: painted.shape[0] // 4]) < 360


def test_a_bowl_holds_what_it_is_a_bowl_of() -> None:
    bowl, lemons, apples = read("a bowl of lemons and apples").things
    assert (bowl.kind, bowl.relation) == ("bowl", "")
    assert {(t.relation, t.anchor) for t in (lemons, apples)} == {("in", "bowl")}
