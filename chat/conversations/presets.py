"""Words that an owner keeps to use again, and packs of them."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.core.errors import CapabilityError, TooMany
from chat.core.messages import new_id
from chat.core.parts import Json
from chat.core.ports import Conversations, OwnedRecord
from chat.core.text import clean_text

KIND = "preset"
"""Of the owner's record."""
MAX_PRESETS = 500
"""Of one owner."""
TOO_MANY = f"At most {MAX_PRESETS} presets are kept. Delete some first."
MAX_TITLE_CHARACTERS = 80
MAX_GROUP_CHARACTERS = 40
MAX_TEXT_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class Preset:
    """Words to use again; ``{{subject}}`` in them stands for what is filled in."""

    id: str
    title: str
    group: str
    text: str


class Presets:
    """The presets of owners."""

    def __init__(self, conversations: Conversations) -> None:
        """Keep them in this store."""
        self._conversations = conversations

    async def all(self, owner: str) -> list[Preset]:
        """Every preset of an owner, by group and title."""
        records = await asyncio.to_thread(self._conversations.records, owner, KIND)
        found = [preset for record in records if (preset := _read(record)) is not None]
        return sorted(found, key=lambda each: (each.group.casefold(), each.title.casefold()))

    async def keep(self, owner: str, preset_id: str, title: str, group: str, text: str) -> Preset:
        """Change a preset, or add one for an empty id.

        Raises:
            CapabilityError: no title, no words, too long, or too many presets.
        """
        (made,) = await self._added(owner, [_sound(preset_id or new_id(), title, group, text)])
        return made

    async def forget(self, owner: str, preset_id: str) -> None:
        """Have one no more. Twice is once."""
        await asyncio.to_thread(self._forget, owner, preset_id)

    async def take_in(self, owner: str, pack: Sequence[tuple[str, str, str]]) -> int:
        """Add title, group and text of each; how many were new.

        What is there to the letter already is not added again. Raises as ``keep``, and then
        nothing is added.
        """
        known = {(each.title, each.group, each.text) for each in await self.all(owner)}
        sound = [_sound(new_id(), *each) for each in pack]
        new = {
            key: each for each in sound if (key := (each.title, each.group, each.text)) not in known
        }
        await self._added(owner, list(new.values()))
        return len(new)

    async def _added(self, owner: str, presets: Sequence[Preset]) -> Sequence[Preset]:
        held = {each.id for each in await self.all(owner)}
        if len(held | {each.id for each in presets}) > MAX_PRESETS:
            raise CapabilityError(TOO_MANY)

        def keep() -> None:
            for number, each in enumerate(presets):
                try:
                    self._keep(owner, each)
                except TooMany as error:  # others were added meanwhile
                    for added in presets[:number]:
                        if added.id not in held:
                            self._forget(owner, added.id)
                    raise CapabilityError(TOO_MANY) from error

        await asyncio.to_thread(keep)
        return presets

    def _forget(self, owner: str, preset_id: str) -> None:
        self._conversations.keep_record(owner, KIND, preset_id, lambda _: None)

    def _keep(self, owner: str, preset: Preset) -> None:
        value: dict[str, Json] = {
            "title": preset.title,
            "group": preset.group,
            "text": preset.text,
        }
        record = OwnedRecord(KIND, preset.id, value)
        self._conversations.keep_record(owner, KIND, preset.id, lambda _: record, MAX_PRESETS)


def _sound(preset_id: str, title: str, group: str, text: str) -> Preset:
    title, group = (" ".join(clean_text(each).split()) for each in (title, group))
    text = clean_text(text).strip()
    if not title or not text:
        raise CapabilityError("A preset needs a title and words.")
    limits = (
        ("title", title, MAX_TITLE_CHARACTERS),
        ("group", group, MAX_GROUP_CHARACTERS),
        ("text", text, MAX_TEXT_CHARACTERS),
    )
    for name, value, limit in limits:
        if len(value) > limit:
            raise CapabilityError(f"The {name} of a preset has at most {limit:,} characters.")
    return Preset(preset_id, title, group or "Mine", text)


def _read(record: OwnedRecord) -> Preset | None:
    value = record.value
    if not isinstance(value, Mapping):
        return None
    title, group, text = (value.get(name) for name in ("title", "group", "text"))
    if isinstance(title, str) and isinstance(group, str) and isinstance(text, str):
        return Preset(record.id, title, group, text)
    return None
