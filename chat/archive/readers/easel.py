"""Easel's own zips: what was exported comes back byte for byte.

Only what is on the list is opened: ``conversation.json`` at the top or in one folder each, and the
pictures and files that it names in ``pictures`` and ``files`` beside it.
"""

import re

from chat.archive.document import NotTaken, read_document
from chat.archive.draft import Draft, DraftPicture
from chat.archive.sources import LoneSource, Source, read_bytes, read_json
from chat.core.ports import StoredForm, WholeConversation
from chat.images.limits import Limits

DOCUMENT = re.compile(r"(?P<folder>[^/]+/)?conversation\.json")
PICTURE = re.compile(r"(?:pictures|files)/[^/]+")
MOST_PICTURE_BYTES = Limits().max_made_bytes


class EaselReader:
    """Reads what ``chat.archive.exporting`` writes."""

    title = "Easel"

    def fits(self, source: Source) -> bool:
        """Whether there is a document of ours in it."""
        if isinstance(source, LoneSource):
            return _begins_as_ours(source)
        return any(DOCUMENT.fullmatch(name) for name in source.names)

    def read(self, source: Source, form: StoredForm) -> Draft:
        """Every conversation in it, and the pictures they name."""
        wholes: list[WholeConversation] = []
        pictures: dict[str, DraftPicture] = {}
        names = set(source.names)
        for name in source.names:
            match = DOCUMENT.fullmatch(name)
            if match is None and not isinstance(source, LoneSource):
                continue
            folder = (match["folder"] if match else "") or ""
            document = read_document(form, read_json(source, name))
            for sha256, file in document.files.items():
                path = folder + file
                if not PICTURE.fullmatch(file) or path not in names:
                    raise NotTaken(_MISSING.format(file[:80]))
                pictures.setdefault(sha256, _picture(source, path, sha256))
            wholes.append(document.whole)
        return Draft(wholes, pictures, exact=True)


def _begins_as_ours(source: Source) -> bool:
    with source.open(source.names[0]) as file:
        head = file.read(200)
    return b'"easel-conversation"' in head


def _picture(source: Source, path: str, sha256: str) -> DraftPicture:
    def read() -> bytes:
        return read_bytes(source, path, MOST_PICTURE_BYTES, _TOO_LARGE.format(path[-80:]))

    return DraftPicture(read, sha256, source.crc32(path))


_MISSING = "The zip is damaged: the picture “{}” is named in it and not there."
_TOO_LARGE = "The picture “{}” is larger than Easel takes."
