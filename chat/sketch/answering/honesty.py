"""The honest sentences: what was left out, what could not be done, and what to try instead."""

from chat.sketch.answering.history import Source
from chat.sketch.answering.scenes import colour_name
from chat.sketch.painting.catalogue import CATALOGUE
from chat.sketch.reading.nouns import plural
from chat.sketch.reading.orders import read_orders
from chat.sketch.reading.vocabulary import unknown_words
from chat.sketch.scene import Scene, Thing

_DYED = {
    **dict.fromkeys(("sofa", "car", "boat", "balloon", "bus", "chair", "vase", "tulip"), "green"),
    **dict.fromkeys(("house", "bird", "ship", "tent", "train", "truck", "kite", "book"), "blue"),
    **dict.fromkeys(("barn", "bicycle", "bowl", "cup", "robot", "butterfly", "fish"), "yellow"),
    **dict.fromkeys(("apple", "flower", "cake", "bed", "lamp", "plane", "rocket"), "pink"),
}
"""Things that look well in another colour, and which."""
_COMPANY = {"room": "a cat", "sea": "a red boat", "space": "a rocket", "underwater": "two fish"}
FOREIGN = "I understand only English, and I found no English word in that that I know."
PIXEL_IDEAS = ("make it warmer", "add a white border", "now evening light")
NEW_IDEAS = (
    "a lighthouse by the sea at sunset",
    "two cats on a green sofa",
    "a fox in a snowy forest",
)


def dropped_words(text: str) -> tuple[str, ...]:
    """Words that no rule reads and that are not written onto the picture either."""
    for order in read_orders(text):
        if order.name == "caption":
            text = text.replace(order.text, " ")
    return unknown_words(text)


def left_out(text: str) -> str:
    """Names the words that no rule reads; empty where all were read."""
    words = dropped_words(text)
    if not words:
        return ""
    more = " and more" if len(words) > 5 else ""
    return "I left out: " + ", ".join(f"“{word}”" for word in words[:5]) + more + "."


def at_a_loss(source: Source, text: str, failed: tuple[str, ...] = ()) -> str:
    """Nothing could be done with the picture: why, and three things that can be."""
    words = ", ".join(f"“{word}”" for word in dropped_words(text)[:5])
    why = [f"{sentence}." for sentence in failed]
    if words:
        why.append(f"I do not know {words}.")
    said = " ".join(why) or "I found nothing in your words that I could change."
    return f"{said} The picture stays as it is. Three things to try:\n\n{listed(ideas_for(source))}"


def ideas_for(source: Source) -> tuple[str, ...]:
    """Three follow-ups that suit a picture."""
    return scene_ideas(source.plan.scene) if source.plan is not None else PIXEL_IDEAS


def scene_ideas(scene: Scene) -> tuple[str, str, str]:
    """Three follow-ups that suit a scene: a colour or a companion, a light, an edit."""
    light = "now at night" if scene.time in {"evening", "dawn"} else "now evening light"
    if scene.time == "night":
        light = "now at dawn"
    return (_thing_idea(scene.things, scene.land), light, 'add the caption "Hello"')


def _thing_idea(things: tuple[Thing, ...], land: tuple[str, ...]) -> str:
    kinds = {thing.kind for thing in things}
    for thing in things:
        if thing.kind in _DYED:
            hue = _DYED[thing.kind]
            if thing.colour is not None and colour_name(thing.colour) == hue:
                hue = "red"
            name = f"the {thing.kind}"
            return f"make {name} {hue}" if thing.count == 1 else f"two more {plural(thing.kind)}"
    zones = {CATALOGUE[kind].zone for kind in kinds if kind in CATALOGUE}
    indoors = "a cup" if zones == {"table"} else "a lamp" if "room" in zones else "a tree"
    company = next((_COMPANY[each] for each in land if each in _COMPANY), indoors)
    return "add a red balloon" if company.rsplit(" ", 1)[-1] in kinds else f"add {company}"


def listed(ideas: tuple[str, ...]) -> str:
    """Ideas as a list."""
    return "".join(f"- *{idea}*\n" for idea in ideas)
