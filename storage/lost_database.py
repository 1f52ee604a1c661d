"""Refuses to begin anew beside what an earlier database left: that would look like a loss."""

from datetime import timedelta

from chat.core.errors import Damaged
from chat.core.messages import now
from chat.core.ports import MediaStore
from storage.open import database_exists, path_of
from storage.snapshots import newest_snapshot

SWITCH = "--begin-anew"


def refuse_lost_database(url: str, media: MediaStore) -> None:
    """Make sure that no new database is made where an old one has been.

    Raises:
        Damaged: there is none, but there are pictures, or copies of a database. Nothing was
            changed, and the sentence says what to do.
        StorageError: it cannot be told.
    """
    if url.startswith("memory:") or database_exists(url):
        return
    pictures = sum("." not in name for name in media.names(now() + timedelta(days=1)))
    snapshot = newest_snapshot(path_of(url)) if url.startswith("sqlite:") else None
    if not pictures and snapshot is None:
        return
    left = f"{pictures} picture{'' if pictures == 1 else 's'}" if pictures else "copies of it"
    sqlite = path_of(url).name if url.startswith("sqlite:") else ""
    newest = f" (the newest copy beside it is {snapshot.name})" if snapshot else ""
    raise Damaged(
        f"There is no database{f' {sqlite}' if sqlite else ' at this address'}, but {left} of an "
        f"earlier one. Nothing was changed. Put the database back from a backup{newest}, or "
        f"choose another data folder with EASEL_DATA, or start once with {SWITCH}: that makes a "
        "new, empty database and keeps every picture file."
    )
