"""Does a model file of one's own hold together with ours? Said line by line."""

from collections.abc import Mapping, Sequence
from datetime import date

from chat.core.provider_spec import ProviderSpec
from chat.models.listing import summary
from chat.models.reading import examine


def checked(
    shipped: Sequence[tuple[str, str]],
    own: Sequence[tuple[str, str]],
    environ: Mapping[str, str],
    kinds: Mapping[str, ProviderSpec],
    today: date,
) -> tuple[bool, list[str]]:
    """Whether the files are fine, and what to print: each mistake, or a summary.

    Files are given by name and text. A mistake is ``FILE:LINE: sentence``, in the order of the
    files and their lines.
    """
    reading = examine(shipped, environ, own=own, kinds=kinds)
    order = {name: place for place, (name, _) in enumerate((*shipped, *own))}
    mistakes = sorted(set(reading.mistakes), key=lambda m: (order[m.file], m.line, m.sentence))
    if mistakes:
        return False, [f"{m.file}:{m.line}: {m.sentence}" for m in mistakes]
    catalogue = reading.catalogue
    return True, [*catalogue.troubles, f"No mistakes. {summary(catalogue, today)}"]
