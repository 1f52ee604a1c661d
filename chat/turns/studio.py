"""Work on stored pictures without a model: edit, compare, select, and ask where one comes from.

An edit is an exchange of the conversation like any other, so it is undone by going on from
elsewhere, and its result knows what it came of.
"""

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, fields
from functools import partial

from chat.core.parts import Derivation, Image, Json, MediaRef
from chat.core.ports import Conversations, OwnedRecord
from chat.images.edits import Box, Comparison, EditedImage, ImageEditing, Provenance, recipe
from chat.images.operations.operation import Operation
from chat.images.provenance import carries_credential
from chat.turns.engine import Engine, Started
from chat.turns.operation_words import described
from chat.turns.outgoing import Outgoing
from chat.turns.pictures import Pictures

PROVENANCE = "provenance"
"""The kind of record that keeps what an uploaded file said of its origin, by the sha256 of the
copy that is stored: the copy is cleaned, and says nothing of it any more."""

_SPEAKS = re.compile(rb"c2pa|DigitalSourceType|XML:com\.adobe\.xmp", re.IGNORECASE)
"""What stands in every file that has something to say of its origin."""
CREDENTIAL_DROPPED = (
    "The picture before carries a content credential. It is bound to those bytes, so this one has "
    "none; the picture before keeps it."
)


class Studio:
    """The picture operations, on pictures of their owners."""

    def __init__(
        self,
        editor: ImageEditing,
        pictures: Pictures,
        engine: Engine,
        conversations: Conversations,
    ) -> None:
        """Work with this editor on these pictures; exchanges go into these conversations."""
        self._conversations = conversations
        self.editor = editor
        self._pictures = pictures
        self._engine = engine

    async def edit(
        self,
        owner: str,
        conversation_id: str,
        sha256: str,
        operations: Sequence[Operation],
        client_id: str,
        parent_id: str | None,
    ) -> Started:
        """Do operations to a picture, and put what came of it into the conversation.

        ``client_id`` and ``parent_id`` as in :meth:`chat.turns.engine.Engine.send`.

        Raises:
            MediaRejected: the operations are impossible for this picture.
            NotFound: a conversation, message or picture that is not there.
        """
        steps = await asyncio.to_thread(recipe, operations)
        apply = partial(self._applied, owner, operations)
        return await self._placed(
            owner, conversation_id, sha256, steps, apply, client_id, parent_id
        )

    async def enlarge(
        self,
        owner: str,
        conversation_id: str,
        sha256: str,
        factor: int,
        client_id: str,
        parent_id: str | None,
    ) -> Started:
        """Enlarge a picture with the upscaling network; else as ``edit``."""
        steps: list[Json] = [{"operation": "upscale", "factor": factor}]
        return await self._placed(
            owner,
            conversation_id,
            sha256,
            steps,
            lambda data: self.editor.upscale(data, factor),
            client_id,
            parent_id,
        )

    async def preview(
        self, owner: str, sha256: str, operations: Sequence[Operation]
    ) -> EditedImage:
        """What operations would make of a picture; nothing is stored. Raises as ``edit``."""
        data = await self._bytes(owner, sha256)
        return await self._applied(owner, operations, data)

    async def compare(
        self, owner: str, before: str, after: str, *, align: bool = False, view: bool = True
    ) -> Comparison:
        """How two pictures differ. Raises ``NotFound`` and ``MediaRejected``."""
        one, other = await self._bytes(owner, before), await self._bytes(owner, after)
        return await self.editor.compare(one, other, align=align, view=view)

    async def select(
        self,
        owner: str,
        sha256: str,
        *,
        point: tuple[int, int] | None = None,
        box: Box | None = None,
    ) -> MediaRef:
        """The subject at a point or in a box, as a stored mask: grey, white on the subject.

        Raises ``NotFound`` and ``MediaRejected``.
        """
        picture = await self._bytes(owner, sha256)
        selection = await self.editor.select(picture, point=point, box=box)
        ref, _ = await self._pictures.keep(owner, selection.mask, "tool")
        return ref

    async def upload(self, owner: str, data: bytes) -> tuple[MediaRef, str]:
        """Keep an uploaded picture as :meth:`Pictures.keep` does.

        What its file says of its origin is kept, too: the cleaned copy says nothing of it.
        """
        ref, note = await self._pictures.keep(owner, data, "upload")
        if hashlib.sha256(data).hexdigest() != ref.sha256 and _SPEAKS.search(data):
            found = await self.editor.provenance(data)
            if found.status not in ("none", "unchecked") or found.source_type:
                record = OwnedRecord(PROVENANCE, ref.sha256, asdict(found), (ref.sha256,))
                await asyncio.to_thread(
                    self._conversations.keep_record,
                    owner,
                    PROVENANCE,
                    ref.sha256,
                    lambda _: record,
                )
        return ref, note

    async def provenance(self, owner: str, sha256: str) -> tuple[Provenance, bool]:
        """What a picture's file says of its origin, and whether the stored one still does.

        Raises ``NotFound``.
        """
        data = await self._bytes(owner, sha256)
        kept = await asyncio.to_thread(self._kept, owner, sha256)
        if kept is not None:
            return kept, False
        return await self.editor.provenance(data), True

    def _kept(self, owner: str, sha256: str) -> Provenance | None:
        """What the uploaded file said; for a thread."""
        record = self._conversations.record(owner, PROVENANCE, sha256)
        if record is None or not isinstance(record.value, Mapping):
            return None
        known = {field.name for field in fields(Provenance)}
        return Provenance(**{name: v for name, v in record.value.items() if name in known})

    async def _placed(
        self,
        owner: str,
        conversation_id: str,
        sha256: str,
        steps: Sequence[Json],
        apply: Callable[[bytes], Awaitable[EditedImage]],
        client_id: str,
        parent_id: str | None,
    ) -> Started:
        # Asked first: what nobody can have, or has already, is not made, and leaves no picture.
        before = await self._engine.placed(owner, conversation_id, client_id, parent_id)
        if before is not None:
            return before
        data = await self._bytes(owner, sha256)
        edited = await apply(data)
        await self._pictures.keep_edited(owner, edited)
        made: list[Image] = []
        if edited.new_area:
            area, _ = await self._pictures.keep(owner, edited.new_area, "tool")
            details: dict[str, Json] = {"recipe": list(steps), "new_area": area.sha256}
        else:
            details = {"recipe": list(steps)}
        words = described(steps)
        operation = str(steps[0]["operation"]) if len(steps) == 1 else "recipe"
        derivation = Derivation((sha256,), operation, details)
        made.append(Image(edited.ref, "tool", words, derivation=derivation))
        dropped = CREDENTIAL_DROPPED if carries_credential(data) else ""
        note = " ".join(filter(None, (edited.note, dropped)))
        return await self._engine.place(
            owner, conversation_id, Outgoing(client_id, words, [sha256]), made, parent_id, note
        )

    async def _applied(
        self, owner: str, operations: Sequence[Operation], data: bytes
    ) -> EditedImage:
        named = {sha for operation in operations for sha in operation.inputs}
        inputs = {sha: await self._bytes(owner, sha) for sha in named}
        return await self.editor.apply(data, operations, inputs)

    async def _bytes(self, owner: str, sha256: str) -> bytes:
        _, data = await self._pictures.bytes_of(owner, sha256, thumbnail=False)
        return data
