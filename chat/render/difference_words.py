"""What an edit changed, in a sentence. Every word of it stands here."""

from collections.abc import Mapping, Sequence

from chat.core.difference import Difference

SAME = "Nothing changed: it is the same picture."
UNSEEN = "Changed: nothing that anybody would see."
WHOLE = "Changed: nearly all of the picture."
CHANGED = "Changed: {area}{where}, {share} of the picture."
SIZE = " It is {after} now, and was {before}."
AND = " and "

AREAS: Mapping[str, str] = {
    "traces": "traces",
    "small": "a small area",
    "medium": "an area",
    "large": "a large area",
}
SEVERAL: Mapping[str, str] = {"small": "small areas", "medium": "areas", "large": "large areas"}
PLACES: Mapping[str, str] = {
    "whole": "all over",
    "centre": "in the centre",
    "left": "on the left",
    "right": "on the right",
    "upper": "at the top",
    "lower": "at the bottom",
    "upper left": "in the upper left",
    "upper right": "in the upper right",
    "lower left": "in the lower left",
    "lower right": "in the lower right",
}


def difference_words(difference: Difference) -> str:
    """Such as “Changed: an area in the lower left, 19 % of the picture.”."""
    return _what(difference) + _size(difference)


def _what(difference: Difference) -> str:
    if difference.same:
        return SAME
    places = [PLACES[place] for place in difference.places if place in PLACES]
    if difference.extent == "none" or (difference.extent == "traces" and not places):
        return UNSEEN
    if difference.extent == "whole":
        return WHOLE
    area = AREAS.get(difference.extent, AREAS["medium"])
    if len(places) > 1:
        area = SEVERAL.get(difference.extent, area)
    where = f" {_listed(places)}" if places else ""
    return CHANGED.format(area=area, where=where, share=_share(difference.share))


def _listed(places: Sequence[str]) -> str:
    *first, last = places
    return ", ".join(first) + (AND if first else "") + last


def _share(share: float) -> str:
    percent = 100 * share
    return "less than 1 %" if percent < 1 else f"{percent:.0f} %"


def _size(difference: Difference) -> str:
    if difference.size_before == difference.size_after:
        return ""
    before, after = (
        f"{width} × {height} px"
        for width, height in (difference.size_before, difference.size_after)
    )
    return SIZE.format(before=before, after=after)
