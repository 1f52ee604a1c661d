"""What a talking model says, read alike at every provider: words, pictures among them, repeats.

Words are looked through for pictures; a picture that comes twice is shown once; a last message
that says everything again adds only what is new.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from chat.core.errors import ChatError, MediaRejected
from chat.core.events import ImageBytes, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.parts import Echo
from chat.images.dataurl import is_data_url
from chat.providers.shared.http.set_aside import whole
from chat.providers.shared.replies.decoded import decoded_picture, is_picture
from chat.providers.shared.replies.halves import joined
from chat.providers.shared.replies.inline_digits import UNREADABLE
from chat.providers.shared.replies.inline_pictures import MAX_PIECE_CHARS, PictureScanner
from chat.providers.shared.replies.inline_pieces import InlineLink, InlinePicture, Piece
from chat.providers.shared.replies.picture_links import Link, is_address, not_opened, not_there

log = logging.getLogger(__name__)

NOT_SHOWN = "\n\n[Something came that Easel cannot show: {kind}.]\n\n"

Said: TypeAlias = ProviderEvent | Link

_LEAST_REPEAT_CHARS = 12
_LEAST_PIECE_CHARS = 24
"""Shorter words may well be said twice, and so may a piece that is all there is so far."""


class SaidReader:
    """Reads the words and pictures of one reply."""

    def __init__(self, trusts: Callable[[str], bool] | None = None) -> None:
        """Read a reply.

        Args:
            trusts: whether a picture's address may be opened.
        """
        self._trusts = trusts
        self._scanner = PictureScanner(trusts)
        self._words: list[str] = []
        self._pieces = 0
        self._repeated_chars = 0
        self._remarks, self._repeated_remarks = Counter[str](), Counter[str]()
        self._seen: set[str] = set()
        """Pictures by sha256, and addresses."""
        self._thoughts = PictureScanner()
        self._thought: list[str] = []

    @property
    def holds(self) -> bool:
        """Whether words are held back."""
        return self._scanner.holds

    def thought(self, text: str, echo: Echo | None = None) -> Iterator[Said]:
        """The next thoughts; a picture among them is a draft.

        An echo stays on them where they are passed on as they came.
        """
        yield from self._events(self._scanner.flush())  # words held back came before them
        if echo is not None:
            held = self._thoughts.holds
            pieces = self._thoughts.feed(text) + self._thoughts.flush()
            if not held and pieces in ([], [text]):
                self._thought.append(text)
                yield ReasoningDelta(text, echo)
                return
        else:
            pieces = self._thoughts.feed(text)
        yield from self._thoughts_of(pieces)

    def thinks_again(self, text: str) -> bool:
        """Whether these are all the thoughts so far once more."""
        thought = self._thought = ["".join(self._thought)] if self._thought else []
        scanner = PictureScanner()
        pieces = scanner.feed(text) + scanner.flush()
        again = "".join(piece for piece in pieces if isinstance(piece, str))
        return bool(thought) and _plain(again) == _plain(thought[0])

    def words(self, text: str, echo: Echo | None = None) -> Iterator[Said]:
        """The next words. An echo stays on them where they are passed on as they came."""
        if text and self._thoughts.holds:
            yield from self._thoughts_of(self._thoughts.flush())
        if echo is None:
            for at in range(0, len(text), MAX_PIECE_CHARS):
                yield from self._events(self._scanner.feed(text[at : at + MAX_PIECE_CHARS]))
            return
        if not self._scanner.holds:
            pieces = self._scanner.feed(text) + self._scanner.flush()
            if pieces in ([], [text]):
                self._add(text)
                yield TextDelta(text, echo)
                return
        else:
            pieces = self._scanner.feed(text) + (self._scanner.flush() if not text else [])
        # What was signed is no longer what is kept: the signature would not hold.
        yield from self._events(pieces)
        if not text:
            yield TextDelta("", echo)

    def run(self, words: list[str]) -> Iterator[Said]:
        """Words that came together, in as many pieces as the server made of them."""
        self._pieces += len(words) - 1
        return self.words("".join(words))

    def flush(self) -> Iterator[Said]:
        """What was held back."""
        yield from self._thoughts_of(self._thoughts.flush())
        yield from self._events(self._scanner.flush())

    def new_message(self) -> None:
        """What follows may say everything once more, from the start."""
        self._repeated_chars = 0
        self._repeated_remarks.clear()

    def again(self, text: str) -> Iterator[Said]:
        """What a text that may repeat words of before adds to them, pictures among it."""
        yield from self.flush()
        scanner = PictureScanner(self._trusts)
        pieces = scanner.feed(text) + scanner.flush()
        whole = joined("".join(piece for piece in pieces if isinstance(piece, str)))
        said = self._said()
        rest = said[self._repeated_chars :]
        if not rest:
            yield from self._events(pieces)
        else:
            yield from self._events([piece for piece in pieces if not isinstance(piece, str)])
        if rest.startswith(whole):
            self._repeated_chars += len(whole)
            return
        if rest and whole.startswith(rest):
            yield from self._events([whole[len(rest) :]])
        elif rest and _plain(whole) not in _plain(said):
            yield from self._events(["\n\n", whole])
        self._repeated_chars = len(self._said())

    def repeats(self, text: str) -> bool:
        """Whether these are all the words so far once more."""
        least = _LEAST_REPEAT_CHARS if self._pieces > 1 else _LEAST_PIECE_CHARS
        return len(text) >= least and _plain(joined(text)) == _plain(self._said())

    def _said(self) -> str:
        """All the words so far."""
        self._words = [joined("".join(self._words))]
        return self._words[0]

    def _add(self, words: str) -> None:
        self._words.append(words)
        self._pieces += 1

    def picture(self, value: str, alt: str = "", echo: Echo | None = None) -> Iterator[Said]:
        """The picture that a data URL, base64 or an address stands for."""
        yield from self.flush()  # words held back came before it
        if is_address(value):
            address = value.strip()
            if self._trusts is not None and self._trusts(address):
                yield from self._link(Link(address, alt))
            elif address not in self._seen:
                self._seen.add(address)
                yield TextDelta(not_opened(address))
            return
        try:
            data = decoded_picture(value)
        except MediaRejected as error:
            log.info("a picture in an answer cannot be read: %s", error)
            data = b""
        if not data or not (is_data_url(value) or is_picture(data)):
            yield TextDelta(UNREADABLE)
        else:
            yield from self.shown(data, alt, echo)

    def shown(
        self, data: bytes, alt: str = "", echo: Echo | None = None
    ) -> Iterator[ProviderEvent]:
        """A picture, if it has not been shown yet."""
        name = hashlib.sha256(whole(data)).hexdigest()
        if name not in self._seen:
            self._seen.add(name)
            yield ImageBytes(data, alt=alt, echo=echo)

    def was_shown(self, data: bytes) -> bool:
        """Whether this picture came before."""
        return hashlib.sha256(data).hexdigest() in self._seen

    def fetched(self, link: Link, data: bytes) -> Iterator[ProviderEvent]:
        """The picture that was behind a link."""
        yield from self.shown(data, link.alt)

    def unfetched(self, link: Link, refusal: MediaRejected) -> Iterator[ProviderEvent]:
        """What stands where a link was opened in vain."""
        yield TextDelta(link.words + not_there(link.address, refusal))

    def _link(self, link: Link) -> Iterator[Said]:
        if link.address not in self._seen:
            self._seen.add(link.address)
            yield link

    def not_shown(self, kind: str, *, again: bool = False) -> Iterator[Said]:
        """A remark on what is neither words nor a picture; ``again``: it may repeat one."""
        self._repeated_remarks[kind] += again
        if again and self._repeated_remarks[kind] <= self._remarks[kind]:
            return
        self._remarks[kind] += 1
        yield from self.flush()
        named = "".join(c for c in kind[:60] if c.isprintable() and c not in "`[]")
        yield TextDelta(NOT_SHOWN.format(kind=named or "unknown"))

    def _thoughts_of(self, pieces: list[Piece]) -> Iterator[Said]:
        for piece in pieces:
            if isinstance(piece, InlinePicture):
                yield ImageBytes(piece.data, draft=True, alt=piece.alt)
            elif isinstance(piece, str) and piece:
                self._thought.append(piece)
                yield ReasoningDelta(piece)

    def _events(self, pieces: list[Piece]) -> Iterator[Said]:
        for piece in pieces:
            match piece:
                case InlinePicture():
                    yield from self.shown(piece.data, piece.alt)
                case InlineLink():
                    yield from self._link(Link(piece.address, piece.alt, piece.words))
                case str() if piece:
                    self._add(piece)
                    yield TextDelta(piece)


def in_runs(
    bodies: Iterable[Mapping[str, Any]], words_of: Callable[[Mapping[str, Any]], str]
) -> Iterator[list[str] | Mapping[str, Any]]:
    """What came together, the words of neighbours that say nothing else as one list.

    Args:
        bodies: where reading one of them raises, what came before it has its turn first.
        words_of: the words of a body that says nothing else; empty for any other.
    """
    run: list[str] = []
    try:
        for body in bodies:
            if words := words_of(body):
                run.append(words)
                continue
            if run:
                yield run
                run = []
            yield body
    except ChatError:
        if run:
            yield run
        raise
    if run:
        yield run


def _plain(text: str) -> str:
    return " ".join(text.split())
