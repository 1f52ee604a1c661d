"""One edit that was asked for, as a value: the contract between reading and the darkroom."""

from dataclasses import dataclass, fields

from chat.core.parts import Json
from chat.sketch.scene import Rgb, rgb_from_json


@dataclass(frozen=True, slots=True)
class Order:
    """What to do with the pixels; which fields matter depends on the name."""

    name: str
    amount: float = 0.0
    """Degrees for ``rotate``, width over height for ``crop``, a factor for ``resize``, else ±1."""
    colour: Rgb | None = None
    colour_name: str = ""
    target: str = ""
    """The thing that is meant, in the user's word."""
    old: Rgb | None = None
    """The colour that the thing has now, where the user named it."""
    old_name: str = ""
    text: str = ""
    place: str = ""
    """``top`` for a caption on the upper edge."""

    def to_json(self) -> dict[str, Json]:
        """As plain JSON values."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def order_from_json(data: Json) -> Order:
    """Read an order back.

    Raises:
        KeyError, TypeError, ValueError: the values are not an order.
    """
    words = ("name", "colour_name", "target", "old_name", "text", "place")
    return Order(
        amount=float(data["amount"]),
        colour=rgb_from_json(data["colour"]),
        old=rgb_from_json(data["old"]),
        **{word: str(data[word]) for word in words},
    )
