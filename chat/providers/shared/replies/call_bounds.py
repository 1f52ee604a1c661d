"""How many tools one answer may call, and with how much to read, whatever wire it came by."""

import json
from collections.abc import Mapping
from typing import Any

from chat.core.bounds import MAX_ARGUMENTS_BYTES, MAX_CALLS
from chat.core.errors import BadReply


class CallBounds:
    """Counts the calls of one answer and the bytes of their arguments, as they come."""

    def __init__(self) -> None:
        """Begin an answer."""
        self._bytes = self._calls = 0

    def begin(self) -> None:
        """One more call.

        Raises:
            BadReply: it is one too many.
        """
        if self._calls >= MAX_CALLS:
            raise BadReply(f"The model asked for more than {MAX_CALLS} tools in one answer.")
        self._calls += 1

    def take(self, arguments: str | Mapping[str, Any]) -> int:
        """More arguments, as JSON or a piece of it, or read already; their size in bytes.

        Raises:
            BadReply: that is more than one answer may have.
        """
        text = arguments if isinstance(arguments, str) else json.dumps(arguments)
        size = len(text.encode("utf-8", "replace"))
        self._bytes += size
        if self._bytes > MAX_ARGUMENTS_BYTES:
            raise BadReply("The model gave a tool more to read than Easel takes.")
        return size

    def give_back(self, size: int) -> None:
        """So many bytes were a repeat, and are not kept."""
        self._bytes -= size
