"""What a user sends: a message before the store has been asked for what it names."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace

from chat.core.errors import CapabilityError
from chat.core.file_kinds import cleaned_name
from chat.core.text import clean_text
from chat.turns.question import NamedFile
from chat.turns.question import check as check_question

MAX_REPLIES_AT_ONCE = 4
"""To one question."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as its sender gives it."""

    client_id: str
    """Sent again under it, the question is not asked again."""
    text: str = ""
    shas: Sequence[str] = ()
    """Stored pictures, in order."""
    _: KW_ONLY
    masks: Sequence[str] = ()
    """Stored ones that mark the first picture."""
    files: Sequence[NamedFile] = ()
    """Go along beside the pictures."""
    handles: Mapping[str, int] = field(default_factory=dict)
    """The numbers by which the words call pictures that are new here."""
    fresh: bool = False
    """Whether the pictures above are kept out of the request."""

    def sound(self) -> "Outgoing":
        """The same, cleaned; each picture and file once.

        Raises:
            CapabilityError: it is empty, too long or cannot be meant.
        """
        masks = list(dict.fromkeys(self.masks))
        distinct = {one.sha256: one for one in self.files}
        sound = replace(
            self,
            text=clean_text(self.text),
            shas=[sha for sha in dict.fromkeys(self.shas) if sha not in masks],
            masks=masks,
            files=[replace(one, name=cleaned_name(one.name)) for one in distinct.values()],
        )
        check_question(sound.text, sound.shas, sound.masks, sound.files)
        return sound


def check_replies(models: Sequence[str]) -> None:
    """Refuse a number of replies that no question has. Raises ``CapabilityError``."""
    if not 1 <= len(models) <= MAX_REPLIES_AT_ONCE:
        raise CapabilityError(f"A question is answered 1 to {MAX_REPLIES_AT_ONCE} times at once.")
