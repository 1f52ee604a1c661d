"""The copies of an Easel that were noted beside its pictures."""

from datetime import datetime

from chat.core.ports import MediaStore
from chat.core.stored_sizes import KnownBackup
from storage.media.pictures import BACKUP


def known_backups(media: MediaStore) -> list[KnownBackup]:
    """The newest first; of a note in another form nothing is known."""
    found = []
    for title in media.records():
        told = media.record(title) if title.startswith(BACKUP) else None
        if isinstance(told, dict):
            made_at, names = told.get("made_at"), told.get("names")
            try:
                moment = datetime.fromisoformat(str(made_at))
            except ValueError:
                continue
            count = len(names) if isinstance(names, list) else 0
            found.append(KnownBackup(moment, str(told.get("target", "")), count))
    return sorted(found, key=lambda each: each.made_at, reverse=True)
