"""Recipes: a way of cooking for every dish, told in eight steps of our own words."""

import re
from dataclasses import dataclass

from chat.sketch.answering.beats import Beat, Step, steps_of
from chat.sketch.reading.nouns import kind_of
from chat.sketch.reading.words import words_of
from chat.sketch.scene import Rgb, Thing


@dataclass(frozen=True, slots=True)
class _Way:
    """How a dish of some sort comes about; ``{dish}`` and ``{it}`` stand for the dish."""

    mix: str
    rest: str
    heat: str
    cook: str
    vessel: str
    """The kind of thing that it is cooked in."""
    served: str
    """The kind of thing that it is served as."""


_SOUP = _Way(
    "Soften a chopped onion in a little oil, then add everything else and cover it with water or "
    "stock. Two fingers above the vegetables are enough.",
    "Put the lid on and let it come to the boil slowly. You may clear the table meanwhile.",
    "Turn the heat down as soon as it boils: a soup should murmur, not gallop.",
    "Let the {dish} simmer for twenty to thirty minutes, until a fork goes through the largest "
    "piece. Blend it if you like it smooth.",
    "pot",
    "soup",
)
_BAKED = _Way(
    "Stir the dry things together first, then add the wet ones little by little. Stop as soon as "
    "the dough is even; stirred too long it turns tough.",
    "Cover the bowl and leave it in peace for a quarter of an hour: flour needs the time.",
    "Heat the oven to 180 °C and butter the tin before anything goes in.",
    "Bake until a wooden stick comes out clean and the kitchen smells of {dish}. Trust "
    "your nose over the clock.",
    "bowl",
    "cake",
)
_FRIED = _Way(
    "Stir the dry things together first, then add the wet ones little by little, until the batter "
    "runs from the spoon like cream.",
    "Cover the bowl and leave it in peace for a quarter of an hour: flour needs the time.",
    "Warm the pan over medium heat with a little butter. A drop of water should dance, not vanish.",
    "Fry {it} until the edges are golden. Turn {it} only once, and do not press.",
    "pan",
    "pancake",
)
_COLD = _Way(
    "Put everything into the bowl, the heaviest pieces first, and turn it over gently with two "
    "spoons. Season with a few drops of lemon.",
    "Leave the bowl in the cool for a quarter of an hour, so that the flavours find each other.",
    "Nothing is heated here. Lay out the plates and chill them, if there is room.",
    "Turn everything over once more and taste: sweet, sour and salt should take turns.",
    "bowl",
    "bowl",
)
_SAVOURY = _Way(
    "Soften a chopped onion in a little oil, then add the rest, what takes longest first. Season "
    "it with salt.",
    "Take it from the heat for a moment and cover it, so that the flavours find each other.",
    "Warm the pan over medium heat before anything goes in. A drop of water should dance.",
    "Cook the {dish} gently until everything is tender. Stir now and then, and trust your nose.",
    "pan",
    "pan",
)
_WAYS = (
    (re.compile(r"soup|stew|broth|chowder|chili|curry|goulash|sauce|jam|porridge"), _SOUP),
    (re.compile(r"salad|smoothie|juice|lemonade|ice ?cream|sandwich|pudding"), _COLD),
    (re.compile(r"pancake|waffle|crêpe|crepe|omelette|fritter|egg"), _FRIED),
    (
        re.compile(r"cake|pie|tart|muffin|bread|cookie|biscuit|crumble|brownie|pizza|gratin|bun"),
        _BAKED,
    ),
)
_INGREDIENTS = frozenset(
    (
        *("tomato", "carrot", "onion", "mushroom", "apple", "orange", "lemon", "banana", "pear"),
        *("cherry", "strawberry", "grape"),
    )
)
_SOUPS: dict[str, Rgb] = {
    "tomato": (206, 74, 44),
    "carrot": (236, 142, 48),
    "mushroom": (176, 142, 108),
    "onion": (206, 164, 92),
}


def recipe(dish: str, count: int, seed: int) -> list[Step]:
    """So many steps towards a dish, setting out first, serving last."""
    way = next((way for named, way in _WAYS if named.search(dish)), _SAVOURY)
    # "Tomato soup" is one thing for the painter and an ingredient for the cook.
    kinds = [kind_of(word) for word in words_of(dish)]
    parts = [kind for kind in kinds if kind in _INGREDIENTS]
    sweet = way in (_BAKED, _FRIED, _COLD)
    main = parts[0] if parts else "strawberry" if sweet else "carrot"
    aside = next(k for k in (("lemon", "cherry") if sweet else ("onion", "tomato")) if k != main)
    it = "them" if dish.endswith("s") else "it"
    served = "bread" if "bread" in dish else "cake" if way is _BAKED else way.served
    plate = Thing(served, colour=_SOUPS.get(main) if served == "soup" else None)
    vessel = Thing(way.vessel, size=1.2)
    beats = (
        Beat(
            "Set everything out",
            f"Read the recipe for {dish} once to the end, then put all you need on the table: "
            "weighed, washed, within reach. It saves a burnt pan later.",
            (Thing(main, 3), Thing("bowl"), Thing(aside)),
        ),
        Beat(
            "Prepare",
            "Wash, peel and cut what needs it into pieces of the same size, so that all of it is "
            "done at the same moment. Keep a little aside for the end.",
            (Thing(main, 2), Thing(aside), Thing("bowl", colour=(206, 120, 84))),
        ),
        Beat("Mix", way.mix, (Thing("bowl" if sweet else way.vessel), Thing(aside, 2))),
        Beat("Let it rest", way.rest, (vessel, Thing("cup"), Thing("book"))),
        Beat(
            "Chill" if way is _COLD else "Mind the heat",
            way.heat,
            (Thing(way.vessel), Thing("bottle", colour=(198, 160, 62)), Thing(main)),
        ),
        Beat(
            "Turn and taste" if way is _COLD else "Cook patiently",
            way.cook.format(dish=dish, it=it),
            (vessel if way.served != "cake" else plate, Thing(aside, 2)),
        ),
        Beat(
            "Taste",
            "Take a small spoonful and taste. Too flat? A pinch of salt or a squeeze of lemon. "
            "Too sharp? A little sugar or butter.",
            (Thing("cup", colour=(96, 136, 150)), plate),
        ),
        Beat(
            "Serve",
            f"Bring the {dish} to the table while {'they are' if it == 'them' else 'it is'} fresh, "
            "with what you kept aside on top. Good company helps.",
            (plate, Thing("vase"), Thing(main, 2)),
        ),
    )
    return steps_of(beats, count, seed)
