"""Steps of something told in pictures, and the even choice among a stock of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from chat.sketch.scene import Scene, Thing, Time


@dataclass(frozen=True, slots=True)
class Step:
    """A title, a paragraph and the scene that goes with them."""

    title: str
    words: str
    scene: Scene


@dataclass(frozen=True, slots=True)
class Beat:
    """A step of the stock, before its number and its seed are known."""

    title: str
    words: str
    things: tuple[Thing, ...]
    land: tuple[str, ...] = ()
    time: Time = ""
    weather: frozenset[str] = frozenset()


def steps_of(stock: Sequence[Beat], count: int, seed: int) -> list[Step]:
    """That many of the stock, spread evenly, the first and the last always among them."""
    if count == 1:
        chosen = [stock[-1]]
    else:
        count = min(count, len(stock))
        chosen = [stock[round(k * (len(stock) - 1) / (count - 1))] for k in range(count)]
    return [
        Step(b.title, b.words, Scene(b.things, b.land, b.time, b.weather, seed=seed + k))
        for k, b in enumerate(chosen)
    ]
