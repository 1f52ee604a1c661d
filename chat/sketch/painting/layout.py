"""Where everything goes: things to placements. Knows sizes and relations, draws nothing.

Positions are shares of the picture, 0..1 from the upper left; y is where a thing stands.
"""

from dataclasses import dataclass, replace

import numpy as np

from chat.sketch.painting.catalogue import CATALOGUE, SKY_LIGHTS, Kind
from chat.sketch.scene import SHAPES, Rgb, Scene, Thing

_PLACES = {"left": 0.24, "middle": 0.5, "right": 0.76}
_SEATS = {
    "house": 0.82,
    "sofa": 0.47,
    "chair": 0.5,
    "bed": 0.56,
    "boat": 0.12,
    "car": 0.94,
    "cake": 0.68,
    "horse": 0.62,
}
"""How high on a thing one sits, as a share of its height, where that is not the top."""


_TREE = CATALOGUE["tree"]


@dataclass(frozen=True, slots=True)
class Placement:
    """One thing at one spot."""

    kind: str
    colour: Rgb | None
    x: float
    y: float
    height: float
    mirrored: bool = False
    distance: float = 0.0
    order: float = 0.0
    """Painted from small to large."""
    hair: Rgb | None = None


def stage_of(scene: Scene) -> str:
    """Which kind of place.

    ``card``, ``sheet``, ``room``, ``table``, ``sea_bed``, ``space`` or ``outdoors``.
    """
    if scene.card:
        return "card"
    zones = {CATALOGUE[t.kind].zone for t in scene.things if t.kind in CATALOGUE}
    kinds = {t.kind for t in scene.things}
    if kinds - {"star"} and kinds <= SHAPES and not (scene.land or scene.time or scene.weather):
        return "sheet"
    if "underwater" in scene.land or (kinds & {"fish"} and zones == {"water"} and not scene.land):
        return "sea_bed"
    if "space" in scene.land or (kinds == {"rocket"} and not scene.land and not scene.time):
        return "space"
    laden = {t.kind for t in scene.things if CATALOGUE.get(t.kind, _TREE).zone == "table"}
    if laden and kinds <= laden | {"table"} and not scene.land:
        return "table"
    if "room" in scene.land or ("room" in zones and not scene.land):
        return "room"
    return "outdoors"


def waterside(scene: Scene) -> bool:
    """Whether there is a wide water in the picture."""
    wet = {t.kind for t in scene.things} & {"boat", "ship", "duck", "whale", "bridge"}
    return "sea" in scene.land or "beach" in scene.land or (bool(wet) and "river" not in scene.land)


def has_shore(scene: Scene) -> bool:
    """Whether there is ground in front of the water to stand on."""
    kinds = [CATALOGUE[t.kind] for t in scene.things if t.kind in CATALOGUE]
    return "beach" in scene.land or any(kind.zone == "ground" for kind in kinds)


def laid_out(scene: Scene, wide: float, horizon: float) -> list[Placement]:
    """Every thing placed, back to front. ``wide`` is the picture's width over its height."""
    rng = np.random.default_rng(scene.seed)
    stage = stage_of(scene)
    if stage == "outdoors" and waterside(scene) and has_shore(scene):
        stage = "shore"
    groups = [t for t in scene.things if t.kind in CATALOGUE and t.kind not in SKY_LIGHTS]
    if stage == "table":
        groups = [t for t in groups if t.kind != "table"]
    free = [t for t in groups if not t.place and not _anchor(t, groups)]
    taken = {t.place for t in groups if not _anchor(t, groups)}
    # A side that was asked for is kept free of what may stand anywhere.
    low, high = (0.48 if "left" in taken else 0.07), (0.52 if "right" in taken else 0.93)
    if low > high - 0.1:
        low, high = 0.4, 0.6
    weights = [max(0.35, _group_width(t, stage, wide)) for t in free]
    centres: dict[int, float] = {}
    run = 0.0
    for thing, weight in zip(free, weights, strict=True):
        share = weight / sum(weights)
        centres[id(thing)] = low + (high - low) * (run + share / 2)
        run += share
    if len(free) == 1 and len(groups) == 1 and free[0].count == 1 and stage == "outdoors":
        centres[id(free[0])] = 0.44 if rng.random() < 0.5 else 0.56
    heads: dict[str, Placement] = {}
    held: dict[str, int] = {}
    placed: list[Placement] = []
    # Anchors first, whatever the order of the words.
    for thing in sorted(groups, key=lambda t: _depth(t, groups)):
        crowd = sum(1 for t in groups if CATALOGUE[t.kind].zone == CATALOGUE[thing.kind].zone)
        centre = centres.get(id(thing), _PLACES.get(thing.place, 0.5))
        row = _row(thing, centre, stage, wide, horizon, crowd, rng)
        anchor = heads.get(thing.anchor)
        if anchor is not None and _anchor(thing, groups):
            relate = _on_a_sheet if stage == "sheet" else _related
            row = [relate(each, k, thing, anchor, wide) for k, each in enumerate(row)]
            # Several kinds in one bowl are heaped: who was named first lies behind and higher.
            later = sum(t.relation == "in" and t.anchor == thing.anchor for t in groups)
            later -= 1 + held.get(thing.anchor, 0)
            if thing.relation == "in" and later > 0:
                row = [
                    replace(p, y=p.y - 0.3 * p.height * later, order=p.order - 0.001 * later)
                    for p in row
                ]
            held[thing.anchor] = held.get(thing.anchor, 0) + (thing.relation == "in")
        heads.setdefault(thing.kind, row[0])
        placed += row
    return sorted(placed, key=lambda p: p.order)


def _anchor(thing: Thing, groups: list[Thing]) -> Thing | None:
    if not thing.relation:
        return None
    return next((t for t in groups if t.kind == thing.anchor and t is not thing), None)


def _depth(thing: Thing, groups: list[Thing]) -> int:
    """How many anchors stand one upon the other below a thing; a circle ends at nine."""
    depth, below = 0, _anchor(thing, groups)
    while below is not None and depth < 9:
        depth, below = depth + 1, _anchor(below, groups)
    return depth


def _height(kind: Kind, thing: Thing, stage: str, wide: float) -> float:
    height = kind.height * thing.size
    if stage == "card":
        return min(0.26 * (0.75 if thing.size < 0.8 else 1.0), 0.26 * 3 / max(kind.width, 1.0) / 2)
    if stage == "sheet":
        height = 0.42 * thing.size
    if stage in {"room", "table"} and kind.zone == "ground":
        height *= 0.75
    if stage == "room" and kind.zone == "table":
        height *= 0.35
    if stage in {"outdoors", "shore"} and kind.zone == "table":
        height *= 0.6
    if stage == "shore" and kind.zone == "water":
        height *= 0.7
    if stage == "table" and kind.zone != "table":
        height *= 0.8
    widest = 0.8 * wide / max(kind.width, 0.3)
    return min(height, widest, 0.86)


def _group_width(thing: Thing, stage: str, wide: float) -> float:
    kind = CATALOGUE[thing.kind]
    return thing.count * kind.width * _height(kind, thing, stage, wide) / wide


def _row(
    thing: Thing,
    centre: float,
    stage: str,
    wide: float,
    horizon: float,
    crowd: int,
    rng: np.random.Generator,
) -> list[Placement]:
    """A group side by side around its centre, shrunk if it would not fit."""
    kind = CATALOGUE[thing.kind]
    height = _height(kind, thing, stage, wide)
    if crowd == 1 and thing.count == 1 and kind.zone in {"ground", "table"} and stage != "room":
        height = min(height * 1.3, 0.7, 0.62 * wide / kind.width)
    if stage == "sheet" and thing.count == 1 and crowd == 1:
        height = min(height * 1.4, 0.8, 0.8 * wide / kind.width)
    room = 0.9 if crowd == 1 else 0.9 / crowd + 0.1
    if thing.place in {"left", "right"}:
        room = min(room, 0.44)
    step = 1.08 * kind.width * height / wide
    if step * thing.count > room:
        height *= max(0.3, room / (step * thing.count))
        step = room / thing.count
    if kind.zone == "sky" and stage not in {"sheet", "card"}:
        step = max(step, min(0.13, room / thing.count))
    row = []
    for k in range(thing.count):
        offset = k - (thing.count - 1) / 2
        jitter = rng.random(3) - 0.5 if thing.count > 1 else np.zeros(3)
        y = _stand(kind, stage, horizon, height, thing)
        if stage in {"sheet", "card"}:
            jitter = np.zeros(3)  # such a row is straight
        elif kind.zone == "sky":
            y += abs(offset) * 0.04 + 0.05 * float(jitter[1])
        elif thing.count > 1:
            y += 0.05 * float(jitter[1])
        # Wide things stay inside the picture; a bridge may run out of it.
        half = min(0.5, kind.width * height / wide / 2 + 0.01) if thing.kind != "bridge" else 0.03
        x = centre + offset * step + 0.18 * step * float(jitter[0])
        # What was asked for on one side has its middle on that side.
        x = min(x, 0.47) if thing.place == "left" else max(x, 0.53) if thing.place == "right" else x
        row.append(
            Placement(
                kind=thing.kind,
                colour=thing.colour,
                x=min(1 - half, max(half, x)),
                y=y,
                height=height * (1 + 0.16 * float(jitter[2])),
                mirrored=centre + offset * step > 0.62,
                order=y if kind.zone != "sky" else y - 1,
                hair=thing.hair,
            )
        )
    return row


def _stand(kind: Kind, stage: str, horizon: float, height: float, thing: Thing) -> float:
    """The y on which a thing of this kind stands."""
    if stage == "card":
        return 0.9
    if stage == "sheet":
        return 0.5 + height / 2
    if stage in {"sea_bed", "space"}:
        return 0.5 + height / 2 if kind.zone in {"water", "sky"} else 0.9
    if kind.zone == "sky":
        return max(height + 0.06, 0.26 + height * 0.5)
    if stage == "room":
        return {"room": 0.86, "ground": 0.93, "table": 0.9}.get(kind.zone, 0.9)
    if stage == "table":
        return 0.86
    if kind.zone == "water" and stage == "shore":
        return horizon + (0.05 if thing.kind in {"ship", "bridge"} else 0.085)
    if kind.zone == "water":
        return horizon + (0.09 if thing.kind in {"ship", "bridge"} else 0.19)
    return min(0.93, horizon + 0.2 + 0.12 * (1 - min(1.0, height / 0.5)))


def _related(one: Placement, k: int, thing: Thing, anchor: Placement, wide: float) -> Placement:
    """Moved to where its relation to the anchor wants it; ``k`` is its number in its row."""
    mine, its = CATALOGUE[one.kind], CATALOGUE[anchor.kind]
    reach = (mine.width * one.height + its.width * anchor.height) / 2 / wide
    spread = (k - (thing.count - 1) / 2) * mine.width * one.height / wide * 0.95
    if thing.relation == "on":
        seat = anchor.y - anchor.height * _SEATS.get(anchor.kind, 0.96)
        # Whoever sits on a roof keeps the head inside the picture.
        share = 0.5 if its.zone == "ground" and its.height >= 0.36 else 0.9
        height = min(one.height, anchor.height * share, max(0.08, seat - 0.03))
        return replace(one, x=anchor.x + spread, y=seat, height=height, order=anchor.order + 0.001)
    if thing.relation == "in":
        height = min(one.height, anchor.height * 0.85)
        y = anchor.y - anchor.height * 0.62
        return replace(one, x=anchor.x + spread, y=y, height=height, order=anchor.order - 0.001)
    if thing.relation in {"left", "right"}:
        side = -1 if thing.relation == "left" else 1
        x = anchor.x + side * (reach * 1.06) + spread
        return replace(one, x=min(0.95, max(0.05, x)), mirrored=side > 0)
    if thing.relation == "behind":
        y = anchor.y - 0.045
        x = anchor.x + reach * 0.62 + spread
        return replace(one, x=x, y=y, order=anchor.order - 0.01, distance=0.12)
    if thing.relation == "before":
        y = min(0.97, anchor.y + 0.07)
        return replace(one, x=anchor.x - reach * 0.3 + spread, y=y, order=anchor.order + 0.07)
    if thing.relation == "above":
        y = max(one.height + 0.02, anchor.y - anchor.height - 0.06)
        return replace(one, x=anchor.x + spread, y=max(one.height + 0.02, y - 0.05 * (k % 2)))
    return replace(one, x=anchor.x - reach * 0.6 + spread, order=anchor.order + 0.01)


def _on_a_sheet(one: Placement, k: int, thing: Thing, anchor: Placement, wide: float) -> Placement:
    """As ``_related``, for flat shapes: on, in and before lie upon the other's middle."""
    mine, its = CATALOGUE[one.kind], CATALOGUE[anchor.kind]
    spread = (k - (thing.count - 1) / 2) * mine.width * one.height / wide * 1.08
    middle = anchor.y - anchor.height / 2
    if thing.relation in {"left", "right"}:
        side = -1 if thing.relation == "left" else 1
        reach = (mine.width * one.height + its.width * anchor.height) / 2 / wide
        return replace(one, x=anchor.x + side * reach * 1.15 + spread)
    if thing.relation in {"above", "under"}:
        height = min(one.height, 0.9 * (1 - anchor.height) / 2)
        y = (
            anchor.y - anchor.height - 0.02
            if thing.relation == "above"
            else anchor.y + height + 0.02
        )
        return replace(one, x=anchor.x + spread, y=y, height=height)
    behind = thing.relation == "behind"
    height = anchor.height * (1.3 if behind else 0.5)
    order = anchor.order + (-0.001 if behind else 0.001)
    return replace(one, x=anchor.x + spread / 2, y=middle + height / 2, height=height, order=order)
