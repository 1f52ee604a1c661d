"""Personal data that has a form: addresses of mail, phone numbers, bank and card numbers.

Names and places have none and are not found: for those a host wants a model of their own.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import phonenumbers
from stdnum import iban, luhn

from chat.guards.checks import Check, Example, Finding, WrongOption
from chat.guards.folding import Folded

KINDS = ("email", "phone", "iban", "card")

_EMAIL = re.compile(r"[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![A-Za-z0-9])")
_CARD = re.compile(r"(?<![\d.-])(?<!\d )[2-6](?:[ .-]?\d){12,18}(?![.-]?\d)")

SHORT_CHARS = 2_000
"""Beyond this a text is read in a thread: looking for phone numbers takes a while."""


@dataclass(frozen=True)
class PersonalData(Check):
    """Finds numbers that are valid, not everything that looks like one."""

    example: ClassVar[Example] = Example('kinds = ["email"]', "Write to ada@example.org.")
    kinds: tuple[str, ...] = KINDS
    region: str = ""
    """Country of phone numbers written without one, such as ``GB``; empty: those are passed by."""

    def __post_init__(self) -> None:
        """Raises ``WrongOption`` for a kind or a country that is not known."""
        if not self.kinds or set(self.kinds) - set(KINDS):
            raise WrongOption("kinds", f"must name one or more of {', '.join(KINDS)}.")
        if self.region and self.region not in phonenumbers.SUPPORTED_REGIONS:
            raise WrongOption("region", "must be a country in two capital letters, such as GB.")

    @property
    def lookahead_chars(self) -> int:
        """An address of mail may be as long as this."""
        return 320

    async def check_text(self, text: str) -> list[Finding]:
        """Every one, the earlier first; of two that overlap the one that begins earlier."""
        if len(text) > SHORT_CHARS:
            return await asyncio.to_thread(self._found, text)
        return self._found(text)

    def _found(self, text: str) -> list[Finding]:
        kept: list[Finding] = []
        end = 0
        folded = Folded(text)
        for start, stop, label in sorted(self._candidates(folded.plain)):
            if start >= end:
                kept.append(Finding(label, *folded.written(start, stop)))
                end = stop
        return kept

    def _candidates(self, text: str) -> Iterator[tuple[int, int, str]]:
        if "email" in self.kinds:
            for match in _EMAIL.finditer(text):
                yield *match.span(), "mail address"
        if "iban" in self.kinds:
            for match in _IBAN.finditer(text):
                if (length := _iban_chars(match[0])) is not None:
                    yield match.start(), match.start() + length, "bank account"
        if "card" in self.kinds:
            for match in _CARD.finditer(text):
                if luhn.is_valid(re.sub(r"[ .-]", "", match[0])):
                    yield *match.span(), "card number"
        if "phone" in self.kinds:
            for number in phonenumbers.PhoneNumberMatcher(text, self.region or None):
                yield number.start, number.end, "phone number"


def _iban_chars(candidate: str) -> int | None:
    """How much of it is a valid number: the word after one in capitals is no part of it."""
    ends = [m.end() for m in re.finditer(r"[A-Z0-9]+", candidate) if m.end() >= 15]
    for end in reversed(ends):
        if iban.is_valid(candidate[:end], check_country=False):
            return end
    return None
