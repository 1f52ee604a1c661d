"""What a user adds to a message: a picture, or a file of another kind, told apart by its bytes."""

import asyncio
from dataclasses import dataclass

from chat.core.errors import CapabilityError, MediaRejected
from chat.core.file_kinds import PICTURE_ENDINGS, FileKind, cleaned_name, ending_of
from chat.core.file_sniffing import kind_of
from chat.core.parts import MediaRef
from chat.images.formats import is_other_picture, is_svg_document, sniff
from chat.turns.pictures import Pictures
from chat.turns.studio import Studio


@dataclass(frozen=True, slots=True)
class Upload:
    """What was kept."""

    ref: MediaRef
    note: str = ""
    """What was done to a picture on the way in; empty: nothing that anybody would see."""
    name: str = ""
    """Of a file, with an ending; empty: it is a picture."""
    kind: FileKind | None = None
    """``None``: it is a picture."""


class Uploads:
    """Takes in what users add."""

    def __init__(self, studio: Studio, pictures: Pictures) -> None:
        """Pictures are kept by the one, other files by the other."""
        self._studio = studio
        self._pictures = pictures

    async def take(self, owner: str, data: bytes, name: str) -> Upload:
        """Keep it: a picture cleaned, a file exactly as it is.

        Args:
            owner: whose it becomes.
            data: all of it.
            name: what it is called, its ending and all; empty: nothing.

        Raises:
            MediaRejected: it is nothing that Easel takes; the sentence says what helps.
            StorageError: it could not be stored, or not in time.
        """
        name = cleaned_name(name)
        kind = await asyncio.to_thread(file_kind, data, name)
        if kind is None:
            ref, note = await self._studio.upload(owner, data)
            return Upload(ref, note)
        try:
            ref = await self._pictures.keep_file(owner, data, kind.mime)
        except CapabilityError as error:
            raise MediaRejected(str(error)) from error
        return Upload(ref, name=name, kind=kind)


def file_kind(data: bytes, name: str) -> FileKind | None:
    """The kind of a file; ``None``: it is a picture, or one that Easel does not take and names.

    Raises:
        MediaRejected: it is neither.
    """
    if is_svg_document(data):
        return None
    try:
        sniff(data)
    except MediaRejected as no_picture:
        try:
            return kind_of(data, name)
        except MediaRejected:
            # Of what is a picture, or called one, it is said why it is no picture that is taken.
            if data and (is_other_picture(data) or ending_of(name) in PICTURE_ENDINGS):
                raise no_picture from None
            raise
    return None
