"""Follow-ups on a scene: "add two red boats", "now evening light", "remove the clouds".

Takes the scene that was and the words, gives the scene that is wanted.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from chat.sketch.order import Order
from chat.sketch.reading.alterations import alter
from chat.sketch.reading.draft import Draft, absent
from chat.sketch.reading.lexicon import CLOTHES
from chat.sketch.reading.nouns import is_plural, kind_of, land_of
from chat.sketch.reading.orders import read_orders
from chat.sketch.reading.wishes import EDIT_VERBS, bare
from chat.sketch.scene import FIGURES, MOST_THINGS, Scene, Thing

_CLAUSES = re.compile(
    rf"(?:[.;!?,]|\band\b|\bthen\b|\bbut\b)[\s.;!?,]{{0,8}}"
    rf"(?=(?:please |also |now |then |and ){{0,4}}(?:{EDIT_VERBS}|without|two more|move|"
    r"the \w{1,40} (?:much )?(?:bigger|larger|taller|smaller))\b)"
)
_HOURS = {
    "night": "it is night now",
    "dawn": "it is dawn now",
    "evening": "the light is evening light now",
    "day": "it is day now",
}
_WEATHER = {"snow": "it snows", "rain": "it rains", "fog": "there is fog"}
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
    )


def _ordered(draft: Draft, order: Order) -> bool:
    """Whether an edit is better done by painting anew, and was."""
    scene = draft.scene
    if order.name == "hour":
        time = next((hour for hour in _HOURS if hour == order.text), "day")
        draft.scene = replace(scene, time=time, sky=None)  # type: ignore[arg-type]
        draft.said.append(_HOURS[time])
        return True
    if order.name == "caption" and scene.card:
        draft.scene = replace(scene, card=order.text)
        draft.said.append(f"it says “{order.text[:80]}”")
        return True
    if order.name in _WEATHER:
        clear = scene.weather - {"snow", "rain", "fog", "overcast"}
        draft.scene = replace(scene, weather=frozenset(clear | {order.name}))
        draft.said.append(_WEATHER[order.name])
        return True
    if order.name != "dye" or order.colour is None:
        return False
    if order.target == "background" and _indoors(scene):
        return _dyed(draft, replace(order, target="wall"))
    if scene.card and order.target in {"card", "it", "this", "", "paper"}:
        order = replace(order, target="background")
    if order.target in {"sky", "background"}:
        draft.scene = replace(scene, sky=order.colour)
        draft.said.append(f"the {order.target} is {order.colour_name}")
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
    verb = "are" if is_plural(noun) else "is"
    said = f"the {order.target if order.target not in _WHOLE else noun} {verb} {order.colour_name}"
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
    draft.said.append(f"the {noun} {'are' if noun.endswith('s') and noun != 'dress' else 'is'} "
                      f"{order.colour_name}")  # fmt: skip
    return True


def _missing(draft: Draft, what: str) -> bool:
    draft.failed.append(absent(what))
    return True
