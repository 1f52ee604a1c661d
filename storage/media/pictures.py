"""The rules that hold for stored pictures, wherever their bytes lie.

Layout of the keys::

    ab/abcd...                 a picture under the sha256 of its bytes, ab its first two digits
    ab/abcd....t768            a copy derived from it
    bin/2026-11-29/abcd...     no message named it; kept for a while, and taken back when asked for
    damaged/abcd....<hex>      bytes that were not those that the name promises
    records/<title>.json       notes of Easel about this store

Bytes are compared with their name whenever they are read. What does not fit is moved aside and
never given out; the same bytes from the bin, from a backup or from a new upload take its place.
"""

import hashlib
import json
import logging
import re
import zlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from chat.core.errors import NotFound, StorageError
from chat.core.parts import Json
from storage.media.names import NAME, check_bytes, checked
from storage.media.objects import Objects

log = logging.getLogger(__name__)

GONE = "That picture is not there any more: its file is lost."
DAMAGED = "That picture is not there any more: its file is damaged, and was moved aside."

BACKUP = "backup-"
"""How the title of a record of a backup begins; its ``target`` is the folder, its ``names`` what
it holds."""

MAX_CRC32S = 20_000
"""Kept in memory, with their names: about 3 MB."""

_TITLE = re.compile(r"[a-z0-9-]{1,80}")
_BIN = re.compile(r"bin/(\d{4}-\d{2}-\d{2})/([^/]+)")


class StoredPictures:
    """The port ``MediaStore`` on any ``Objects``."""

    def __init__(self, objects: Objects) -> None:
        """Keep pictures among these objects."""
        self._objects = objects
        self._crc32s: dict[str, int] = {}
        """Of bytes that were compared with their sha256, the longest known first."""

    @property
    def objects(self) -> Objects:
        """Where the bytes lie."""
        return self._objects

    def put(self, name: str, data: bytes) -> None:
        """Store; on return the bytes are durable, and heal what was damaged under this name."""
        check_bytes(name, data)
        self._objects.write(_key(name), data)

    def get(self, name: str) -> bytes:
        """The bytes, which are surely those that the name promises."""
        key = _key(name)
        sentence = GONE
        try:
            data = self._objects.read(key)
        except NotFound:
            pass  # a backup may have it
        else:
            if _fits(name, data):
                return data
            sentence = DAMAGED
            self._set_aside(name)
        healed = self._from_bin(name) or self._from_backup(name)
        if healed is None:
            raise NotFound(sentence)
        return healed

    def get_with_crc32(self, name: str) -> tuple[bytes, int]:
        """The same, with their CRC-32; where that is known from before, it is what is compared."""
        known = self._crc32s.get(name)
        if known is not None:
            with suppress(NotFound):  # a backup may have it
                data = self._objects.read(_key(name))
                if zlib.crc32(data) == known:
                    return data, known
        data = self.get(name)
        crc32 = zlib.crc32(data)
        self._crc32s[name] = crc32
        if len(self._crc32s) > MAX_CRC32S:
            with suppress(StopIteration, KeyError, RuntimeError):  # another thread was quicker
                del self._crc32s[next(iter(self._crc32s))]
        return data, crc32

    def check(self) -> None:
        """Ask for what is not there. Raises: StorageError."""
        self._objects.has("records/asked-whether-it-answers.json")

    def holds(self, name: str, data: bytes, crc32: int | None = None) -> bool:
        """Whether exactly these bytes are what a name promises, and are stored under it."""
        if crc32 is not None and crc32 == self._crc32s.get(name):
            with suppress(NotFound):  # a backup may have it
                if self._objects.read(_key(name)) == data:
                    return True  # what was summed up once was summed up for both
        with suppress(NotFound):
            return self.get_with_crc32(name)[0] == data
        return False

    def has(self, name: str) -> bool:
        """Whether they are there, in the bin included."""
        return self._objects.has(_key(name)) or bool(self._binned(name))

    def delete(self, name: str) -> None:
        """Remove at once and for good; no error if they are not there."""
        self._objects.remove(_key(name))

    def names(self, older_than: datetime) -> list[str]:
        """Every name last put before then."""
        found = ((*key.partition("/")[::2], at) for key, at in self._objects.listing())
        return sorted(
            name
            for shelf, name, at in found
            if at < older_than and NAME.fullmatch(name) and name[:2] == shelf
        )

    def discard(self, name: str, day: date) -> None:
        """Put into the bin of a day; no error if they are not there."""
        with suppress(NotFound):
            self._objects.move(_key(name), f"bin/{day.isoformat()}/{checked(name)}")

    def empty_bin(self, before: date, keep: Collection[str] = ()) -> list[str]:
        """Remove for good what was put into the bin before a day; the names that went.

        Those to ``keep`` are put back instead, where nothing has taken their place.
        """
        gone: list[str] = []
        for key, _ in self._objects.listing("bin/"):
            match = _BIN.fullmatch(key)
            if match is None or not NAME.fullmatch(match[2]):
                continue
            if date.fromisoformat(match[1]) >= before:
                continue
            if match[2].partition(".")[0] in keep:
                self._take_back(match[2], key)
            else:
                self._objects.remove(key)
                gone.append(match[2])
        return sorted(gone)

    def record(self, title: str) -> Json:
        """What was noted under a title; ``None`` where nothing was, or it cannot be read."""
        try:
            return json.loads(self._objects.read(_record_key(title)))
        except NotFound:
            return None
        except ValueError:
            log.warning("the record %s beside the pictures cannot be read", title)
            return None

    def note(self, title: str, value: Json) -> None:
        """Note something under a title; ``None`` removes it."""
        if value is None:
            self._objects.remove(_record_key(title))
        else:
            data = json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
            self._objects.write(_record_key(title), data)

    def records(self) -> list[str]:
        """The titles under which something is noted, sorted."""
        titles = (key.removeprefix("records/") for key, _ in self._objects.listing("records/"))
        return sorted(title.removesuffix(".json") for title in titles if title.endswith(".json"))

    def _set_aside(self, name: str) -> None:
        """A store that cannot be written keeps its damage, and it is not given out all the same."""
        try:
            self._objects.move(_key(name), f"damaged/{name}.{uuid4().hex[:8]}")
        except StorageError as error:
            log.warning("the damaged picture %s could not be moved aside: %s", name, error)
        else:
            log.warning("the picture %s is damaged; it was moved aside", name)

    def _binned(self, name: str) -> list[str]:
        """The keys under which a name lies in the bin, the newest last."""
        keys = (key for key, _ in self._objects.listing("bin/"))
        return [key for key in keys if key.rpartition("/")[2] == name]

    def _from_bin(self, name: str) -> bytes | None:
        for key in reversed(self._binned(name)):
            with suppress(NotFound):
                data = self._objects.read(key)
                if _fits(name, data):
                    self._take_back(name, key)
                    return data
        return None

    def _take_back(self, name: str, key: str) -> None:
        try:
            if not self._objects.has(_key(name)):
                self._objects.move(key, _key(name))
                log.info("the picture %s was taken out of the bin again", name)
        except StorageError as error:
            log.warning("the picture %s could not be taken out of the bin: %s", name, error)

    def _from_backup(self, name: str) -> bytes | None:
        """The same bytes from a backup on this machine that is known to hold them."""
        if "." in name:
            return None  # nothing tells whether a copy is whole; it is made anew
        for folder in self._backups(name):
            try:
                data = (folder / "media" / name[:2] / name).read_bytes()
            except OSError as error:
                log.warning("the backup %s does not give %s: %s", folder.name, name, error)
                continue
            if _fits(name, data):
                try:
                    self._objects.write(_key(name), data)
                    log.warning("the picture %s was healed from the backup %s", name, folder.name)
                except StorageError as error:
                    log.warning("the picture %s could not be healed: %s", name, error)
                return data
        return None

    def _backups(self, name: str) -> Iterator[Path]:
        for title in reversed(self.records()):
            if title.startswith(BACKUP):
                told = self.record(title)
                if isinstance(told, dict) and name in told.get("names", ()):
                    yield Path(str(told.get("target", "")))


def _key(name: str) -> str:
    return f"{checked(name)[:2]}/{name}"


def _record_key(title: str) -> str:
    if not _TITLE.fullmatch(title):
        raise ValueError("not the title of a record")
    return f"records/{title}.json"


def _fits(name: str, data: bytes) -> bool:
    return "." in name or hashlib.sha256(data).hexdigest() == name
