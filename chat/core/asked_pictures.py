"""How many pictures a model is asked for, and in how many requests. Pure."""

from collections.abc import Mapping

from chat.core.models import ModelCard
from chat.core.parts import Json


def pictures_asked(card: ModelCard, options: Mapping[str, Json]) -> int:
    """How many pictures one request asks for; an SVG is drawn alone.

    Args:
        card: the model.
        options: what was chosen for pictures; what the model does not offer counts for nothing.
    """
    if "svg" in card.output_formats and options.get("output_format") == "svg":
        return 1
    wanted = str(options.get("n", ""))[:3]
    asked = int(wanted) if wanted.isascii() and wanted.isdecimal() else 1
    return max(1, min(asked, card.n_max))


def requests_for(
    card: ModelCard, options: Mapping[str, Json], replies: int, *, shown: bool
) -> tuple[int, ...]:
    """How many replies each request is for, where several answer one question.

    A model that draws pictures and says nothing is asked for those of several replies at once, as
    many as it can. Any other is asked once for each.

    Args:
        card: the model.
        options: what was chosen for pictures.
        replies: how many there will be.
        shown: whether the question shows pictures: some models change one picture at a time.
    """
    most = card.n_max
    draws_alone = card.output_modalities == ("image",) and not card.history and not card.tools
    taken = card.images_parameters
    if shown and card.edit_parameters is not None:
        taken = card.edit_parameters
    countable = "n" in taken or not (taken or card.images_parameters)
    if most < 2 or not draws_alone or not countable or not _free(card, options):
        return (1,) * replies
    whole, rest = divmod(replies, most)
    return (most,) * whole + ((rest,) if rest else ())


def _free(card: ModelCard, options: Mapping[str, Json]) -> bool:
    """Whether each reply holds one picture, and more may come of the same request."""
    return pictures_asked(card, {**options, "n": 2}) == 2 and pictures_asked(card, options) == 1
