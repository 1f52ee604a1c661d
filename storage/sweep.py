"""Clears away pictures that no message names. Knows both ports; no database and no folder."""

from collections import defaultdict
from datetime import datetime, timedelta

from chat.core.messages import now
from chat.core.ports import Conversations, MediaStore
from storage.media_names import original_of

UNSENT_KEPT = timedelta(hours=24)
"""How long a picture may wait in somebody's composer before it is taken for forgotten."""


def sweep(
    conversations: Conversations, media: MediaStore, older_than: datetime | None = None
) -> list[str]:
    """Remove pictures stored before then that no message names, their copies with them.

    By default a day ago. Returns the names that were removed. A picture put again counts as
    new, and ages are read once more right before anything is removed: what somebody uploads
    again meanwhile stays.
    """
    limit = older_than or now() - UNSENT_KEPT
    unused = _forgotten(media, limit)
    for sha256 in conversations.media_in_use():
        unused.pop(sha256, None)
    still = _forgotten(media, limit)
    removed = [name for sha256 in unused.keys() & still.keys() for name in still[sha256]]
    for name in removed:
        media.delete(name)
    return sorted(removed)


def _forgotten(media: MediaStore, limit: datetime) -> dict[str, list[str]]:
    """Names by picture, of pictures that are old: a copy without its original is by itself."""
    old = set(media.names(limit))
    names: dict[str, list[str]] = defaultdict(list)
    for name in media.names(now() + timedelta(days=1)):
        names[original_of(name)].append(name)
    return {
        sha256: family
        for sha256, family in names.items()
        if (sha256 in old if sha256 in family else old.issuperset(family))
    }
