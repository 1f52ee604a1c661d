"""What rules make of a text or a picture: let through, altered, or refused.

Opinions on what was seen before are remembered: a history is sent again with every question.
"""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from chat.core.errors import Blocked, ProviderError
from chat.guards.checks import Finding, Side
from chat.guards.rules import Rule

log = logging.getLogger(__name__)

REMEMBERED = 4_096

HELD = {
    "before": "“{title}” held this back: {what}. Nothing was sent.",
    "after": "“{title}” held the rest back: {what}.",
}
SILENT = {
    "before": "“{title}” could not be asked, so nothing was sent. Try again in a moment.",
    "after": "“{title}” could not be asked, so the rest is held back.",
}


class Bench:
    """The rules of one side, in their order; each reads what the one before it left."""

    def __init__(self, rules: Sequence[Rule], side: Side) -> None:
        """Ask those of these rules that stand on this side."""
        self.rules = tuple(rule for rule in rules if side in rule.when)
        self._side = side
        self._known: OrderedDict[tuple[int, bytes], list[Finding]] = OrderedDict()

    @property
    def reach_chars(self) -> int | None:
        """How much of a stream must be held back; ``None``: whole passages."""
        reaches = [rule.check.reach_chars for rule in self.rules if rule.mode != "log"]
        known = [reach for reach in reaches if reach is not None]
        return None if len(known) < len(reaches) else max(known, default=0)

    async def text(self, text: str, *, trial: bool = False) -> str:
        """The text as it may pass. A trial is not logged. Raises ``Blocked``."""
        for rule in self.rules:
            found = await self._asked(rule, text)
            if found and not trial:
                _log(rule, "text", found)
            if found and rule.mode == "mask" and all(f.start is not None for f in found):
                text = _masked(text, found)
            elif found and rule.mode != "log":
                raise self._refusal(rule, found)
        return text

    async def picture(self, data: bytes) -> bool:
        """Whether a picture may pass; false: it must be left out. Raises ``Blocked``."""
        for rule in self.rules:
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
        ask = rule.check.look(thing) if isinstance(thing, bytes) else rule.check.read(thing)
        try:
            found = await ask
        except ProviderError as error:
            if rule.mode == "log":
                log.warning("guard %s could not be asked: %s", rule.title, error)
                return []
            sentence = SILENT[self._side].format(title=rule.title)
            raise Blocked(sentence, "guard") from error
        self._known[key] = found
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return found

    def _refusal(self, rule: Rule, found: Sequence[Finding]) -> Blocked:
        what = _what(found)
        return Blocked(HELD[self._side].format(title=rule.title, what=what), "guard")


def _log(rule: Rule, kind: str, found: Iterable[Finding]) -> None:
    log.warning("guard %s: %s %s: %s", rule.title, rule.mode, kind, _what(found))


def _what(found: Iterable[Finding]) -> str:
    """The labels, each once; never the words that were found."""
    return ", ".join(dict.fromkeys(finding.label for finding in found))


def _masked(text: str, found: Sequence[Finding]) -> str:
    """The text with each finding replaced by its label."""
    pieces: list[str] = []
    end = 0
    for finding in found:
        pieces += text[end : finding.start], f"[{finding.label}]"
        end = finding.end or len(text)
    return "".join((*pieces, text[end:]))
