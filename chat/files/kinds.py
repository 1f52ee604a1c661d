"""What a file is, for those who read it."""

from chat.core.errors import MediaRejected, ToolFailed
from chat.core.file_kinds import FileKind
from chat.core.file_sniffing import kind_of


def readable_kind(data: bytes, name: str) -> FileKind:
    """The kind of a file, as whoever takes it in sees it, too. Raises ``ToolFailed``."""
    try:
        return kind_of(data, name)
    except MediaRejected as error:
        raise ToolFailed(str(error)) from error.__cause__
