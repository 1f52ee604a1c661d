"""What a picture shows, as values: the contract between reading and painting.

A scene can be written down as JSON and read back, so that a follow-up finds the picture's
own plan again. Knows neither words nor pixels.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, TypeAlias, get_args

from chat.core.parts import Json

Rgb: TypeAlias = tuple[int, int, int]
Time: TypeAlias = Literal["", "day", "dawn", "evening", "night"]
Place: TypeAlias = Literal["", "left", "right", "middle"]
Relation: TypeAlias = Literal["", "on", "in", "behind", "before", "left", "right", "above", "under"]

TIMES: tuple[Time, ...] = ("day", "dawn", "evening", "night")
PLACES: tuple[Place, ...] = get_args(Place)
RELATIONS: tuple[Relation, ...] = get_args(Relation)
MOST_OF_A_KIND = 12
MOST_THINGS = 14
MOST_CARD_CHARS = 240
FIGURES = frozenset(("person", "man", "woman", "boy", "girl"))
SHAPES = frozenset(("circle", "square", "heart", "star"))
"""Kinds that, among themselves, stand on a plain sheet."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something in the picture, or a few of it."""

    kind: str
    """A key of the catalogue: ``house``, ``fox`` ..."""
    count: int = 1
    colour: Rgb | None = None
    """``None``: as things of the kind usually are."""
    size: float = 1.0
    place: Place = ""
    relation: Relation = ""
    anchor: str = ""
    """The kind that ``relation`` refers to."""
    hair: Rgb | None = None
    """Of a figure; ``None``: any."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture before it is painted."""

    things: tuple[Thing, ...] = ()
    land: tuple[str, ...] = ()
    """What the world is made of, such as ``sea``, ``mountains``, ``room``; empty: a meadow."""
    time: Time = ""
    weather: frozenset[str] = frozenset()
    sky: Rgb | None = None
    seed: int = 0
    card: str = ""
    """What stands on a card, where the picture is one."""

    def kinds(self) -> tuple[str, ...]:
        """Everything that can be named in it."""
        return tuple(thing.kind for thing in self.things) + self.land + tuple(sorted(self.weather))

    def to_json(self) -> dict[str, Json]:
        """As plain JSON values."""
        return {
            "things": [{f.name: getattr(t, f.name) for f in fields(Thing)} for t in self.things],
            "land": list(self.land),
            "time": self.time,
            "weather": sorted(self.weather),
            "sky": self.sky,
            "seed": self.seed,
            "card": self.card,
        }


def scene_from_json(data: Json) -> Scene | None:
    """Read a scene back; ``None`` where the values are not a scene."""
    try:
        time = data["time"]
        return Scene(
            things=tuple(_thing(each) for each in data["things"][:MOST_THINGS]),
            land=tuple(str(each) for each in data["land"]),
            time=time if time in TIMES else "",
            weather=frozenset(str(each) for each in data["weather"]),
            sky=rgb_from_json(data["sky"]),
            seed=int(data["seed"]),
            card=str(data.get("card", ""))[:MOST_CARD_CHARS],
        )
    except (KeyError, TypeError, ValueError, IndexError):
        # A plan written by another version of the painter is no plan: the pixels still are.
        return None


def _thing(data: Mapping[str, Json]) -> Thing:
    return Thing(
        kind=str(data["kind"]),
        count=max(1, min(MOST_OF_A_KIND, int(data["count"]))),
        colour=rgb_from_json(data["colour"]),
        size=max(0.2, min(4.0, float(data["size"]))),
        place=next((place for place in PLACES if place == data["place"]), ""),
        relation=next((each for each in RELATIONS if each == data["relation"]), ""),
        anchor=str(data["anchor"]),
        hair=rgb_from_json(data.get("hair")),
    )


def rgb_from_json(data: Json) -> Rgb | None:
    """A colour, or ``None`` for none; ValueError or TypeError where it is neither."""
    if data is None:
        return None
    red, green, blue = (max(0, min(255, int(level))) for level in data)
    return (red, green, blue)
