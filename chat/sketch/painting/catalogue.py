"""Everything the painter can paint, by name: where it belongs, how tall it is, who draws it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from chat.sketch.painting import (
    beasts,
    beings,
    buildings,
    figures,
    fruit,
    furniture,
    kitchen,
    plants,
    shapes,
    vehicles,
)
from chat.sketch.painting.canvas import Pen
from chat.sketch.painting.colour import Rgb

Painter: TypeAlias = Callable[[Pen, Rgb | None], None]
Zone: TypeAlias = Literal["sky", "ground", "water", "table", "room"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing."""

    draw: Painter
    zone: Zone
    height: float
    """Share of the picture's height when it stands in the foreground."""
    width: float
    """In units of its height."""
    with_hair: Callable[[Pen, Rgb | None, Rgb | None], None] | None = None
    """Draws a figure, whose hair has a colour of its own."""


CATALOGUE: dict[str, Kind] = {
    "balloon": Kind(vehicles.balloon, "sky", 0.34, 0.75),
    "bird": Kind(beings.flying_bird, "sky", 0.085, 1.6),
    "plane": Kind(vehicles.plane, "sky", 0.13, 2.8),
    "rocket": Kind(vehicles.rocket, "sky", 0.34, 0.6),
    "kite": Kind(beings.kite, "sky", 0.2, 0.8),
    "star": Kind(beings.star, "sky", 0.08, 1.0),
    "butterfly": Kind(beings.butterfly, "sky", 0.11, 1.3),
    "house": Kind(buildings.house, "ground", 0.36, 1.4),
    "barn": Kind(buildings.barn, "ground", 0.36, 1.25),
    "castle": Kind(buildings.castle, "ground", 0.48, 1.3),
    "lighthouse": Kind(buildings.lighthouse, "ground", 0.52, 0.45),
    "church": Kind(buildings.church, "ground", 0.42, 1.1),
    "tower": Kind(buildings.skyscraper, "ground", 0.5, 0.4),
    "windmill": Kind(buildings.windmill, "ground", 0.44, 0.9),
    "bridge": Kind(buildings.bridge, "water", 0.3, 4.4),
    "tent": Kind(furniture.tent, "ground", 0.22, 1.9),
    "tree": Kind(plants.tree, "ground", 0.42, 0.8),
    "pine": Kind(plants.pine, "ground", 0.4, 0.55),
    "palm": Kind(plants.palm, "ground", 0.46, 0.8),
    "bush": Kind(plants.bush, "ground", 0.12, 1.7),
    "flower": Kind(plants.flower, "ground", 0.24, 0.5),
    "tulip": Kind(plants.tulip, "ground", 0.22, 0.5),
    "cactus": Kind(plants.cactus, "ground", 0.26, 0.75),
    "mushroom": Kind(plants.mushroom, "ground", 0.13, 1.0),
    "car": Kind(vehicles.car, "ground", 0.17, 2.6),
    "bus": Kind(vehicles.bus, "ground", 0.25, 2.9),
    "truck": Kind(vehicles.truck, "ground", 0.25, 2.7),
    "train": Kind(vehicles.train, "ground", 0.26, 3.1),
    "bicycle": Kind(vehicles.bicycle, "ground", 0.2, 1.8),
    "boat": Kind(vehicles.boat, "water", 0.32, 1.25),
    "ship": Kind(vehicles.ship, "water", 0.3, 2.4),
    "duck": Kind(beings.duck, "water", 0.12, 1.4),
    "whale": Kind(beings.whale, "water", 0.22, 2.4),
    "fish": Kind(beings.fish, "water", 0.16, 2.0),
    "cat": Kind(beasts.cat, "ground", 0.3, 0.95),
    "dog": Kind(beasts.dog, "ground", 0.3, 1.4),
    "fox": Kind(beasts.fox, "ground", 0.27, 1.9),
    "horse": Kind(beasts.horse, "ground", 0.4, 1.35),
    "cow": Kind(beasts.cow, "ground", 0.3, 1.5),
    "sheep": Kind(beasts.sheep, "ground", 0.22, 1.3),
    "rabbit": Kind(beasts.rabbit, "ground", 0.2, 0.9),
    "elephant": Kind(beasts.elephant, "ground", 0.42, 1.6),
    "songbird": Kind(beings.perched_bird, "ground", 0.16, 1.2),
    "person": Kind(figures.man, "ground", 0.34, 0.45, figures.man),
    "man": Kind(figures.man, "ground", 0.34, 0.45, figures.man),
    "woman": Kind(figures.woman, "ground", 0.34, 0.5, figures.woman),
    "boy": Kind(figures.boy, "ground", 0.25, 0.5, figures.boy),
    "girl": Kind(figures.girl, "ground", 0.25, 0.55, figures.girl),
    "robot": Kind(beings.robot, "ground", 0.38, 0.8),
    "snowman": Kind(beings.snowman, "ground", 0.34, 0.9),
    "apple": Kind(fruit.apple, "table", 0.27, 1.0),
    "orange": Kind(fruit.orange, "table", 0.27, 1.0),
    "lemon": Kind(fruit.lemon, "table", 0.22, 1.4),
    "banana": Kind(fruit.banana, "table", 0.27, 1.8),
    "pear": Kind(fruit.pear, "table", 0.33, 0.8),
    "cherry": Kind(fruit.cherry, "table", 0.24, 1.0),
    "strawberry": Kind(fruit.strawberry, "table", 0.22, 0.9),
    "tomato": Kind(kitchen.tomato, "table", 0.25, 1.1),
    "carrot": Kind(kitchen.carrot, "table", 0.2, 3.3),
    "onion": Kind(kitchen.onion, "table", 0.25, 1.0),
    "grape": Kind(kitchen.grapes, "table", 0.34, 0.95),
    "bread": Kind(kitchen.bread, "table", 0.26, 2.0),
    "pot": Kind(kitchen.pot, "table", 0.38, 2.0),
    "pan": Kind(kitchen.pan, "table", 0.2, 3.6),
    "soup": Kind(kitchen.soup, "table", 0.24, 3.0),
    "pancake": Kind(kitchen.pancakes, "table", 0.3, 2.4),
    "bowl": Kind(fruit.bowl, "table", 0.28, 2.0),
    "cup": Kind(fruit.cup, "table", 0.26, 1.3),
    "bottle": Kind(fruit.bottle, "table", 0.52, 0.35),
    "cake": Kind(fruit.cake, "table", 0.36, 1.6),
    "vase": Kind(fruit.vase, "table", 0.5, 0.7),
    "book": Kind(fruit.book, "table", 0.2, 1.6),
    "sofa": Kind(furniture.sofa, "room", 0.36, 2.9),
    "chair": Kind(furniture.chair, "room", 0.4, 0.65),
    "lamp": Kind(furniture.lamp, "room", 0.62, 0.45),
    "table": Kind(furniture.table, "room", 0.27, 2.1),
    "bed": Kind(furniture.bed, "room", 0.34, 2.9),
    "shelf": Kind(furniture.shelf, "room", 0.62, 0.75),
    "plant": Kind(plants.potted_plant, "room", 0.42, 0.9),
    "circle": Kind(shapes.circle, "sky", 0.3, 1.0),
    "square": Kind(shapes.square, "sky", 0.3, 1.0),
    "heart": Kind(shapes.heart, "sky", 0.3, 1.1),
}

SKY_LIGHTS = ("sun", "moon", "cloud")
"""Kinds the sky itself draws."""
