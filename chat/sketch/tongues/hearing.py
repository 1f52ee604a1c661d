"""What was said in another language, as the English that the rest of Sketch reads.

Words come of a table; their order is made anew: adjectives go before nouns, verbs before what
they are about. A word that no table has stays as it is, so that it can be named as left out.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar

from chat.core.languages import language
from chat.sketch.reading.lexicon import LANDS
from chat.sketch.reading.nouns import is_plural, kind_of, plural
from chat.sketch.reading.vocabulary import is_known
from chat.sketch.reading.words import READ_CHARS, words_of
from chat.sketch.scene import FIGURES
from chat.sketch.tongues.tables import TONGUES
from chat.sketch.tongues.tongue import Tongue, Word

_QUOTED = re.compile(r"[\"“”„«»「」『』]([^\"“”„«»「」『』]{1,240})[\"“”„«»「」『』]")
_SUM = re.compile(r"[-+(]?\d[\d.,]*(?:\s?[-+*/×÷^]\s?[(]?\d[\d.,]*[)]?){1,20}")
_STOPS = frozenset(".;!?。！？；।")
_ENOUGH = 0.4
"""The share of words that must be known to call a text one of a language."""
_CONSTANT = {
    "undo": "undo", "first": "go back to the first one", "again": "again",
    "restart": "start over", "help": "help", "hello": "hello", "thanks": "thanks",
    "question": "what does the picture show?",
}  # fmt: skip
_EDITS = {
    "greyscale": "greyscale", "sepia": "sepia", "invert": "invert it", "brighter": "brighter",
    "darker": "darker", "warmer": "warmer", "cooler": "cooler", "more contrast": "more contrast",
    "less contrast": "less contrast", "vivid": "vivid", "blur": "blur it",
    "sharpen": "sharpen it", "cartoon": "cartoon", "pixelate": "pixelate it",
    "vignette": "vignette", "flip": "flip it", "square": "make it square",
}  # fmt: skip
_TIMES = {"night": "at night", "dawn": "at dawn", "evening": "in evening light", "day": "by day"}
_WEATHER = {"rainbow": "a rainbow", "storm": "a storm"}
_ALSO_NOUNS = {"orange": "orange", "pink": "rose"}
_HOLDERS = frozenset(("bowl", "vase"))
_PLAIN_LANDS = frozenset(("underwater",))


@dataclass(slots=True)
class _Thing:
    """A noun and what is said of it."""

    noun: str
    several: bool = False
    count: int | None = None
    colours: list[str] = field(default_factory=list)
    size: str = ""
    definite: bool = False
    side: str = ""
    negated: bool = False
    relation: str = ""
    anchor: "_Thing | None" = None
    hair: str = ""
    dress: str = ""
    holds: bool = False
    """What comes next is in it: "a bowl with lemons"."""

    def words(self, article: str = "") -> str:
        """As an English phrase, with what it stands on."""
        many = self.several or (self.count or 1) > 1
        noun = _noun(self.noun, several=many)
        before = f"{self.count}" if self.count and self.count > 1 else article
        if not before and not many and self.noun not in _PLAIN_LANDS:
            before = "a"
        if self.count == 1 and article != "the":
            before = "one" if article == "more" else "a"
        said = " ".join(each for each in (before, self.size, *self.colours, noun) if each)
        said += f" with {self.hair} hair" if self.hair else ""
        said += f" in a {self.dress} dress" if self.dress else ""
        if self.relation and self.anchor is not None:
            said += f" {self.relation} {self.anchor.words('the')}"
        if self.side in {"left", "right"}:
            said += f" on the {self.side}"
        return said + (" in the middle" if self.side == "middle" else "")


def _noun(noun: str, *, several: bool) -> str:
    if not several:
        return noun
    if kind_of(noun) == noun:
        return plural(noun)
    return noun if is_plural(noun) or noun in LANDS else f"{noun}s"


def recognised(text: str) -> str:
    """The language whose words a text has: the page's before English before others.

    ``en`` where no other has enough of them.
    """
    return _recognised(text[:READ_CHARS], language())


@lru_cache(256)
def _recognised(text: str, page: str) -> str:
    bare = _QUOTED.sub(" ", text)
    shares = {"en": _english_share(bare)}
    if page not in TONGUES and shares["en"] == 1:
        return "en"
    order = [*([page] if page in TONGUES else []), "en", *(n for n in TONGUES if n != page)]
    shares |= {name: _share(bare, tongue) for name, tongue in TONGUES.items()}
    best = max(order, key=lambda name: shares[name])
    return best if best == "en" or shares[best] >= _ENOUGH else "en"


def _english_share(text: str) -> float:
    words = [word for word in words_of(text) if word[0].isalpha()]
    return sum(is_known(word) for word in words) / len(words) if words else 1.0


def _share(text: str, tongue: Tongue) -> float:
    """How much of it the table has: of words, or of letters where no spaces part them."""
    own = _own_letters(text, tongue)
    if not own:
        return 0.0
    total = known = 0
    says_something = False
    words = tongue.pattern.findall(tongue.folded(text))
    at = 0
    while at < len(words):
        found, taken = tongue.at(words, at)
        if words[at][0].isalpha():
            weight = taken if tongue.spaces else sum(map(len, words[at : at + taken]))
            total += weight
            parts = _compound(words[at], tongue)
            known += weight if found is not None or parts else 0
            # Small words alone, such as "a", are of many languages.
            says_something |= bool(parts) or (found is not None and found.sort != "word")
        at += taken
    return known / total if says_something else 0.0


_SCRIPTS = {
    "hi": re.compile("[\u0900-\u097f]"),
    "ja": re.compile("[\u3040-\u30ff\u3400-\u9fff]"),
    "zh-CN": re.compile("[\u3400-\u9fff]"),
}
_KANA = re.compile("[\u3040-\u30ff]")


def _own_letters(text: str, tongue: Tongue) -> bool:
    script = _SCRIPTS.get(tongue.language)
    if tongue.language == "zh-CN" and _KANA.search(text):
        return False
    return bool(script.search(text)) if script else bool(re.search("[A-Za-zÀ-ÿ]", text))


def english(text: str) -> str:
    """The text in English, where it is in a language that has a table; else as it is."""
    name = recognised(text)
    if name == "en":
        return text
    if sum_ := _SUM.search(text[:READ_CHARS]):
        return f"what is {sum_[0]}"
    return _english(text[:READ_CHARS], name)


@lru_cache(256)
def _english(text: str, name: str) -> str:
    tongue = TONGUES[name]
    quotes: list[str] = []

    def put_by(found: "re.Match[str]") -> str:
        quotes.append(found[1])
        return f" {len(quotes) - 1}§ "

    words = _words(_QUOTED.sub(put_by, text), tongue)
    said = [_clause(clause, tongue, quotes) for clause in _clauses(words)]
    return ". ".join(each for each in said if each)


@dataclass(slots=True)
class _Said:
    """A word of the text: what it stands for, or as it was written."""

    written: str
    word: Word | None

    def is_(self, sort: str, *english_words: str) -> bool:
        """Whether it is of that sort, and one of those."""
        if self.word is None or self.word.sort != sort:
            return False
        return not english_words or self.word.english in english_words


def _words(text: str, tongue: Tongue) -> list[_Said]:
    as_written = {tongue.folded(each): each for each in tongue.pattern.findall(text)}
    found = re.findall(r"\d+§|" + tongue.pattern.pattern, tongue.folded(text))
    words: list[_Said] = []
    at = 0
    while at < len(found):
        word, taken = tongue.at(found, at)
        written = " ".join(found[at : at + taken])
        if word is None and (parts := _compound(written, tongue)):
            words += [_Said(written, part) for part in parts]
        elif word is None and re.fullmatch(r"\d{1,4}", written):
            words.append(_Said(written, Word("number", written)))
        elif written.strip():
            joined = not tongue.spaces and word is None and written.isalpha()
            if joined and words and words[-1].word is None and words[-1].written.isalpha():
                words[-1] = _Said(words[-1].written + written, None)
            else:
                written = as_written.get(written, written)
                if word is not None and _is_many(written, word, tongue):
                    word = Word(word.sort, word.english, several=True)
                words.append(_Said(written, word))
        at += taken
    return words


def _is_many(written: str, word: Word, tongue: Tongue) -> bool:
    """Whether only a mark that is folded away says that it is several: "Vogel", "Vögel"."""
    noun = tongue.names.get(word.english) if tongue.language == "de" else None
    return noun is not None and noun.many != noun.one and written.startswith(noun.many)


def _compound(written: str, tongue: Tongue) -> list[Word]:
    """A shade and a colour in one word, as in "hellblau"."""
    for beginning, shade in tongue.shades.items():
        rest = tongue.word(written.removeprefix(beginning)) if written != beginning else None
        if written.startswith(beginning) and rest is not None and rest.sort == "colour":
            return [Word("shade", shade), rest]
    return []


def _does(said: _Said) -> bool:
    return said.is_("act") or said.is_("edit")


def _clauses(words: list[_Said]) -> list[list[_Said]]:
    """Parted at full stops, and at "and" or a comma where both sides do something."""
    clauses: list[list[_Said]] = [[]]
    for at, each in enumerate(words):
        joins = each.written == "," or each.is_("word", "and", "then")
        if each.written in _STOPS or (
            joins and any(map(_does, clauses[-1])) and any(map(_does, _until_joint(words, at + 1)))
        ):
            clauses.append([])
        else:
            clauses[-1].append(each)
    return [clause for clause in clauses if clause]


def _until_joint(words: list[_Said], at: int) -> list[_Said]:
    ahead = []
    for each in words[at:]:
        if each.written in _STOPS or each.written == "," or each.is_("word", "and", "then"):
            break
        ahead.append(each)
    return ahead


class _Phrase:
    """The things of a clause, with what belongs to each."""

    def __init__(self, words: list[_Said], tongue: Tongue) -> None:
        self.tongue = tongue
        self.words = words
        self.things: list[_Thing] = []
        self.sky: list[str] = []
        self.unknown: list[str] = []
        self.colours: list[str] = []
        """Every colour, in order."""
        self._next = _Thing("")
        self._shade = ""
        self._near = False
        """A noun stands right before, and nothing parts it from what comes."""
        self._relation = ""
        self._worn: dict[str, str] = {}
        for at, each in enumerate(words):
            self._take(each, at)
        self._end()

    def _ahead(self, at: int) -> bool:
        """Whether a noun comes before anything that parts."""
        for each in self.words[at + 1 :]:
            if each.written == "," or each.is_("word", "and") or _does(each):
                return False
            if each.is_("noun"):
                return True
        return False

    def _noun_after(self, at: int) -> bool:
        """Whether a noun is next, or after adjectives and small words."""
        for place, each in enumerate(self.words[at + 1 :]):
            if place == 0 and self._counts(each.written, self.words[at]):
                continue
            if each.is_("noun"):
                return True
            small = each.is_("word", "") or each.is_("shade")
            if not (small or each.is_("colour") or each.is_("size") or each.is_("number")):
                return False
        return False

    def _take(self, said: _Said, at: int) -> None:
        word = said.word
        if word is None or word.sort == "unknown":
            if said.written.isalpha() or not said.written.isascii():
                self.unknown.append(said.written)
            self._near = self._near and said.written != ","
        elif word.sort == "noun":
            self._named(said, word, at)
        elif word.sort in self._takes:
            self._takes[word.sort](self, word.english, at)

    def _named(self, said: _Said, word: Word, at: int) -> None:
        if word.english == "rose" and self._near:
            self._colour("pink", at)
        elif not (at and self._counts(said.written, self.words[at - 1])):
            self._noun(word)

    def _size(self, size: str, at: int) -> None:
        self._behind(at).size = size

    def _hour(self, hour: str, at: int) -> None:  # noqa: ARG002
        self.sky.append(hour)

    def _counts(self, written: str, before: _Said) -> bool:
        """Whether it only counts things, as in "三本"."""
        return before.is_("number") and written in self.tongue.counters

    def _behind(self, at: int) -> _Thing:
        """What an adjective belongs to: the noun before or the noun to come."""
        if self._near and self.things and (self.tongue.adjectives_follow or not self._ahead(at)):
            return self.things[-1]
        return self._next

    def _colour(self, colour: str, at: int) -> None:
        alone = not (self._near or self._noun_after(at) or self._shade)
        if colour in _ALSO_NOUNS and alone and (self._next.count or self._next.definite):
            # "Una naranja", "eine Rose": no noun is there that it could colour.
            self._noun(Word("noun", _ALSO_NOUNS[colour]))
            return
        colour = f"{self._shade} {colour}".strip()
        self._shade = ""
        self.colours.append(colour)
        self._behind(at).colours.append(colour)

    def _shaded(self, shade: str, at: int) -> None:
        if self._after_is_colour(at) or not self.colours:
            self._shade = shade
            return
        plain = self.colours[-1]
        self.colours[-1] = f"{shade} {plain}"
        for thing in (*self.things[-1:], self._next):
            thing.colours = [f"{shade} {plain}" if c == plain else c for c in thing.colours]

    def _after_is_colour(self, at: int) -> bool:
        return any(each.is_("colour") for each in self.words[at + 1 : at + 2])

    def _counted(self, written: str, at: int) -> None:
        number = int(written)
        if self._noun_after(at) or not self.things:
            self._next.count = number
        else:
            self.things[-1].count = number

    def _side(self, side: str, at: int) -> None:
        before = self.things and self._near
        (
            self.things[-1] if before or (not self._ahead(at) and self.things) else self._next
        ).side = side

    def _relate(self, relation: str, at: int) -> None:
        if not self.tongue.relations_follow:
            self._relation = relation if self.things else ""
            self._near = False
            return
        if not self.things:
            return
        anchor = self.things[-1]
        if self._ahead(at) and not any(self.words[k].is_("act") for k in range(at)):
            self._next.relation, self._next.anchor = relation, anchor
            self.things.pop()
        elif len(self.things) > 1:
            self.things.pop()
            self.things[-1].relation, self.things[-1].anchor = relation, anchor
        self._near = False

    def _noun(self, word: Word) -> None:
        noun = word.english
        if noun in {"hair", "dress"}:
            self._wear(noun)
            return
        thing, self._next = self._next, _Thing("")
        thing.noun, thing.several = noun, word.several and self.tongue.spaces
        if noun in FIGURES and self._worn:
            thing.hair, thing.dress = self._worn.get("hair", ""), self._worn.get("dress", "")
            self._worn = {}
        if self._relation and self.things and not self.tongue.relations_follow:
            held = self.things[-1]
            held.relation, held.anchor = self._relation, thing
            self._relation = ""
            self.things.append(thing)
            self._near = True
            return
        self.things.append(thing)
        self._near = True

    def _wear(self, what: str) -> None:
        colour = " ".join(self._next.colours[:1])
        figure = next((t for t in reversed(self.things) if t.noun in FIGURES), None)
        self._next = _Thing("")
        self._relation = ""
        if figure is None or (self.tongue.relations_follow and figure is not self.things[-1]):
            self._worn[what] = colour
        elif colour:
            setattr(figure, what, colour)
        else:
            # "Pelo rojo": its colour comes behind.
            self.things.append(_Thing(what, anchor=figure))
        self._near = True

    def _small(self, word: str, at: int) -> None:  # noqa: ARG002
        if word == "without":
            if self.tongue.language == "ja" and self.things:
                self.things[-1].negated = True
            else:
                self._next.negated = True
        elif word == "the":
            self._next.definite = True
        elif word == "picture":
            self._next = _Thing("")
        if word == "with" and self._near and self.things and self.things[-1].noun in _HOLDERS:
            self.things[-1].holds = True
        if word in {"and", "with"}:
            negated = self._next.negated or (
                word == "and" and bool(self.things) and self.things[-1].negated
            )
            self._next = _Thing("", negated=negated and not self.tongue.relations_follow)
            self._near = False
            self._relation = ""

    def _end(self) -> None:
        for at, thing in enumerate(list(self.things)):
            if thing.noun in {"hair", "dress"} and thing.anchor is not None:
                setattr(thing.anchor, thing.noun, " ".join(thing.colours[:1]))
                self.things[at] = _Thing("")
        self.things = [thing for thing in self.things if thing.noun]
        left = self._next.colours
        if left and self.things and not self.things[-1].colours:
            self.things[-1].colours = left[:1]

    _takes: ClassVar[dict[str, Callable[["_Phrase", str, int], None]]] = {
        "colour": _colour, "shade": _shaded, "number": _counted, "size": _size, "side": _side,
        "sky": _hour, "relation": _relate, "word": _small,
    }  # fmt: skip

    @property
    def heads(self) -> list[_Thing]:
        """The things that stand on no other one's account."""
        held = [thing.anchor for thing in self.things if thing.anchor is not None]
        return [thing for thing in self.things if not any(thing is each for each in held)]


def _clause(words: list[_Said], tongue: Tongue, quotes: list[str]) -> str:
    acts = [each.word.english for each in words if each.word and each.word.sort == "act"]
    edits = [each.word.english for each in words if each.word and each.word.sort == "edit"]
    quoted = [quotes[int(each.written[:-1])] for each in words if each.written.endswith("§")]
    constant = next((each for each in acts if each in _CONSTANT), "")
    phrase = _Phrase([each for each in words if not each.written.endswith("§")], tongue)
    raw = [each.written for each in words if re.fullmatch(r"\d+[.:x×]\d+", each.written)]
    if constant and not (edits or quoted or (phrase.things and constant != "question")):
        return _CONSTANT[constant]
    said = _done(acts, edits, quoted, phrase, raw)
    return " ".join(each for each in (said, *phrase.unknown) if each)


def _done(
    acts: list[str], edits: list[str], quoted: list[str], phrase: _Phrase, raw: list[str]
) -> str:
    if any(thing.noun == "card" for thing in phrase.things):
        return _card(phrase, quoted)
    if edits:
        return _edited(acts, edits, quoted, phrase, raw)
    if "remove" in acts:
        return _removed(phrase)
    return _altered(acts, phrase) or _shown(acts, phrase, raw)


def _removed(phrase: _Phrase) -> str:
    gone = [f"the {_noun(thing.noun, several=thing.several)}" for thing in phrase.things]
    gone += [f"the {each}" for each in phrase.sky if each in {"rain", "snow", "fog", "storm"}]
    return "remove " + " and ".join(gone) if gone else "remove it"


def _altered(acts: list[str], phrase: _Phrase) -> str:
    """What is done to things that are there; empty where nothing is."""
    things, heads = phrase.things, phrase.heads
    head = heads[0] if heads else _Thing("")
    if "replace" in acts and len(things) > 1:
        return f"replace the {things[0].noun} with {things[1].words()}"
    sized = next((each for each in acts if each in {"bigger", "smaller"}), "")
    if not sized and "make" in acts and things and not phrase.colours:
        sized = {"big": "bigger", "small": "smaller"}.get(things[0].size, "")
    if sized:
        target = f"the {_noun(things[0].noun, several=things[0].several)}" if things else "it"
        return f"make {target} {sized}"
    # "Pon el sofá verde": in Spanish one puts a colour.
    bare = head.definite and head.colours and not (head.relation or head.side or heads[1:])
    if ("make" in acts and phrase.colours) or ("put" in acts and bare):
        return _coloured(phrase)
    return _placed(acts, head)


def _placed(acts: list[str], head: _Thing) -> str:
    if {"move", "put"} & set(acts) and head.side and not head.relation:
        return f"move the {head.noun} to the {head.side}"
    if "put" in acts and head.relation and head.definite:
        return "put " + head.words("the")
    return ""


def _shown(acts: list[str], phrase: _Phrase, raw: list[str]) -> str:
    """What is added or described."""
    things = phrase.things
    if {"add", "put", "more"} & set(acts):
        return _added(acts, phrase)
    listed = _listed(phrase)
    if listed and raw:
        listed += f" in {raw[0]}"
    if not things and phrase.sky and not phrase.colours:
        return f"now {listed.removeprefix('with ')}"
    if not things and raw:
        return f"make it {raw[0]}"
    return ("paint " if "paint" in acts and listed else "") + listed


def _coloured(phrase: _Phrase) -> str:
    new = phrase.colours[-1]
    old = phrase.colours[0] if len(phrase.colours) > 1 else ""
    if not phrase.things:
        return f"make it {new}"
    thing = phrase.things[0]
    noun = _noun(thing.noun, several=thing.several or (thing.count or 1) > 1)
    return f"make the {f'{old} {noun}'.strip()} {new}"


def _added(acts: list[str], phrase: _Phrase) -> str:
    said = _listed(phrase, more="more" in acts)
    return f"add {said}".strip()


def _listed(phrase: _Phrase, *, more: bool = False) -> str:
    """The things one after the other, then hour and weather."""
    said = []
    for thing in phrase.heads:
        if thing.negated:
            continue
        words = thing.words("more" if more and thing.count == 1 else "")
        if more:
            words = re.sub(r"^(\w+) ", r"\1 more ", re.sub(r"^a ", "one ", words))
        said.append(words)
    text = ", ".join(said[:-1]) + (" and " if len(said) > 1 else "") + "".join(said[-1:])
    if phrase.heads and phrase.heads[0].holds:
        text = re.sub(r", | and ", " of ", text, count=1)
    if not phrase.things and phrase.colours:
        text = phrase.colours[0]
    hours = [_TIMES[each] for each in phrase.sky if each in _TIMES]
    weather = [each for each in phrase.sky if each not in _TIMES]
    if hours:
        text += f" {hours[0]}"
    if weather:
        named = [_WEATHER.get(each, each) for each in weather]
        text += " with " + " and ".join(named)
    absent = [_noun(thing.noun, several=thing.several) for thing in phrase.heads if thing.negated]
    if absent:
        text += " without " + " and ".join(absent)
    return text.strip()


def _edited(
    acts: list[str], edits: list[str], quoted: list[str], phrase: _Phrase, raw: list[str]
) -> str:
    said = []
    number = next((each.written for each in phrase.words if each.written.isdecimal()), "")
    side = next((each.word.english for each in phrase.words if each.is_("side") and each.word), "")
    colour = phrase.colours[0] if phrase.colours else ""
    for edit in dict.fromkeys(edits):
        if edit == "rotate":
            said.append(f"rotate {number or 90} degrees{' left' if side == 'left' else ''}")
        elif edit == "crop":
            said.append(f"crop to {raw[0] if raw else 'square'}")
        elif edit == "border":
            said.append(
                "remove the border" if "remove" in acts else f"add a {colour or 'white'} border"
            )
        elif edit == "caption" and quoted:
            said.append(f'add the caption "{quoted[0]}"{" at the top" if side == "top" else ""}')
        elif edit == "caption":
            said.append("remove the caption" if "remove" in acts else "add the caption")
        else:
            said.append(_EDITS[edit])
    things = [thing for thing in phrase.things if thing.noun not in {"background", "card"}]
    if things and {"add", "put"} & set(acts) and "border" not in edits and "caption" not in edits:
        said.append(_added(acts, phrase))
    return " and ".join(said)


def _card(phrase: _Phrase, quoted: list[str]) -> str:
    day = any(each.is_("word", "birthday") for each in phrase.words)
    named = any(re.search("(?i)geburtstag|生日", each.written) for each in phrase.words)
    birthday = "birthday " if day or named else ""
    card = next(thing for thing in phrase.things if thing.noun == "card")
    colour = f"{card.colours[0]} " if card.colours else ""
    beside = [thing.words() for thing in phrase.heads if thing is not card]
    said = f"a {colour}{birthday}card"
    said += f" with {' and '.join(beside)}" if beside else ""
    return said + (f' that says "{quoted[0]}"' if quoted else "")
