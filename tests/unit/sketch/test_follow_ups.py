"""A conversation over several turns: changes reach the scene, and what was there stays."""

from dataclasses import replace

from chat.core.parts import Echo, Image
from tests.unit.sketch.conversation import Talk, pixels, share


async def test_an_addition_keeps_what_was_there() -> None:
    talk = Talk()
    await talk.ask("a yellow house by a lake")
    reply = await talk.ask("add a red boat")
    (shown,) = reply.shown
    assert "yellow house" in shown.alt
    assert "red boat" in shown.alt
    assert share(pixels(shown.data), 2) > 0.002


async def test_evening_comes_without_naming_the_scene_again() -> None:
    talk = Talk()
    day = (await talk.ask("a house and a tree")).picture
    reply = await talk.ask("now evening light")
    assert "house" in reply.shown[0].alt
    assert "evening" in reply.shown[0].alt
    assert reply.picture[:200, :, 0].mean() > day[:200, :, 0].mean()


async def test_clouds_can_be_removed() -> None:
    talk = Talk()
    await talk.ask("a house under four clouds")
    reply = await talk.ask("remove the clouds")
    assert "cloud" not in reply.shown[0].alt
    assert "without the clouds" in reply.text


async def test_a_thing_of_the_scene_changes_its_colour_and_size() -> None:
    talk = Talk()
    await talk.ask("a sofa and a lamp")
    assert "green sofa" in (await talk.ask("make the sofa green")).shown[0].alt
    assert "small green sofa" in (await talk.ask("make the sofa smaller")).shown[0].alt


async def test_one_thing_is_replaced_by_another() -> None:
    talk = Talk()
    await talk.ask("a dog next to a car")
    alt = (await talk.ask("replace the dog with a horse")).shown[0].alt
    assert "horse" in alt
    assert "dog" not in alt


async def test_an_edit_of_pixels_works_on_a_painted_scene_and_lasts() -> None:
    talk = Talk(options={"aspect_ratio": "16:9"})
    await talk.ask("a red car in the city")
    grey = (await talk.ask("greyscale and rotate 90 degrees")).picture
    assert grey.shape[:2] == (1024, 576)
    framed = (await talk.ask("add a white border")).picture
    assert framed.shape[0] > 1024


async def test_a_changed_scene_keeps_its_size() -> None:
    talk = Talk(options={"aspect_ratio": "1:1", "image_size": "512"})
    await talk.ask("a castle")
    talk.options = {}
    assert (await talk.ask("make it snow")).picture.shape[:2] == (512, 512)


async def test_a_new_subject_is_a_new_picture() -> None:
    talk = Talk()
    await talk.ask("a castle")
    alt = (await talk.ask("draw three fish")).shown[0].alt
    assert "castle" not in alt


async def test_what_is_not_in_the_scene_is_not_pretended() -> None:
    talk = Talk()
    await talk.ask("a castle")
    reply = await talk.ask("replace the dog with a horse")
    assert reply.shown == []
    assert reply.text.count("\n- ") == 3


async def test_a_picture_that_is_no_longer_kept_is_asked_for_again() -> None:
    talk = Talk()
    await talk.ask("make it warmer", b"anything")
    talk.messages.pop()
    talk.media.clear()
    reply = await talk.answered()
    assert "attach it again" in reply.text
    assert reply.finished.finish.kind == "stop"


async def test_a_plan_from_elsewhere_falls_back_on_the_pixels() -> None:
    """A damaged or foreign echo must not break the follow-up, only its comfort."""
    talk = Talk()
    await talk.ask("a castle")
    last = talk.messages[-1]
    odd = Echo("sketch", {"scene": {"things": [{"kind": 3}], "seed": "x"}})
    parts = tuple(replace(p, echo=odd) if isinstance(p, Image) else p for p in last.parts)
    talk.messages[-1] = replace(last, parts=parts)
    reply = await talk.ask("make it snow")
    assert len(reply.shown) == 1
    assert "let it snow" in reply.text


async def test_a_description_with_weather_is_a_new_picture() -> None:
    talk = Talk()
    await talk.ask("a castle")
    assert "castle" not in (await talk.ask("two robots in the rain")).shown[0].alt


async def test_it_means_the_thing_that_was_painted() -> None:
    talk = Talk()
    await talk.ask("a castle")
    assert "large castle" in (await talk.ask("make it bigger")).shown[0].alt
