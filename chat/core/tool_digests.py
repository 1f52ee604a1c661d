"""What a decision on a tool is bound to: short texts that differ where a tool or a call does.

A user decides on what they were shown. A server may say something else of its tool tomorrow, and a
page may show a call that is no longer the one that waits: neither is covered by the decision.
"""

import json
from collections.abc import Mapping
from hashlib import sha256

from chat.core.parts import Json
from chat.core.tools import Tool


def tool_digest(tool: Tool) -> str:
    """Of a tool: its name, its source and what models are told of it; 64 hexadecimal digits."""
    spec = tool.spec
    return _digest([spec.name, tool.facts.source, spec.description, spec.parameters])


def call_digest(tool: Tool, arguments: Mapping[str, Json]) -> str:
    """Of a call of a tool with exactly these arguments, in whatever order they stand."""
    return _digest([tool_digest(tool), arguments])


def shown_digest(digest: str, note: str) -> str:
    """Of a call as it is shown with a note on why it is asked for again.

    What was decided before the note was there, and is sent once more, does not count for it.
    """
    return _digest([digest, note]) if digest and note else digest


def _digest(value: Json) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return sha256(canonical.encode("ascii")).hexdigest()
