"""Files taken in as conversations: looked through, checked, and then kept all at once or not.

Pictures are put into the store while the file is checked, because each is looked at only once.
Nobody may see them before the conversations are kept in one transaction; if anything is wrong
before that, those that were new go to the bin.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import IO

from chat.archive.document import NotTaken
from chat.archive.draft import Draft, DraftPicture
from chat.archive.proofs import ProofCheck
from chat.archive.readers.building import MISSING
from chat.archive.readers.registry import reader_for
from chat.archive.sources import open_source
from chat.core.errors import (
    CapabilityError,
    Conflict,
    MediaRejected,
    NotFound,
    OwnerGone,
    PicturesBusy,
)
from chat.core.messages import Conversation, Message
from chat.core.parts import File, Image, MediaRef, Text, files, images, with_pictures
from chat.core.ports import Conversations, StoredForm, WholeConversation
from chat.images.edits import ImageEditing
from chat.turns.pictures import Pictures

MAX_CONVERSATIONS = 20_000
MAX_MESSAGES = 500_000


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file."""

    conversations: list[Conversation]
    sentence: str
    """What was taken in, and what was left out, for people."""


class Importer:
    """Takes files in for an owner."""

    def __init__(
        self,
        conversations: Conversations,
        pictures: Pictures,
        form: StoredForm,
        usual_model: Callable[[str], str],
        editor: ImageEditing,
    ) -> None:
        """``usual_model`` names that of an owner, for a conversation that says none.

        ``editor`` counts what a file says of marked regions.
        """
        self._editor = editor
        self._conversations = conversations
        self._pictures = pictures
        self._form = form
        self._usual_model = usual_model

    async def take(self, owner: str, file: IO[bytes]) -> Imported:
        """Keep every conversation of a file, or nothing of it.

        Raises:
            NotTaken: it cannot be taken in; the sentence says why.
            StorageError: it could not be kept.
        """
        title, draft = await asyncio.to_thread(self._drafted, file)
        kept: dict[str, MediaRef] = {}
        new: list[str] = []
        named = _files(draft)
        try:
            for name, picture in draft.pictures.items():
                mime = named.get(picture.sha256, "")
                ref = await self._admitted(owner, picture, new, mime, exact=draft.exact)
                if ref is not None:
                    kept[name] = ref
            model = self._usual_model(owner)
            taken = [_with_kept(whole, kept, model, exact=draft.exact) for whole in draft.wholes]
            wholes = await self._proved(taken, draft, kept)
            added = await asyncio.to_thread(
                self._conversations.add_whole, owner, wholes, list(kept.values())
            )
            for name, ref in kept.items():
                await self._pictures.put_again(ref.sha256, draft.pictures[name].read)
        except OwnerGone:
            await self._undone(new)
            raise
        except (Conflict, NotFound) as error:
            await self._undone(new)
            raise NotTaken("The file is damaged: its messages do not hold together.") from error
        except BaseException:
            await self._undone(new)
            raise
        again = await asyncio.to_thread(self._here_already, owner, wholes, added)
        return Imported(added, _told(title, draft, wholes, kept.values(), again))

    def _drafted(self, file: IO[bytes]) -> tuple[str, Draft]:
        source = open_source(file)
        reader = reader_for(source)
        draft = reader.read(source, self._form)
        draft = replace(draft, wholes=[whole for whole in draft.wholes if whole.messages])
        if not draft.wholes:
            raise NotTaken(f"There is no conversation in this export of {reader.title}.")
        count = sum(len(whole.messages) for whole in draft.wholes)
        if len(draft.wholes) > MAX_CONVERSATIONS or count > MAX_MESSAGES:
            raise NotTaken("The file holds more conversations than Easel takes in at once.")
        return reader.title, draft

    def _here_already(
        self, owner: str, wholes: Sequence[WholeConversation], added: Sequence[Conversation]
    ) -> int:
        """How many were taken in beside themselves, of this owner's alone."""
        moved = [
            whole.conversation.id
            for whole, made in zip(wholes, added, strict=True)
            if whole.conversation.id != made.id
        ]
        return sum(self._has(owner, each) for each in moved)

    def _has(self, owner: str, conversation_id: str) -> bool:
        try:
            self._conversations.get(owner, conversation_id)
        except NotFound:
            return False
        return True

    async def _proved(
        self,
        wholes: Sequence[WholeConversation],
        draft: Draft,
        kept: Mapping[str, MediaRef],
    ) -> list[WholeConversation]:
        """The conversations with what was counted in place of what a file says was."""

        async def read(sha256: str) -> bytes | None:
            if sha256 not in kept or sha256 not in draft.pictures:
                return None
            return await asyncio.to_thread(draft.pictures[sha256].read)

        check = ProofCheck(self._editor, read)
        return [await check.checked(whole) for whole in wholes]

    async def _admitted(
        self, owner: str, picture: DraftPicture, new: list[str], mime: str, *, exact: bool
    ) -> MediaRef | None:
        """A picture in the store, exactly as it came; ``None`` where it may be left out.

        With a ``mime`` it may be a file of that type, too.
        """
        try:
            # What is here already was looked at when it came, and is compared, not hashed again.
            data, sha256, known = await self._pictures.held(
                owner, picture.read, picture.sha256, picture.crc32
            )
            if known:
                return known
            _must_be(picture, sha256)
            ref, is_new = await self._taken_in(data, sha256, mime)
        except MediaRejected as error:
            if exact or isinstance(error, PicturesBusy):
                raise NotTaken(f"A picture in the file is not taken. {error}") from error
            return None
        except NotTaken:
            if exact:
                raise
            return None
        if is_new:
            new.append(ref.sha256)
        return ref

    async def _taken_in(self, data: bytes, sha256: str, mime: str) -> tuple[MediaRef, bool]:
        try:
            return await self._pictures.take_in(data, sha256)
        except MediaRejected as error:
            if not mime or isinstance(error, PicturesBusy):
                raise
        try:
            return await self._pictures.take_in_file(data, mime)
        except CapabilityError as error:
            raise MediaRejected(str(error)) from error

    async def _undone(self, shas: Sequence[str]) -> None:
        """Put what was new into the bin, even where whoever asked has gone."""
        if shas:
            await asyncio.shield(self._pictures.withdraw(shas))


def _files(draft: Draft) -> dict[str, str]:
    """What messages name as files: sha256 to type, as they say."""
    messages = (message for whole in draft.wholes for message in whole.messages)
    found: list[File] = [each for message in messages for each in files(message.parts)]
    return {each.media.sha256: each.media.mime for each in found}


def _must_be(picture: DraftPicture, sha256: str) -> None:
    """Raises: NotTaken where a picture has other bytes than was said."""
    if picture.sha256 and sha256 != picture.sha256:
        raise NotTaken("The zip is damaged: a picture in it is not what it was.")


def _with_kept(
    whole: WholeConversation, kept: Mapping[str, MediaRef], usual_model: str, *, exact: bool
) -> WholeConversation:
    """The conversation with what is known of its pictures now that they were looked at."""

    def read(image: Image) -> Image | Text:
        ref = kept.get(image.media.sha256)
        if ref is not None:
            return replace(image, media=replace(ref, extra=image.media.extra))
        return image if exact else Text(MISSING)

    def looked_at(message: Message) -> Message:
        if not images(message.parts):
            return message
        return replace(message, parts=with_pictures(message.parts, read))

    conversation = _allowing_nothing(whole.conversation)
    if not conversation.model:
        conversation = replace(conversation, model=usual_model)
    return WholeConversation(conversation, [looked_at(each) for each in whole.messages])


def _allowing_nothing(conversation: Conversation) -> Conversation:
    """What a file says of tools may forbid them, never allow them: that is for its new owner."""
    stricter = {name: may for name, may in conversation.tool_policy.items() if may != "allow"}
    return replace(conversation, tool_policy=stricter, tool_schemas={})


def _told(
    title: str,
    draft: Draft,
    wholes: Sequence[WholeConversation],
    kept: Collection[MediaRef],
    again: int,
) -> str:
    messages = sum(len(whole.messages) for whole in wholes)
    pictures = sum(ref.is_picture for ref in kept)
    lost = draft.pictures_lost + len(draft.pictures) - len(kept)
    held = f"{_counted(messages, 'message')}, {_counted(pictures, 'picture')}"
    if len(kept) > pictures:
        held += f", {_counted(len(kept) - pictures, 'file')}"
    sentences = [f"Imported {_counted(len(wholes), 'conversation')} from {title}: {held}."]
    if again:
        twice = f"{again:,} of them were here already and are here twice now."
        if again == 1:
            twice = "1 of them was here already and is here twice now."
        if len(wholes) == 1:
            twice = "It was here already and is here twice now."
        sentences.append(twice)
    if draft.left_out:
        total = max(messages, sum(draft.left_out.values()))
        kinds = ", ".join(sorted(draft.left_out))
        count = sum(draft.left_out.values())
        sentences.append(
            f"{count:,} of {total:,} messages had a kind of content that was left out ({kinds})."
        )
    if lost:
        sentences.append(
            "1 picture was not in the file or could not be read."
            if lost == 1
            else f"{lost:,} pictures were not in the file or could not be read."
        )
    return " ".join(sentences)


def _counted(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
