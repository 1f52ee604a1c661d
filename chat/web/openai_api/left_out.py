"""Says which parts of a request Easel had no place for, in a header of the answer."""

import re
from collections.abc import Iterable

HEADER = "X-Easel-Left-Out"
MOST = 20
SILENT = frozenset({"user", "metadata", "store", "parallel_tool_calls", "safety_identifier"})
"""What changes nothing of an answer."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")


def left_out(names: Iterable[str]) -> dict[str, str]:
    """The header; none where nothing was left out."""
    told = [name for name in names if _NAME.fullmatch(name) and name not in SILENT]
    return {HEADER: ", ".join(sorted(set(told))[:MOST])} if told else {}
