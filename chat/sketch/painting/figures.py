"""People: a man, a woman, a boy, a girl. The unit is the height; clothes and hair take a colour."""

from dataclasses import dataclass

import numpy as np

from chat.sketch.painting.canvas import Ink, Pen
from chat.sketch.painting.colour import Rgb, darker

_DARK: Rgb = (44, 40, 48)
_CLOTHES: tuple[Rgb, ...] = ((206, 82, 72), (62, 112, 162), (226, 164, 62), (84, 136, 104))
_SKINS: tuple[Rgb, ...] = ((240, 196, 160), (198, 142, 102), (134, 90, 66), (226, 176, 136))
_HAIRS: tuple[Rgb, ...] = ((58, 42, 38), (150, 92, 52), (36, 32, 40))
_TROUSERS: Rgb = (60, 72, 104)
_SHOES: Rgb = (74, 52, 46)


@dataclass(frozen=True, slots=True)
class _Looks:
    skin: Rgb
    hair: Rgb
    clothes: Rgb


def _looks(pen: Pen, clothes: Rgb | None, hair: Rgb | None) -> _Looks:
    """What nobody asked for comes by chance, the same at the same place."""
    rng = np.random.default_rng(int(pen.x_px) + 5)
    skin, other = _SKINS[int(rng.integers(4))], _HAIRS[int(rng.integers(3))]
    return _Looks(skin, hair or other, clothes or _CLOTHES[int(rng.integers(4))])


def man(pen: Pen, clothes: Rgb | None, hair: Rgb | None = None) -> None:
    """A figure in shirt and trousers with short hair."""
    _in_trousers(pen, _looks(pen, clothes, hair), head=1.0)


def boy(pen: Pen, clothes: Rgb | None, hair: Rgb | None = None) -> None:
    """As a man, with the larger head of a child."""
    _in_trousers(pen, _looks(pen, clothes, hair), head=1.3)


def woman(pen: Pen, clothes: Rgb | None, hair: Rgb | None = None) -> None:
    """A figure in a dress with long hair."""
    _in_a_dress(pen, _looks(pen, clothes, hair), head=1.0)


def girl(pen: Pen, clothes: Rgb | None, hair: Rgb | None = None) -> None:
    """As a woman, with the larger head of a child."""
    _in_a_dress(pen, _looks(pen, clothes, hair), head=1.3)


def _in_trousers(pen: Pen, looks: _Looks, head: float) -> None:
    pen.shadow(0.02, 0.005, 0.2, 0.03, 0.42)
    for x in (-0.055, 0.055):
        pen.line([(x, 0.44), (x * 1.15, 0.04)], 0.095, Ink(_TROUSERS), 0.07)
        pen.slab(x - 0.045, 0, x + 0.075, 0.045, 0.02, Ink(_SHOES))
    _arms(pen, looks, looks.clothes)
    pen.blob("-.14,.76 .14,.76 .125,.56 .12,.41 -.12,.41 -.125,.56", Ink(looks.clothes))
    _head(pen, looks, head, long=False)


def _in_a_dress(pen: Pen, looks: _Looks, head: float) -> None:
    pen.shadow(0.02, 0.005, 0.2, 0.03, 0.42)
    for x in (-0.05, 0.05):
        pen.line([(x, 0.3), (x, 0.04)], 0.06, Ink(looks.skin), 0.05)
        pen.slab(x - 0.04, 0, x + 0.06, 0.04, 0.02, Ink(_SHOES))
    _hair_behind(pen, looks, head)
    _arms(pen, looks, looks.skin)
    pen.poly("-.11,.75 .11,.75 .085,.55 .215,.22 -.215,.22 -.085,.55", Ink(looks.clothes))
    pen.box(-0.09, 0.535, 0.09, 0.565, Ink(darker(looks.clothes, 0.3)))
    for x in (-0.115, 0.115):
        pen.oval(x, 0.725, 0.045, 0.04, Ink(looks.clothes))
    _head(pen, looks, head, long=True)


def _arms(pen: Pen, looks: _Looks, sleeve: Rgb) -> None:
    for side in (-1, 1):
        reach = [(side * 0.12, 0.74), (side * 0.18, 0.58), (side * 0.16, 0.44)]
        pen.line(reach, 0.07, Ink(darker(sleeve, 0.1)), 0.05)
        pen.oval(side * 0.16, 0.425, 0.03, 0.032, Ink(looks.skin))


def _hair_behind(pen: Pen, looks: _Looks, head: float) -> None:
    top = pen.moved(0, 0.78, head)
    top.blob("-.13,.16 -.16,.0 -.15,-.14 -.08,-.17 .08,-.17 .15,-.14 .16,0 .13,.16",
             Ink(darker(looks.hair, 0.12)))  # fmt: skip


def _head(pen: Pen, looks: _Looks, head: float, *, long: bool) -> None:
    pen.box(-0.032, 0.74, 0.032, 0.82, Ink(darker(looks.skin, 0.12)))
    top = pen.moved(0, 0.78, head)
    top.oval(0, 0.12, 0.12, 0.12, Ink(looks.hair))
    top.oval(0.008, 0.1, 0.094, 0.1, Ink(looks.skin))
    fringe = [(-0.11, 0.12), (-0.06, 0.22), (0.06, 0.22), (0.115, 0.14), (0.02, 0.175)]
    top.blob(fringe, Ink(looks.hair))
    if long:
        for side in (-1, 1):
            top.line([(side * 0.1, 0.17), (side * 0.118, 0.06), (side * 0.115, -0.06)], 0.045,
                     Ink(looks.hair), 0.03)  # fmt: skip
    for x in (-0.028, 0.046):
        top.oval(x, 0.105, 0.0115, 0.014, Ink(_DARK, flat=True))
    top.line([(-0.022, 0.058), (0.01, 0.048), (0.042, 0.058)], 0.01, Ink((186, 92, 86)))
