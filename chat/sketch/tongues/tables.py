"""The tables that there are, by language."""

from collections.abc import Mapping
from typing import Final

from chat.core.languages import language
from chat.sketch.tongues import chinese, french, german, hindi, japanese, spanish
from chat.sketch.tongues.tongue import Tongue

TONGUES: Final[Mapping[str, Tongue]] = {
    module.TONGUE.language: module.TONGUE
    for module in (german, spanish, french, japanese, chinese, hindi)
}


def spoken_tongue() -> Tongue | None:
    """The table of the language that is spoken now; ``None`` in English."""
    return TONGUES.get(language())
