"""The files of a request that are no pictures, as data URLs."""

import asyncio

from chat.core.errors import MediaRejected
from chat.core.file_kinds import cleaned_name
from chat.core.parts import File, Image
from chat.images.dataurl import is_data_url, read_data_url
from chat.providers.shared.http.set_aside import whole
from chat.turns.held_pictures import HeldPictures
from chat.turns.pictures import MAX_FILE_BYTES
from chat.turns.question import MAX_FILES
from chat.turns.uploads import file_kind
from chat.web.openai_api.chat_bodies import FileSource
from chat.web.openai_api.errors import InvalidRequest
from chat.web.openai_api.pictures_in import PicturesIn

NO_DATA = "A file goes along as file_data, a data URL: Easel keeps none that an id could name."


class FilesIn:
    """Takes in the files of one request."""

    def __init__(self, held: HeldPictures, pictures: PicturesIn) -> None:
        """Hold files there; what turns out to be a picture is taken in as one."""
        self._held = held
        self._pictures = pictures
        self._taken = 0

    async def take(self, source: FileSource) -> File | Image:
        """A file of the user's.

        Raises:
            Busy: too many others fetch pictures.
            CapabilityError: whoever sent the request may add none.
            InvalidRequest: it names a file without its bytes.
            MediaRejected: it is nothing that Easel takes, or one too many.
        """
        self._pictures.rights.must_upload()
        if not source.file_data:
            raise InvalidRequest(NO_DATA, code="unsupported_value")
        self._taken += 1
        if self._taken > MAX_FILES:
            raise MediaRejected(f"A request has at most {MAX_FILES} files.")
        # OpenAI takes the digits without a head, too.
        url = source.file_data
        url = url if is_data_url(url) else f"data:;base64,{url}"
        data = whole(await asyncio.to_thread(read_data_url, url, MAX_FILE_BYTES))
        name = cleaned_name(source.filename or "")
        kind = await asyncio.to_thread(file_kind, data, name)
        if kind is None:
            return Image(await self._pictures.take(url, "upload"), "upload")
        return File(await self._held.hold(data, kind.mime), name)
