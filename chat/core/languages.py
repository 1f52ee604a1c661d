"""In which language people are spoken to, and what the words of Easel are in it.

English is the source: sentences are English in the program, in the log and in the store, and become
those of a language where somebody reads them. Who asks is known at the doors (a request, a live
connection), which say so by :func:`speaking`; :func:`say` and :func:`plural` then give the words of
what is drawn, and :func:`resaid` those of a sentence that was made elsewhere, perhaps long ago: it
is found in the catalogue by its form, so that what was stored in English can be read in any
language. Catalogues are made by ``make words`` from ``words/*.po``.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import Final

SOURCE: Final = "en"
OFFERED: Mapping[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "es-MX": "Español (México)",
    "fr": "Français",
    "ja": "日本語",
    "zh-CN": "简体中文",
    "hi": "हिन्दी",
}
"""The languages that may be chosen, each in its own words: those whose catalogue is complete."""
PSEUDO: Mapping[str, str] = {"en-XA": "ltr", "ar-XB": "rtl"}
"""Made-up languages that show what is not translated, and what does not mirror; for tests."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
FOLDER = Path(__file__).resolve().parents[2] / "assets" / "words"

MAX_ACCEPTED_CHARACTERS = 1_000
MAX_ACCEPTED = 20
"""Of an ``Accept-Language``; more of it is not read."""
MAX_SENTENCE_CHARACTERS = 1_000
"""A longer text is no sentence of Easel's."""

MOST_SENTENCES = 8
"""In one text: each row of them is looked for."""
MOST_DEEP = 3
"""A sentence may hold others; so far they are looked into."""

_PLACE = re.compile(r"\{(\w*)\}")
_PAIR = re.compile(r"\{(\w+)\} \{(\w+)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[^\s])")

_spoken: ContextVar[str] = ContextVar("easel_language", default=SOURCE)


@dataclass(frozen=True, slots=True)
class _Form:
    """A sentence with places for values, to be known again."""

    text: str
    begins: str
    ends: str
    shape: re.Pattern[str]
    counts: str = ""
    """The singular, where it counts."""


@dataclass(slots=True)
class Catalogue:
    """The words of one language."""

    language: str
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """From the English words, the singular of those that count, to each form of this language."""
    many: Mapping[str, str] = field(default_factory=dict)
    """From the English plural to the singular, of those that count."""
    own: Mapping[str, str] = field(default_factory=dict)
    """Words of the built-in painter: said, and never looked for in a sentence."""
    page: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    """Those that the page's own scripts say."""
    numbers: Mapping[str, object] = field(default_factory=dict)
    """How numbers and days are written: see :mod:`chat.core.numbers`."""
    categories: Sequence[str] = ("one", "other")
    """The plural categories of the Unicode Consortium, in the order of the forms."""
    which: Callable[[int], int] = lambda n: int(n != 1)
    """From a whole number to the form that it takes."""
    _forms: list[_Form] | None = None

    def forms(self) -> list[_Form]:
        """The sentences with places, those that say most by themselves first."""
        if self._forms is None:
            counted = {one: one for one in self.many.values()} | dict(self.many)
            every = {text for text in (*self.words, *counted) if _PLACE.search(text)}
            shaped = sorted(every, key=lambda text: (-_own_letters(text), text))
            self._forms = [
                _form(text, counted.get(text, ""))
                for text in shaped
                if _own_letters(text) > (1 if text in counted else 3)
            ]
        return self._forms


def _own_letters(text: str) -> int:
    return len(re.sub(r"\W", "", _PLACE.sub("", text)))


def _form(text: str, counts: str = "") -> _Form:
    pieces = _PLACE.split(text)
    seen: set[str] = set()
    shape = ""
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            shape += re.escape(piece)
        elif piece in seen:
            shape += f"(?P=p{piece})"
        else:
            seen.add(piece)
            shape += f"(?P<p{piece}>{'[0-9,]+' if counts and piece == 'n' else '.+?'})"
    return _Form(text, pieces[0], pieces[-1], re.compile(shape, re.DOTALL), counts)


@cache
def catalogue(language: str) -> Catalogue:
    """The words of a language; English, and what is not known, has none of its own."""
    file = FOLDER / f"{language}.json"
    if language == SOURCE or language in PSEUDO or not file.is_file():
        return Catalogue(language)
    told = json.loads(file.read_text(encoding="utf-8"))
    return Catalogue(
        language,
        told["words"],
        told["many"],
        told["own"],
        told["page"],
        told["numbers"],
        told["categories"],
        c2py(told["plural"]),
    )


def language() -> str:
    """The language of whoever is spoken to now: English where nobody is."""
    return _spoken.get()


def direction(of: str) -> str:
    """``ltr`` or ``rtl``."""
    if of in PSEUDO:
        return PSEUDO[of]
    return "rtl" if of.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def enter(to: str) -> None:
    """Speak this language from here on, in a context of one's own."""
    _spoken.set(to)


@contextmanager
def speaking(to: str) -> Iterator[None]:
    """Speak this language inside the block, and in the tasks and threads that begin there."""
    before = _spoken.set(to)
    try:
        yield
    finally:
        _spoken.reset(before)


def known(name: str, *, made_up: bool = False) -> str:
    """The language of this name; empty: it is not spoken here. ``made_up``: those for tests are."""
    return name if name in OFFERED or (made_up and name in PSEUDO) else ""


def best_of(accepted: str) -> str:
    """The first that is spoken here of an ``Accept-Language``, by its weights.

    ``de-AT`` is answered in ``de``, ``zh-TW`` and ``zh`` in ``zh-CN``. Source: RFC 9110, 12.5.4.
    """
    wanted: list[tuple[float, int, str]] = []
    listed = accepted[:MAX_ACCEPTED_CHARACTERS].split(",")[:MAX_ACCEPTED]
    for number, each in enumerate(listed):
        name, _, weight = each.strip().partition(";")
        try:
            share = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if share > 0 and name:
            wanted.append((-share, number, name.strip().lower()))
    spoken = {name.lower(): name for name in OFFERED}
    bases = {name.partition("-")[0]: known for name, known in spoken.items()}
    for _, _, name in sorted(wanted):
        if found := spoken.get(name) or bases.get(name.partition("-")[0]):
            return found
    return SOURCE


def later(text: str) -> str:
    """These words, to be said where they are shown; marks them for the catalogue."""
    return text


def say(text: str, /, **values: object) -> str:
    """These words in the language that is spoken now, with a value for each ``{place}``."""
    return _filled(_translated(text), values)


def plural(n: int, one: str, many: str, /, **values: object) -> str:
    """The form of these words that goes with a number, which is ``{n}`` in them."""
    to = _spoken.get()
    if to == SOURCE or to in PSEUDO:
        text = _translated(one if n == 1 else many)
    else:
        known = catalogue(to)
        forms = known.words.get(one)
        text = (one if n == 1 else many) if forms is None else forms[known.which(abs(n))]
    return _filled(text, {"n": n, **values})


def resaid(text: str, deep: int = 0) -> str:
    """A sentence of Easel in the language that is spoken now; whatever is not known stays."""
    to = _spoken.get()
    if to == SOURCE or not text or deep > MOST_DEEP or len(text) > MAX_SENTENCE_CHARACTERS:
        return text
    if to in PSEUDO:
        return text if text.startswith("⟦") else pseudo(text)
    whole = _known_again(text, catalogue(to), deep)
    if whole is not None:
        return whole
    # Several sentences, put together where they were made: the longest that are known, in order.
    pieces, said = _SENTENCE_END.split(text), list[str]()
    if len(pieces) > MOST_SENTENCES:
        return text
    while pieces:
        for many in range(len(pieces), 0, -1):
            held = " ".join(pieces[:many])
            found = None if held == text else _known_again(held, catalogue(to), deep + 1)
            if found is not None or many == 1:
                said.append(held if found is None else found)
                pieces = pieces[many:]
                break
    return " ".join(said)


def _known_again(text: str, words: Catalogue, deep: int) -> str | None:
    """A sentence of the catalogue in its language; ``None``: it is none of them."""
    if text in words.words:
        return words.words[text][0]
    for form in words.forms():
        if not (text.startswith(form.begins) and text.endswith(form.ends)):
            continue
        if found := form.shape.fullmatch(text):
            held = _parted({name[1:]: v for name, v in found.groupdict().items()}, form.text, words)
            values = {name: resaid(value, deep + 1) for name, value in held.items()}
            if not form.counts:
                return _filled(words.words[form.text][0], values)
            which = words.which(int(held["n"].replace(",", ""))) if "n" in held else 0
            return _filled(words.words[form.counts][which], values)
    return None


def _parted(held: dict[str, str], form: str, words: Catalogue) -> dict[str, str]:
    """The values, where two stand side by side so that the second is known."""
    for pair in _PAIR.finditer(form):
        row = f"{held[pair[1]]} {held[pair[2]]}".split(" ")
        for at in range(1, len(row)):
            if (second := " ".join(row[at:])) in words.words:
                held |= {pair[1]: " ".join(row[:at]), pair[2]: second}
                break
    return held


def _translated(text: str) -> str:
    to = _spoken.get()
    if to == SOURCE:
        return text
    if to in PSEUDO:
        return pseudo(text)
    words = catalogue(to)
    forms = words.words.get(text)
    return words.own.get(text, text) if forms is None else forms[0]


def _filled(text: str, values: Mapping[str, object]) -> str:
    if not values:
        return text
    return _PLACE.sub(lambda place: str(values.get(place[1], place[0])), text)


_ACCENTED = str.maketrans("aceinosuyACEINOSUY", "áçéíñóšúýÁÇÉÍÑÓŠÚÝ")
_KEPT = re.compile(r"(\{\w+\}|</?\d+>)")


def pseudo(text: str) -> str:
    """Words that can be read, are a third longer, and show that they came of a catalogue."""
    accented = "".join(
        piece if number % 2 else piece.translate(_ACCENTED)
        for number, piece in enumerate(_KEPT.split(text))
    )
    return f"⟦{accented}{'·' * (len(text) // 3)}⟧"
