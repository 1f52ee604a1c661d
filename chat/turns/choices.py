"""The settings of a conversation as a page sends them: any JSON, checked before it is kept.

Knows what can be chosen and in which form, no store and no page. A refusal never repeats the
value: the sentence goes to the log too.
"""

from collections.abc import Collection
from typing import cast

from chat.core.errors import CapabilityError
from chat.core.messages import ToolPolicy
from chat.core.parts import Json
from chat.models import Catalogue
from chat.turns.question import clean_text

OPTIONS = frozenset({"aspect_ratio", "image_size", "quality", "background", "n"})
MAX_OPTION_CHARACTERS = 40
MAX_SYSTEM_CHARACTERS = 40_000


def chosen_model(value: object, catalogue: Catalogue) -> str:
    """The id of a model, for its id or an alias.

    Raises:
        CapabilityError: there is none of that id, or it cannot be used now.
    """
    card = catalogue.find(value) if isinstance(value, str) else None
    if card is None:
        raise CapabilityError("That model is not in the catalogue. Choose another.")
    if why := catalogue.reason(card):
        raise CapabilityError(f"“{card.title}” cannot be used now. {why}")
    return card.id


def chosen_system(value: object) -> str:
    """A system prompt. Raises ``CapabilityError`` for one that is no text, or too long."""
    if not isinstance(value, str):
        raise CapabilityError("A system prompt must be a text.")
    if len(value) > MAX_SYSTEM_CHARACTERS:
        raise CapabilityError(f"A system prompt has at most {MAX_SYSTEM_CHARACTERS:,} characters.")
    return clean_text(value)


def chosen_switch(value: object) -> bool:
    """On or off. Raises ``CapabilityError`` for anything else: ``"false"`` must not be on."""
    if not isinstance(value, bool):
        raise CapabilityError("Tools can only be on or off.")
    return value


def chosen_policy(value: object, tools: Collection[str]) -> dict[str, ToolPolicy]:
    """What each tool may. Raises ``CapabilityError`` for a tool or a word that is not known."""
    if not isinstance(value, dict) or not all(
        isinstance(name, str) and name in tools and may in ("allow", "deny")
        for name, may in value.items()
    ):
        raise CapabilityError("Only the tools of the list can be allowed or denied.")
    return cast("dict[str, ToolPolicy]", dict(value))


def chosen_options(value: object) -> dict[str, Json]:
    """Options of pictures, those to forget as ``""``. Raises ``CapabilityError`` for others.

    Whether the model has a choice of that name is asked when it draws: another may be chosen
    by then.
    """
    if not isinstance(value, dict) or not value.keys() <= OPTIONS:
        raise CapabilityError("That is not a setting of pictures.")
    return {name: _option(choice) for name, choice in value.items()}


def _option(choice: object) -> str | int:
    if choice is None:
        return ""
    short = isinstance(choice, str) and len(choice) <= MAX_OPTION_CHARACTERS
    small = isinstance(choice, int) and not isinstance(choice, bool) and 0 <= choice < 1_000_000
    if not short and not small:
        raise CapabilityError("A setting of pictures is a word or a number of its menu.")
    return cast("str | int", choice)
