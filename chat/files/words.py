"""Plain text, Markdown, code and JSON, by lines."""

import json
import re

from chat.core.errors import ToolFailed
from chat.core.text import clean_text
from chat.files.letters import letters
from chat.files.limits import LINE_CHARS
from chat.files.records import parsed_json
from chat.files.units import Lines

_MAX_LINES = 2_000_000


def text_lines(data: bytes) -> tuple[Lines, str]:
    """The text, and what is to be known of its letters. Raises ``ToolFailed``."""
    text, guessed = letters(data)
    return _lines(text), f"Its letters were read as {guessed}." if guessed else ""


def json_lines(data: bytes) -> tuple[Lines, str]:
    """JSON as it is written, or laid out where it is written as one line; and what is to be said.

    Raises:
        ToolFailed: there is nothing in it.
    """
    text, _ = letters(data)
    if max(map(len, text.splitlines()), default=0) <= LINE_CHARS:
        return _lines(text), ""
    try:
        laid_out = clean_text(json.dumps(parsed_json(text), indent=1, ensure_ascii=False))
    except (ToolFailed, RecursionError):
        return _lines(text), "It is no sound JSON, and told as it is written."
    return _lines(laid_out), "It is laid out anew in lines."


def _lines(text: str) -> Lines:
    if not text.strip():
        raise ToolFailed("There is no text in it.")
    lines: list[str] = []
    for line in re.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", text):
        lines += [line[at : at + LINE_CHARS] for at in range(0, len(line), LINE_CHARS)] or [""]
        if len(lines) > _MAX_LINES:
            raise ToolFailed(f"The text has more than {_MAX_LINES:,} lines.")
    while not lines[-1].strip():
        lines.pop()
    return Lines(lines)
