"""What text is split into: words, pictures, links to pictures, references that wait for one.

A picture may be defined below the place where it is referred to; until then what follows is held.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeAlias

MAX_HELD_CHARS = 16_000
"""Of words between a reference and its definition."""
MAX_LINK_CHARS = 400
"""The same after a link: most refer to a web page, and words shall not wait long for that."""
MAX_HELD_PICTURES = 4


@dataclass(frozen=True, slots=True)
class InlinePicture:
    """A picture found in words."""

    data: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class InlineLink:
    """A picture whose address may be opened; ``words`` is what stood there."""

    address: str
    alt: str
    words: str


Piece: TypeAlias = str | InlinePicture | InlineLink


@dataclass(frozen=True, slots=True)
class Reference:
    """``![alt][label]``, whose picture may be defined further below."""

    label: str
    alt: str
    words: str
    link: bool = False
    """Without the exclamation mark."""


@dataclass(frozen=True, slots=True)
class Defined:
    """The picture that a label stands for."""

    label: str
    picture: InlinePicture


Found: TypeAlias = Piece | Reference | Defined


class References:
    """Puts pictures that are defined further below where they are referred to."""

    def __init__(self) -> None:
        """Hold nothing."""
        self._held: list[Found] = []

    @property
    def holds(self) -> bool:
        """Whether anything waits."""
        return bool(self._held)

    def through(self, found: list[Found]) -> list[Piece]:
        """What can be passed on."""
        pieces: list[Piece] = []
        for item in found:
            if isinstance(item, Defined):
                self._define(item, pieces)
            elif isinstance(item, Reference) or self._held:
                self._held.append(item)
            else:
                pieces.append(item)
            if self._held and self._in_vain():
                pieces += self.flush()
        return pieces

    def flush(self) -> list[Piece]:
        """Everything that is held, references as the words they are."""
        held, self._held = self._held, []
        return [_as_piece(item) for item in held]

    def _define(self, defined: Defined, pieces: list[Piece]) -> None:
        named = [
            at
            for at, item in enumerate(self._held)
            if isinstance(item, Reference) and item.label == defined.label
        ]
        if not named:
            (self._held or pieces).append(defined.picture)
        for at in named:
            reference = self._held[at]
            assert isinstance(reference, Reference)
            self._held[at] = replace(defined.picture, alt=reference.alt)
        if not any(isinstance(item, Reference) for item in self._held):
            pieces += self.flush()

    def _in_vain(self) -> bool:
        """Whether too much has come since, or a definition that is no picture."""
        words = [item for item in self._held if isinstance(item, str)]
        references = [item for item in self._held if isinstance(item, Reference)]
        most = MAX_LINK_CHARS if all(each.link for each in references) else MAX_HELD_CHARS
        held = len(self._held) - len(words)
        if sum(map(len, words)) > most or held > MAX_HELD_PICTURES:
            return True
        labels = [item.label for item in references]
        last = words[-1].casefold() if words else ""
        return any(f"[{label}]:" in last for label in labels)


def _as_piece(item: Found) -> Piece:
    if isinstance(item, Reference):
        return item.words
    return item.picture if isinstance(item, Defined) else item


def joined(found: list[Found]) -> list[Found]:
    """Neighbouring words as one piece, empty ones left out."""
    joined: list[Found] = []
    for item in found:
        if item == "":
            continue
        if isinstance(item, str) and joined and isinstance(joined[-1], str):
            joined[-1] += item
        else:
            joined.append(item)
    return joined


def whole(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbouring words as one piece."""
    whole: list[Piece] = []
    for is_words, run in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        together = list(run)
        whole += ["".join(map(str, together))] if is_words else together
    return whole
