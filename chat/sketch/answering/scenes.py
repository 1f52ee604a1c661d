"""A scene in words, as it is told and as it is described to people who cannot see it."""

import re
from collections.abc import Mapping
from dataclasses import replace

from chat.core.languages import say
from chat.sketch.painting.layout import stage_of
from chat.sketch.reading.lexicon import COLOURS, HAIR
from chat.sketch.reading.nouns import plural, spoken
from chat.sketch.scene import FIGURES, Rgb, Scene, Thing
from chat.sketch.tongues.tables import spoken_tongue
from chat.sketch.tongues.telling import described
from chat.sketch.tongues.tongue import Tongue

_COUNTS = ("no", "a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LANDS = {
    "sea": "by the water",
    "beach": "on the beach",
    "river": "by a river",
    "mountains": "before mountains",
    "hills": "among hills",
    "city": "in the city",
    "forest": "in a forest",
    "desert": "in the desert",
    "meadow": "in a meadow",
    "room": "in a room",
    "underwater": "under water",
    "space": "in space",
}
_WEATHER = {
    "rain": "rain",
    "snow": "snow",
    "storm": "a storm",
    "fog": "fog",
    "rainbow": "a rainbow",
}
_TIMES = {"day": "by day", "dawn": "at dawn", "evening": "in evening light", "night": "at night"}
_RELATIONS = {
    "on": "on",
    "in": "in",
    "behind": "behind",
    "before": "in front of",
    "left": "left of",
    "right": "beside",
    "above": "above",
    "under": "under",
}


def description(scene: Scene) -> str:
    """The scene in words, fit to follow "Here is"."""
    if (tongue := spoken_tongue()) is not None:
        return _elsewhere(scene, tongue)
    if scene.card:
        ground = f"{colour_name(scene.sky)} " if scene.sky is not None else ""
        article = "an" if ground[:1] in {"a", "e", "i", "o", "u"} else "a"
        beside = description(replace(scene, card="", sky=None)) if scene.things else ""
        return f"{article} {ground}card that says “{scene.card}”{beside and ', with ' + beside}"
    shown = [t for t in scene.things if t.kind not in _LANDS and t.kind != "wall"]
    # "A cat on a sofa": the sofa is named where something stands on it, and not again.
    alone = {t.kind: t for t in shown if sum(o.kind == t.kind for o in shown) == 1}
    carried = {t.anchor for t in shown if t.relation and t.anchor != t.kind}
    named: list[str] = []
    order = sorted(shown, key=lambda t: t.kind in carried and t.kind in alone)
    names = [_phrase(t, alone, named) for t in order if t.kind not in named or t.kind not in alone]
    said = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + "".join(names[-1:])
    said = said or ("a plain picture" if scene.sky and not scene.land else "a landscape")
    lands = [_LANDS[land] for land in scene.land if land in _LANDS]
    skies = [_WEATHER[kind] for kind in sorted(scene.weather) if kind in _WEATHER]
    parts = [said, *lands, *([_TIMES[scene.time]] if scene.time else [])]
    if skies:
        parts.append("with " + " and ".join(skies))
    if scene.sky is not None:
        flat = stage_of(scene) in {"sheet", "table", "room"}
        ground = f"on a {colour_name(scene.sky)} background"
        parts.append(ground if flat else f"under a {colour_name(scene.sky)} sky")
    return " ".join(parts)


def _elsewhere(scene: Scene, tongue: Tongue) -> str:
    """The scene in a language that has a table."""
    if not scene.card:
        return described(scene, tongue) or say("a landscape")
    beside = described(replace(scene, card=""), tongue)
    card = say("a card that says “{words}”", words=scene.card)
    return (", " if tongue.spaces else "、").join(each for each in (card, beside) if each)


def here_is(scene: Scene) -> str:
    """A line: "Here is" or "Here are", with the scene."""
    said = description(scene)
    if spoken_tongue() is not None:
        return say("Here is {scene}:", scene=said)
    first = re.sub(r" with \w+ hair", "", said).split(" with ")[0]
    many = not said.startswith(("a ", "an ", "the ")) or (" and " in first and not scene.card)
    return f"Here {'are' if many else 'is'} {said}:"


def colour_name(colour: Rgb) -> str:
    """The nearest colour that has a name."""
    return _nearest(colour, COLOURS)


def _nearest(colour: Rgb, names: Mapping[str, Rgb]) -> str:
    return min(
        names,
        key=lambda name: sum((a - b) ** 2 for a, b in zip(names[name], colour, strict=True)),
    )


def _looks(thing: Thing) -> str:
    """As in " with red hair in a blue dress"."""
    said = ""
    if thing.hair is not None:
        said += f" with {_nearest(thing.hair, {**COLOURS, 'blonde': HAIR['blonde']})} hair"
    if thing.colour is not None:
        dress, hue = thing.kind in {"woman", "girl"}, colour_name(thing.colour)
        article = "an" if hue[0] in "aeiou" else "a"
        one, several = ("dress", "dresses") if dress else ("shirt", "shirts")
        said += f" in {article} {hue} {one}" if thing.count == 1 else f" in {hue} {several}"
    return said


def _phrase(thing: Thing, alone: dict[str, Thing], named: list[str]) -> str:
    """A thing with what it stands on, and what that stands on; each is described once."""
    words = _name(thing)
    named.append(thing.kind)
    anchor = alone.get(thing.anchor) if thing.relation else None
    if anchor is None:
        return words
    its = f"the {anchor.kind}" if anchor.kind in named else _phrase(anchor, alone, named)
    return f"{words} {_RELATIONS[thing.relation]} {its}"


def _name(thing: Thing) -> str:
    noun = plural(thing.kind) if thing.count > 1 else spoken(thing.kind)
    figure = thing.kind in FIGURES
    adjectives = [colour_name(thing.colour)] if thing.colour and not figure else []
    if thing.size >= 1.3 or thing.size <= 0.7:
        adjectives.insert(0, "large" if thing.size > 1 else "small")
    words = [*adjectives, noun]
    count = _COUNTS[thing.count] if thing.count < len(_COUNTS) else str(thing.count)
    if thing.count == 1:
        count = "the" if noun in {"sun", "moon"} else "an" if words[0][0] in "aeiou" else "a"
    said = " ".join([count, *words]) + (_looks(thing) if figure else "")
    if thing.place and not thing.relation:
        said += f" {'in the middle' if thing.place == 'middle' else 'on the ' + thing.place}"
    return said
