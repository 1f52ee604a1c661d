"""How much a database keeps, as it counts itself."""

from collections import defaultdict
from dataclasses import replace

from chat.core.stored_sizes import OwnerSizes, StoredSizes
from storage.transaction import Transaction, moment_of


def stored_sizes(reading: Transaction, *, sqlite: bool) -> StoredSizes:
    """What ``Conversations.sizes`` promises."""
    owners: defaultdict[str, OwnerSizes] = defaultdict(OwnerSizes)
    for owner, every, binned in reading.rows(_CONVERSATIONS):
        owners[owner] = OwnerSizes(conversations=every - binned, binned=binned)
    for owner, pictures, size in reading.rows(_PICTURES):
        owners[owner] = replace(owners[owner], pictures=pictures, picture_bytes=int(size))
    ((messages,),) = reading.rows("SELECT count(*) FROM message")
    ((pictures, size),) = reading.rows(_EVERY_PICTURE)
    ((size_of_all,),) = reading.rows(_SQLITE_BYTES if sqlite else _POSTGRESQL_BYTES)
    ((since,),) = reading.rows("SELECT min(deleted_at) FROM conversation")
    return StoredSizes(
        "SQLite" if sqlite else "PostgreSQL",
        int(size_of_all),
        messages,
        pictures,
        int(size),
        dict(owners),
        moment_of(since),
    )


_CONVERSATIONS = """
    SELECT owner, count(*), count(deleted_at) FROM conversation
    WHERE head_id IS NOT NULL GROUP BY owner
"""
_PICTURES = """
    SELECT owner, count(*), sum(size_bytes) FROM media_grant
    JOIN media ON media.sha256 = media_grant.sha256 WHERE withdrawn_at IS NULL GROUP BY owner
"""
_EVERY_PICTURE = """
    SELECT count(*), coalesce(sum(size_bytes), 0) FROM media
    WHERE sha256 IN (SELECT sha256 FROM media_grant WHERE withdrawn_at IS NULL)
"""
_SQLITE_BYTES = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
_POSTGRESQL_BYTES = "SELECT pg_database_size(current_database())"
