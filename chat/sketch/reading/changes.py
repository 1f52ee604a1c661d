"""Follow-ups on a scene: "add two red boats", "now evening light", "remove the clouds".

Takes the scene that was and the words, gives the scene that is wanted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from chat.core.languages import later, say
from chat.sketch.order import Order
from chat.sketch.reading.alterations import alter
from chat.sketch.reading.draft import Draft, absent
from chat.sketch.reading.lexicon import CLOTHES
from chat.sketch.reading.nouns import is_plural, kind_of, land_of
from chat.sketch.reading.orders import read_orders
from chat.sketch.reading.wishes import EDIT_VERBS, bare
from chat.sketch.scene import FIGURES, MOST_THINGS, Scene, Thing
from chat.sketch.tongues.naming import named

_CLAUSES = re.compile(
    rf"(?:[.;!?,]|\band\b|\bthen\b|\bbut\b)[\s.;!?,]{{0,8}}"
    rf"(?=(?:please |also |now |then |and ){{0,4}}(?:{EDIT_VERBS}|without|two more|move|"
    r"the \w{1,40} (?:much )?(?:bigger|larger|taller|smaller))\b)"
)
_HOURS = {
    "night": later("it is night now"),
    "dawn": later("it is dawn now"),
    "evening": later("the light is evening light now"),
    "day": later("it is day now"),
}
_WEATHER = {"snow": later("it snows"), "rain": later("it rains"), "fog": later("there is fog")}
_FURNITURE = frozenset(("sofa", "chair", "lamp", "table", "bed", "shelf", "plant"))
_WHOLE = frozenset(("", "it", "them", "this", "that"))


@dataclass(frozen=True, slots=True)
class Change:
    """The scene wanted, what changed in words, and edits of pixels that remain to be done."""

    scene: Scene
    said: tuple[str, ...]
    failed: tuple[str, ...]
    """What was asked for and could not be, as sentences without a full stop."""
    orders: tuple[Order, ...]
    read: frozenset[str]
    """Words that were understood although no table has them."""
    stood_in: Mapping[str, str]
    """Words for what another kind is painted in place of, with that kind."""
    dropped: tuple[str, ...]
    """Known words that found no use."""
    of_weather: frozenset[str] = frozenset()
    """What of ``said`` is about the weather."""
    of_letters: frozenset[str] = frozenset()
    """What of it is about the words on a card."""


def changed(scene: Scene, text: str) -> Change:
    """Apply the words to the scene; ``said`` is empty where no word applied."""
    draft = Draft(scene)
    # The capitals of a caption survive in the orders, which read the text as it was written.
    rest = [order for order in read_orders(text) if not _ordered(draft, order)]
    written = any(order.name == "caption" for order in rest)
    clauses = _CLAUSES.split(bare(re.sub(r"[\"“”«»„][^\"“”«»„]*[\"“”«»„]", " ", text)))
    for clause in clauses:
        if written and re.search(r"\b(?:caption|text|write|saying|says|title|label)\b", clause):
            continue
        alter(draft, clause)
    return Change(
        draft.scene,
        tuple(draft.said),
        tuple(dict.fromkeys(draft.failed)),
        tuple(rest),
        frozenset(draft.read),
        draft.stood_in,
        tuple(draft.dropped),
        frozenset(draft.of_weather),
        frozenset(draft.of_letters),
    )


def _ordered(draft: Draft, order: Order) -> bool:
    """Whether an edit is better done by painting anew, and was."""
    scene = draft.scene
    if order.name == "hour":
        time = next((hour for hour in _HOURS if hour == order.text), "day")
        draft.scene = replace(scene, time=time, sky=None)  # type: ignore[arg-type]
        draft.said.append(say(_HOURS[time]))
        return True
    if order.name == "caption" and scene.card:
        draft.scene = replace(scene, card=order.text)
        draft.said.append(say("it says “{words}”", words=order.text[:80]))
        draft.of_letters.append(draft.said[-1])
        return True
    if order.name in _WEATHER:
        clear = scene.weather - {"snow", "rain", "fog", "overcast"}
        draft.scene = replace(scene, weather=frozenset(clear | {order.name}))
        draft.weathered([say(_WEATHER[order.name])])
        return True
    if order.name != "dye" or order.colour is None:
        return False
    if order.target == "background" and _indoors(scene):
        return _dyed(draft, replace(order, target="wall"))
    if scene.card and order.target in {"card", "it", "this", "", "paper"}:
        order = replace(order, target="background")
    if order.target in {"sky", "background"}:
        draft.scene = replace(scene, sky=order.colour)
        draft.said.append(coloured(order.target, order.colour_name))
        return True
    return _dyed(draft, order)


def _indoors(scene: Scene) -> bool:
    return "room" in scene.land or any(t.kind in _FURNITURE for t in scene.things)


def _dyed(draft: Draft, order: Order) -> bool:
    """Always done or refused: guessing at pixels is for pictures that nobody knows."""
    scene, noun = draft.scene, order.target.rsplit(" ", 1)[-1]
    if noun in CLOTHES or noun == "hair":
        return _worn(draft, order, noun)
    kind = kind_of(noun) or land_of(noun) or {"wall": "wall", "walls": "wall"}.get(noun, "")
    if noun in _WHOLE and len(scene.things) == 1:
        kind = noun = scene.things[0].kind
    if not kind:
        return noun not in _WHOLE and _missing(draft, order.target)
    whole = order.target in _WHOLE
    said = coloured(noun if whole else order.target, order.colour_name, several=is_plural(noun))
    if any(t.kind == kind for t in scene.things):
        things = tuple(
            replace(t, colour=order.colour) if t.kind == kind else t for t in scene.things
        )
        draft.scene = replace(scene, things=things)
    elif kind in {*scene.land, "wall"} or (kind == "meadow" and not scene.land):
        tinted = Thing(kind, colour=order.colour)
        draft.scene = replace(scene, things=(*scene.things, tinted)[:MOST_THINGS])
    else:
        return _missing(draft, order.target)
    draft.said.append(said)
    return True


def _worn(draft: Draft, order: Order, noun: str) -> bool:
    """Hair and clothes of the figures in the scene."""
    scene = draft.scene
    if not any(t.kind in FIGURES for t in scene.things):
        return _missing(draft, noun)
    hair = noun == "hair"
    things = tuple(
        t
        if t.kind not in FIGURES
        else replace(t, hair=order.colour)
        if hair
        else replace(t, colour=order.colour)
        for t in scene.things
    )
    draft.scene = replace(scene, things=things)
    several = noun.endswith("s") and noun != "dress"
    draft.said.append(coloured(noun, order.colour_name, several=several))
    return True


def coloured(what: str, colour: str, *, several: bool = False) -> str:
    """A clause: the thing, and the colour that it has now."""
    if several:
        return say("the {things} are {colour}", things=named(what), colour=named(colour))
    return say("the {thing} is {colour}", thing=named(what), colour=named(colour))


def _missing(draft: Draft, what: str) -> bool:
    draft.failed.append(absent(what))
    return True
