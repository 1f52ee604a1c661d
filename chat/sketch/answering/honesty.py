"""The honest sentences: what was left out, what could not be done, and what to try instead."""

from collections.abc import Mapping, Sequence

from chat.core.languages import later, say
from chat.sketch.answering.history import Source
from chat.sketch.answering.scenes import colour_name
from chat.sketch.painting.catalogue import CATALOGUE
from chat.sketch.painting.layout import stage_of
from chat.sketch.reading.nouns import plural
from chat.sketch.reading.orders import read_orders, unquoted_words, without_unquoted
from chat.sketch.reading.vocabulary import unknown_words
from chat.sketch.scene import Scene, Thing
from chat.sketch.tongues.naming import named, one, quoted, stopped, strange
from chat.sketch.tongues.tables import spoken_tongue
from chat.sketch.tongues.telling import meant

_DYED = {
    **dict.fromkeys(("sofa", "car", "boat", "balloon", "bus", "chair", "vase", "tulip"), "green"),
    **dict.fromkeys(("house", "bird", "ship", "tent", "train", "truck", "kite", "book"), "blue"),
    **dict.fromkeys(("barn", "bicycle", "bowl", "cup", "robot", "butterfly", "fish"), "yellow"),
    **dict.fromkeys(("apple", "flower", "cake", "bed", "lamp", "plane", "rocket"), "pink"),
    **dict.fromkeys(("circle", "square", "heart"), "yellow"),
}
"""Things that look well in another colour, and which."""
_LAND_WORDS = {
    "sea": "a stretch of water",
    "beach": "a beach",
    "mountains": "a row of mountains",
    "forest": "a forest",
    "meadow": "a meadow",
    "room": "a living room",
}
"""How a ground is called that stands for another."""
_COMPANY = {"room": "a cat", "sea": "a red boat", "space": "a rocket", "underwater": "two fish"}
FOREIGN = later(
    "I understand only English, German, Spanish, French, Japanese, Chinese and Hindi, and those "
    "words are of another language."
)
PIXEL_IDEAS = (later("make it warmer"), later("add a white border"), later("now evening light"))
NEW_IDEAS = (
    later("a lighthouse by the sea at sunset"),
    later("two cats on a green sofa"),
    later("a fox in a snowy forest"),
)
MORE_IDEAS = (
    *NEW_IDEAS,
    later("a red boat and a hot air balloon on a lake before mountains at dawn"),
    later("a windmill and tulips under a rainbow"),
    later("a rocket in space"),
    later("three fish under water"),
    later("a bowl of lemons and apples"),
    later("a woman with red hair in a blue dress and a dog"),
    later('a birthday card that says "Happy birthday!"'),
    later("three pink hearts"),
    later("a castle on a hill at night"),
)
"""New pictures, in words that are also the names of pictures of them which the page shows."""
SHOWN = 6


def new_ideas(text: str) -> tuple[str, ...]:
    """Some of the pictures that can be painted: other words, others of them."""
    turn = sum(map(ord, text[:200])) % len(MORE_IDEAS)
    return tuple((*MORE_IDEAS[turn:], *MORE_IDEAS[:turn])[:SHOWN])


def dropped_words(text: str) -> tuple[str, ...]:
    """Words that no rule reads and that are not written onto the picture either."""
    for order in read_orders(text):
        if order.name == "caption":
            text = text.replace(order.text, " ")
    return unknown_words(without_unquoted(text))


def stood_in(words: Mapping[str, str]) -> str:
    """Sentences for what another kind is painted in place of; empty where all is as it was said.

    Args:
        words: the word that was said, in the singular, with the kind that is painted.
    """
    english = spoken_tongue() is None
    told = [
        say(
            "I do not know {thing}, so this is {other}.",
            thing=strange(word),
            other=(english and _LAND_WORDS.get(kind)) or one(kind),
        )
        for word, kind in words.items()
    ]
    return " ".join(told)


def unquoted(text: str) -> tuple[str, ...]:
    """Says what is written only in quotation marks, where it stands in none."""
    words = unquoted_words(text)
    if not words:
        return ()
    return (
        say(
            'I write only what stands in quotation marks: *add the caption "{words}"*',
            words=words[:60],
        ),
    )


def left_out(text: str, more: Sequence[str] = ()) -> str:
    """Names the words that no rule reads, and more that found no use; empty where all did."""
    words = tuple(dict.fromkeys((*dropped_words(text), *more)))
    if not words:
        return ""
    some = ", ".join(quoted(word) for word in words[:5])
    if len(words) > 5:
        return say("I left out: {words} and more.", words=some)
    return say("I left out: {words}.", words=some)


def at_a_loss(
    source: Source, text: str, failed: tuple[str, ...] = (), dropped: Sequence[str] = ()
) -> str:
    """Nothing could be done with the picture: why, and three things that can be."""
    unread = tuple(dict.fromkeys((*dropped_words(text), *dropped)))
    words = ", ".join(quoted(word) for word in unread[:5])
    why = [stopped(sentence) for sentence in failed]
    if words:
        why.append(say("I do not know {words}.", words=words))
    said = " ".join(why) or say("I found nothing in your words that I could change.")
    return f"{said} {say('The picture stays as it is.')} {three_things(ideas_for(source))}"


def ideas_for(source: Source) -> tuple[str, ...]:
    """Three follow-ups that suit a picture."""
    return scene_ideas(source.plan.scene) if source.plan is not None else PIXEL_IDEAS


def scene_ideas(scene: Scene) -> tuple[str, str, str]:
    """Three follow-ups that suit a scene: a colour or a companion, a light, an edit."""
    if stage_of(scene) in {"card", "sheet"}:
        ground = colour_name(scene.sky) if scene.sky is not None else ""
        blue = ground == "blue"
        colour = later("make the background yellow") if blue else later("make the background blue")
        size = later("make it square") if scene.card else later("make it 16:9")
        return (size, colour, later("add a white border"))
    light = later("now evening light")
    if scene.time in {"evening", "dawn"}:
        light = later("now at night")
    if scene.time == "night":
        light = later("now at dawn")
    return (_thing_idea(scene.things, scene.land), light, later('add the caption "Hello"'))


def _thing_idea(things: tuple[Thing, ...], land: tuple[str, ...]) -> str:
    kinds = {thing.kind for thing in things}
    for thing in things:
        if thing.kind in _DYED:
            hue = _DYED[thing.kind]
            if thing.colour is not None and colour_name(thing.colour) == hue:
                hue = "red"
            return _in_colour(thing.kind, hue) if thing.count == 1 else _two_more(thing.kind)
    zones = {CATALOGUE[kind].zone for kind in kinds if kind in CATALOGUE}
    indoors = "a cup" if zones == {"table"} else "a lamp" if "room" in zones else "a tree"
    company = next((_COMPANY[each] for each in land if each in _COMPANY), indoors)
    if company.rsplit(" ", 1)[-1] in kinds:
        return later("add a red balloon")
    return {
        "a cat": later("add a cat"), "a red boat": later("add a red boat"),
        "a rocket": later("add a rocket"), "two fish": later("add two fish"),
        "a cup": later("add a cup"), "a lamp": later("add a lamp"), "a tree": later("add a tree"),
    }[company]  # fmt: skip


def _in_colour(kind: str, hue: str) -> str:
    tongue = spoken_tongue()
    if tongue is None:
        return f"make the {kind} {hue}"
    thing, colour = meant(kind, tongue, colour=hue)
    return say("make {thing} {colour}", thing=thing, colour=colour)


def _two_more(kind: str) -> str:
    return say("two more {things}", things=named(plural(kind)))


def listed(ideas: tuple[str, ...]) -> str:
    """Ideas as a list."""
    return "".join(f"- *{say(idea)}*\n" for idea in ideas)


def three_things(ideas: tuple[str, ...]) -> str:
    """Ideas as a list, with what it is."""
    return f"{say('Three things to try:')}\n\n{listed(ideas)}"
