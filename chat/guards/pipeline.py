"""What rules make of a text or a picture: let through, altered, or refused.

Opinions on what was seen before are remembered: a history is sent again with every question.
"""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chat.core.errors import Blocked, ProviderError
from chat.guards.checks import Finding, Side
from chat.guards.rules import Rule

log = logging.getLogger(__name__)

REMEMBERED = 4_096

BLOCKED = {
    "before": "“{title}” held this back: {what}. Nothing was sent.",
    "after": "“{title}” held the rest back: {what}.",
}
UNASKED = {
    "before": "“{title}” could not be asked, so nothing was sent. Try again in a moment.",
    "after": "“{title}” could not be asked, so the rest is held back.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A text and what is to be put in place of parts of it."""

    text: str
    masks: tuple[tuple[int, int, str], ...] = ()
    """Start, end and what stands there instead, in order and without overlaps."""

    def between(self, start: int, end: int) -> str:
        """A stretch as it may pass. A mask that begins in it stands there whole."""
        pieces: list[str] = []
        for first, last, instead in self.masks:
            if last <= start or first >= end:
                continue
            pieces.append(self.text[start : max(start, first)])
            if first >= start:
                pieces.append(instead)
            start = last
        return "".join((*pieces, self.text[start:end]))

    def clear_of(self, cut: int) -> int:
        """The cut, or the start of the mask that it would cut in two."""
        return next((first for first, last, _ in self.masks if first < cut < last), cut)


class GuardPipeline:
    """The rules of one side."""

    def __init__(self, rules: Sequence[Rule], side: Side) -> None:
        """Ask those of these rules that stand on this side."""
        self.rules = tuple(rule for rule in rules if side in rule.when)
        self._side = side
        self._known: OrderedDict[tuple[int, bytes], list[Finding]] = OrderedDict()
        lookaheads = [rule.check.lookahead_chars for rule in self.rules if rule.mode != "log"]
        self.lookahead_chars = max((chars for chars in lookaheads if chars is not None), default=0)
        """How much of a stream must be held back."""
        self.passages = None in lookaheads
        """Whether some check judges whole passages."""

    async def passed_text(self, text: str, *, users: bool = True) -> str:
        """The text as it may pass; ``users``: whether it is the user's. Raises ``Blocked``."""
        if not text:
            return text
        return (await self.check(text, len(text), users=users)).between(0, len(text))

    async def check(self, text: str, upto: int, *, since: int = 0, users: bool = True) -> Verdict:
        """What becomes of a text.

        Checks that judge passages are given what is between the two places; the others read on,
        for a finding may end beyond, and what is before, which says where a word begins.

        Raises:
            Blocked: for something that begins at or behind ``since`` and before ``upto``.
        """
        masks: list[tuple[int, int, str]] = []
        for rule in self.rules:
            if not users and rule.check.reads == "user":
                continue
            whole = rule.check.lookahead_chars is None
            found = await self._asked(rule, text[since:upto] if whole else text)
            if whole:
                found = [finding.moved(since) for finding in found]
            found = [each for each in found if each.start is None or since <= each.start < upto]
            if not found:
                continue
            placed = [(f.start, f.end, f"[{f.label}]") for f in found if f.start is not None]
            _log(rule, "text", found)
            if rule.mode == "block" or (rule.mode == "mask" and len(placed) < len(found)):
                raise self._refusal(rule, found)
            if rule.mode == "mask":
                masks += [(start, end or len(text), label) for start, end, label in placed]
        return Verdict(text, tuple(_apart(masks)))

    async def passes_image(self, data: bytes, *, users: bool = True) -> bool:
        """Whether a picture may pass; false: it must be left out. Raises ``Blocked``."""
        for rule in self.rules:
            if not users and rule.check.reads == "user":
                continue
            found = await self._asked(rule, data)
            if found:
                _log(rule, "picture", found)
            if found and rule.mode == "mask":
                return False
            if found and rule.mode == "block":
                raise self._refusal(rule, found)
        return True

    async def _asked(self, rule: Rule, thing: str | bytes) -> list[Finding]:
        data = thing if isinstance(thing, bytes) else thing.encode("utf-8", "surrogatepass")
        key = (self.rules.index(rule), hashlib.sha256(data).digest())
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        ask = (
            rule.check.check_image(thing)
            if isinstance(thing, bytes)
            else rule.check.check_text(thing)
        )
        try:
            found = await ask
        except Exception as error:
            # A bug in a check must let no more through than a server that does not answer.
            bug = None if isinstance(error, ProviderError) else error
            log.warning("guard %s could not be asked: %s", rule.title, error, exc_info=bug)
            if rule.mode == "log":
                return []
            sentence = UNASKED[self._side].format(title=rule.title)
            raise Blocked(sentence, "guard") from error
        self._known[key] = found
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found

    def _refusal(self, rule: Rule, found: Sequence[Finding]) -> Blocked:
        what = _what(found)
        return Blocked(BLOCKED[self._side].format(title=rule.title, what=what), "guard")


def _log(rule: Rule, kind: str, found: Iterable[Finding]) -> None:
    log.warning("guard %s: %s %s: %s", rule.title, rule.mode, kind, _what(found))


def _what(found: Iterable[Finding]) -> str:
    """The labels, each once; never the words that were found."""
    return ", ".join(dict.fromkeys(finding.label for finding in found))


def _apart(masks: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """In order; where two overlap, the one that begins earlier reaches over both."""
    open_: tuple[int, int, str] | None = None
    for start, end, instead in sorted(masks):
        if open_ is not None and start < open_[1]:
            open_ = (open_[0], max(end, open_[1]), open_[2])
            continue
        if open_ is not None:
            yield open_
        open_ = (start, end, instead)
    if open_ is not None:
        yield open_
