"""What an owner chose last at the message box, which a new conversation begins with.

Also which models they used last and which are their favourites, for the head of the model menu.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from chat.core.conversation_settings import SETTINGS
from chat.core.errors import CapabilityError
from chat.core.messages import Conversation
from chat.core.parts import Json
from chat.core.ports import Conversations, OwnedRecord

KIND = "last_chosen"
"""Of the owner's record, of which there is one."""
ID = "settings"

KEPT = ("model", "tools_on", "aspect_ratio", "image_size")
"""The settings that go along."""
RECENT_MODELS = 5
FAVOURITE_MODELS = 50
TOO_MANY = f"At most {FAVOURITE_MODELS} models can be favourites."
MAX_ID_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class LastChosen:
    """Choices of an owner, as far as there were any."""

    settings: Mapping[str, Json] = field(default_factory=dict)
    """Some of ``KEPT``, each with its value."""
    recent: tuple[str, ...] = ()
    """Ids of models, the one that was chosen last in front."""
    favourites: tuple[str, ...] = ()
    """Ids of models, in the order in which they became favourites."""

    def begun(self, conversation: Conversation, usable: Callable[[str], bool]) -> Conversation:
        """A new conversation with them; a model that cannot be used now is left as it is."""
        chosen = dict(self.settings)
        if not usable(str(chosen.get("model", ""))):
            chosen.pop("model", None)
        return replace(conversation, **chosen)


def last_chosen(conversations: Conversations, owner: str) -> LastChosen:
    """What an owner chose. A value of another form, which a newer version wrote, is none."""
    return _read(conversations.record(owner, KIND, ID))


def choose(
    conversations: Conversations, owner: str, chosen: Conversation, names: Sequence[str]
) -> None:
    """Have new conversations of an owner begin with these settings of this one."""
    kept = {name: getattr(chosen, name) for name in KEPT if name in names}
    if not kept:
        return

    def altered(found: LastChosen) -> LastChosen:
        recent = found.recent
        if "model" in kept:
            others = (each for each in recent if each != chosen.model)
            recent = (chosen.model, *others)[:RECENT_MODELS]
        return replace(found, settings={**found.settings, **kept}, recent=recent)

    _alter(conversations, owner, altered)


def mark_favourite(conversations: Conversations, owner: str, model: str, *, on: bool) -> LastChosen:
    """Make a model a favourite, or no more; what is kept then.

    Raises:
        CapabilityError: there are too many.
    """

    def altered(found: LastChosen) -> LastChosen:
        others = tuple(each for each in found.favourites if each != model)
        if on and len(others) >= FAVOURITE_MODELS:
            raise CapabilityError(TOO_MANY)
        return replace(found, favourites=(*others, model) if on else others)

    return _alter(conversations, owner, altered)


def forget(conversations: Conversations, owner: str) -> None:
    """Have new conversations begin as Easel does, and nobody's models in front."""
    conversations.keep_record(owner, KIND, ID, lambda _: None)


def _alter(
    conversations: Conversations, owner: str, altered: Callable[[LastChosen], LastChosen]
) -> LastChosen:
    kept = LastChosen()

    def written(record: OwnedRecord | None) -> OwnedRecord:
        nonlocal kept
        kept = altered(_read(record))
        value: dict[str, Json] = {
            "settings": dict(kept.settings),
            "recent": list(kept.recent),
            "favourites": list(kept.favourites),
        }
        return OwnedRecord(KIND, ID, value)

    conversations.keep_record(owner, KIND, ID, written)
    return kept


def _read(record: OwnedRecord | None) -> LastChosen:
    value = record.value if record is not None else None
    if not isinstance(value, Mapping):
        return LastChosen()
    told = value.get("settings")
    settings = {
        each.name: told[each.name]
        for each in SETTINGS
        if isinstance(told, Mapping) and each.name in KEPT and each.name in told
        if each.fits(told[each.name])
    }
    return LastChosen(settings, _ids(value.get("recent")), _ids(value.get("favourites")))


def _ids(value: Json) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
