"""What an edit changed, in a sentence. Every word of it stands here."""

from collections.abc import Mapping, Sequence

from chat.core.difference import Difference
from chat.core.languages import later, say
from chat.core.numbers import percent

SAME = later("Nothing changed: it is the same picture.")
UNSEEN = later("Changed: nothing that anybody would see.")
WHOLE = later("Changed: nearly all of the picture.")
CHANGED = later("Changed: {area}{where}, {share} of the picture.")
SIZE = later("It is {after} now, and was {before}.")
AND = later(" and ")

AREAS: Mapping[str, str] = {
    "traces": later("traces"),
    "small": later("a small area"),
    "medium": later("an area"),
    "large": later("a large area"),
}
SEVERAL: Mapping[str, str] = {
    "small": later("small areas"),
    "medium": later("areas"),
    "large": later("large areas"),
}
PLACES: Mapping[str, str] = {
    "whole": later("all over"),
    "centre": later("in the centre"),
    "left": later("on the left"),
    "right": later("on the right"),
    "upper": later("at the top"),
    "lower": later("at the bottom"),
    "upper left": later("in the upper left"),
    "upper right": later("in the upper right"),
    "lower left": later("in the lower left"),
    "lower right": later("in the lower right"),
}


def difference_words(difference: Difference) -> str:
    """Such as “Changed: an area in the lower left, 19% of the picture.”."""
    return _what(difference) + _size(difference)


def _what(difference: Difference) -> str:
    if difference.same:
        return say(SAME)
    places = [say(PLACES[place]) for place in difference.places if place in PLACES]
    if difference.extent == "none" or (difference.extent == "traces" and not places):
        return say(UNSEEN)
    if difference.extent == "whole":
        return say(WHOLE)
    area = say(AREAS.get(difference.extent, AREAS["medium"]))
    if len(places) > 1:
        area = say(SEVERAL.get(difference.extent, area))
    where = f" {_listed(places)}" if places else ""
    return say(CHANGED, area=area, where=where, share=_share(difference.share))


def _listed(places: Sequence[str]) -> str:
    *first, last = places
    return ", ".join(first) + (say(AND) if first else "") + last


def _share(share: float) -> str:
    return say("less than {share}", share=percent(0.01)) if share < 0.01 else percent(share)


def _size(difference: Difference) -> str:
    if difference.size_before == difference.size_after:
        return ""
    before, after = (
        f"{width} × {height} px"
        for width, height in (difference.size_before, difference.size_after)
    )
    return " " + say(SIZE, before=before, after=after)
