"""Garbage collection: pictures that no message names go into a bin with a date, never on doubt.

Doubt is any sign that the database is not the one whose pictures these are: it has another
identity than at the last start, it holds less than it held then (an older copy was put back),
or there are pictures it has never heard of. Then nothing is moved at that start, and the log
says so. A record beside the pictures holds what was seen last.

Whatever is asked for comes back out of the bin by itself, so a mistake costs nothing for
``BIN_DAYS``.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chat.core.errors import NotFound
from chat.core.messages import now
from chat.core.parts import Json
from chat.core.ports import Conversations, DatabaseMark, MediaStore
from storage.media.names import original_of
from storage.media.pictures import BACKUP

log = logging.getLogger(__name__)

UNSENT_KEPT = timedelta(hours=24)
"""How long a picture may wait in somebody's composer before it is taken for forgotten."""

BIN_DAYS = 30
"""How long what was collected lies in the bin before it is removed for good."""

RECORD = "database"

OTHER_DATABASE = "the database is not the one that was here at the last start"
OLDER_COPY = "the database is an older copy than the one that was here last"
UNKNOWN = "there are {count} pictures here that the database does not know"
FIRST = "it is not known yet which database these pictures belong to"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the record beside the pictures says of the database that was here last."""

    mark: DatabaseMark | None = None
    unknown: frozenset[str] = frozenset()
    """Pictures that this database did not know when it was looked at last."""
    kept: frozenset[str] = frozenset()
    """Pictures of a database that is gone; they are never collected."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one collection."""

    binned: tuple[str, ...] = ()
    """Names that were put into the bin."""
    removed: tuple[str, ...] = ()
    """Names that had been in the bin long enough."""
    doubt: str = field(default="")
    """Why nothing was touched; empty where there was no doubt."""


def doubt(conversations: Conversations, media: MediaStore) -> str:
    """Why pictures must not be collected now, as the rest of a sentence; empty where they may.

    To be asked before anything else is tidied at a start.
    """
    seen, mark = _seen(media), conversations.mark()
    if seen.mark is None:
        return FIRST
    if seen.mark.database != mark.database:
        return OTHER_DATABASE
    if mark.newest < seen.mark.newest:
        return OLDER_COPY
    return ""


def collect_garbage(
    conversations: Conversations,
    media: MediaStore,
    *,
    doubted: str = "",
    spared: Collection[str] = (),
    at: datetime | None = None,
) -> Collected:
    """Put old pictures that no message names into the bin, their copies with them.

    Args:
        conversations: whose messages name pictures.
        media: where the pictures are.
        doubted: what :func:`doubt` said; then nothing is moved or removed.
        spared: the sha256 of pictures to leave, because a backup names them.
        at: the moment to judge ages by; now.

    A picture put again counts as new, and ages are read once more right before anything is
    moved: what somebody uploads again meanwhile stays.
    """
    moment = at or now()
    seen = _seen(media)
    unused = _forgotten(media, moment - UNSENT_KEPT, moment)
    in_use = conversations.media_in_use()
    for sha256 in in_use | set(spared) | seen.kept:
        unused.pop(sha256, None)
    unknown = frozenset(unused) - conversations.media_known()
    if not doubted and unknown - seen.unknown:
        doubted = UNKNOWN.format(count=len(unknown - seen.unknown))
    _remember(media, Seen(conversations.mark(), unknown, seen.kept))
    if doubted:
        if unused or doubted != FIRST:  # a new folder has nothing that anybody would miss
            log.warning("no pictures are collected at this start: %s", doubted)
        return Collected(doubt=doubted)
    still = _forgotten(media, moment - UNSENT_KEPT, moment)
    binned = sorted(name for sha in unused.keys() & still.keys() for name in still[sha])
    for name in binned:
        media.discard(name, moment.date())
    keep = in_use | set(spared) | seen.kept
    removed = media.empty_bin((moment - timedelta(days=BIN_DAYS)).date(), keep)
    if binned or removed:
        log.info("%d picture files went to the bin, %d left it", len(binned), len(removed))
    return Collected(tuple(binned), tuple(removed))


def remove_unheld(
    conversations: Conversations, media: MediaStore, pictures: Collection[str]
) -> None:
    """Remove pictures at once and for good, but for those that somebody has by now.

    Somebody else may put and be granted the same bytes at any moment of this. So it is asked again
    right before each goes and right after, when they are put back; whoever was granted a picture
    looks whether its bytes are still there. One of the two sees what the other did.
    """
    files: dict[str, list[str]] = defaultdict(list)
    for name in media.names(now() + timedelta(days=1)) if pictures else ():
        files[original_of(name)].append(name)
    for sha256 in pictures:
        if not conversations.media_is_held(sha256):
            _remove_unheld(conversations, media, sha256, files[sha256])


def _remove_unheld(
    conversations: Conversations, media: MediaStore, sha256: str, names: Collection[str]
) -> None:
    data = None
    with suppress(NotFound):  # lost or damaged: nobody gets it back from here
        data = media.get(sha256)
    for name in {*names, sha256}:
        media.delete(name)
    if data is not None and conversations.media_is_held(sha256):
        media.put(sha256, data)


def remember(conversations: Conversations, media: MediaStore) -> None:
    """Note how far the database has come, so that an older copy of it is known as one."""
    seen, mark = _seen(media), conversations.mark()
    if mark != seen.mark:
        _remember(media, Seen(mark, seen.unknown, seen.kept))


def keep_all(media: MediaStore, at: datetime | None = None) -> int:
    """Never collect what is here now: its database is gone. How many pictures that are."""
    moment = at or now()
    names = media.names(moment + timedelta(days=1))
    held = frozenset(original_of(name) for name in names)
    seen = _seen(media)
    _remember(media, Seen(None, frozenset(), seen.kept | held))
    return len(held)


def named_in_backups(media: MediaStore) -> set[str]:
    """The sha256 of every picture that a backup of which we know names."""
    named: set[str] = set()
    for title in media.records():
        if title.startswith(BACKUP):
            told = media.record(title)
            if isinstance(told, dict):
                named |= _names(told, "names")
    return named


def _seen(media: MediaStore) -> Seen:
    told = media.record(RECORD)
    if not isinstance(told, dict):
        return Seen()
    database, newest = told.get("database"), told.get("newest")
    mark = None
    if isinstance(database, str) and isinstance(newest, int):
        mark = DatabaseMark(database, newest)
    return Seen(mark, _names(told, "unknown"), _names(told, "kept"))


def _names(told: Mapping[str, Json], key: str) -> frozenset[str]:
    """The names in a record; none where somebody wrote something else there."""
    names = told.get(key)
    return frozenset(filter(_is_text, names)) if isinstance(names, list) else frozenset()


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


def _remember(media: MediaStore, seen: Seen) -> None:
    mark = seen.mark
    told = {
        "database": None if mark is None else mark.database,
        "newest": None if mark is None else mark.newest,
        "unknown": sorted(seen.unknown),
        "kept": sorted(seen.kept),
    }
    if media.record(RECORD) != told:
        media.note(RECORD, told)


def _forgotten(media: MediaStore, limit: datetime, moment: datetime) -> dict[str, list[str]]:
    """Names by picture, of pictures that are old: a copy without its original is by itself."""
    old = set(media.names(limit))
    names: dict[str, list[str]] = defaultdict(list)
    for name in media.names(moment + timedelta(days=1)):
        names[original_of(name)].append(name)
    return {
        sha256: family
        for sha256, family in names.items()
        if (sha256 in old if sha256 in family else old.issuperset(family))
    }
