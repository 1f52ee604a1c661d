"""Handles: the names by which words call what a conversation holds: ``@img3``, ``@file1``.

The number counts the distinct pictures of a branch from its top, drafts and masks left out, and
its files apart from them. What is new in a question brings the number it had while the question
was written, so that its name holds however things are ordered and whatever arrives meanwhile.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from chat.core.messages import Message
from chat.core.parts import File, Image, Part, files, pictures

MAX_HANDLE = 9_999
HANDLE = re.compile(r"(?<![\w@])@img([1-9]\d{0,3})(?!\w)", re.ASCII | re.IGNORECASE)
"""A handle among words; its number is the group."""


FILE_HANDLE = re.compile(r"(?<![\w@])@file([1-9]\d{0,3})(?!\w)", re.ASCII | re.IGNORECASE)
"""The same of a file."""

_Found: TypeAlias = Callable[[Sequence[Part]], Sequence[Image | File]]


def numbered(messages: Sequence[Message]) -> dict[str, int]:
    """The number of each picture of a branch by its sha256, in the order of first sight.

    Args:
        messages: the branch, oldest first.
    """
    return _numbered(messages, pictures)


def numbered_files(messages: Sequence[Message]) -> dict[str, int]:
    """The number of each file of a branch, those that tools made too; as :func:`numbered`."""
    return _numbered(messages, files)


def _numbered(messages: Sequence[Message], found_in: _Found) -> dict[str, int]:
    numbers: dict[str, int] = {}
    taken: set[int] = set()
    for at, message in enumerate(messages):
        claimed: set[int] = set()
        if message.role != "user":
            # The question below may have been written while this reply was not there yet.
            claimed = _claims(messages[at + 1 : at + 2], numbers, found_in)
        own = _claims((message,), numbers, found_in)
        for found in found_in(message.parts):
            sha256 = found.media.sha256
            if sha256 in numbers:
                continue
            number = found.handle
            if number < 1 or number in taken:
                number = next_number(taken)
                while number in claimed or number in own:
                    number += 1
            numbers[sha256] = number
            taken.add(number)
    return numbers


def next_number(taken: Iterable[int]) -> int:
    """The number of the next picture, where these are taken."""
    return max(taken, default=0) + 1


def called(text: str) -> list[int]:
    """The numbers that words call pictures by, each once, in order."""
    return list(dict.fromkeys(int(number) for number in HANDLE.findall(text)))


def _claims(messages: Sequence[Message], known: dict[str, int], found_in: _Found) -> set[int]:
    """The numbers that questions bring along for what is new."""

    def is_new(found: Image | File) -> bool:
        return found.handle > 0 and found.media.sha256 not in known

    return {
        found.handle
        for message in messages
        if message.role == "user"
        for found in found_in(message.parts)
        if is_new(found)
    }
