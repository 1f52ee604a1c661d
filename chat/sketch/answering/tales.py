"""Illustrated recipes and stories: text and picture in turn, a pair for every step.

The words are a small stock of our own, filled with the dish or the names that were asked for.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from chat.core.calling import ModelRequest
from chat.sketch.answering.history import Before
from chat.sketch.answering.honesty import stood_in
from chat.sketch.answering.pieces import Piece
from chat.sketch.answering.recipes import recipe
from chat.sketch.answering.repaint import developed, fresh_plan
from chat.sketch.answering.stories import ABLE, Hero, sequel, story
from chat.sketch.reading.grammar import read
from chat.sketch.reading.lexicon import NUMBERS
from chat.sketch.reading.nouns import is_plural, kind_of
from chat.sketch.reading.vocabulary import unknown_words
from chat.sketch.reading.wishes import bare
from chat.sketch.reading.words import READ_CHARS, words_of
from chat.sketch.scene import Thing

_ASKED = re.compile(
    r"\b(recipe|story|tale|fairy ?tale|fable|picture book)\b|\bhow to (cook|bake)\b"
)
_STEPS = re.compile(
    r"\b(\d{1,3}|zero|no|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty)[ -]"
    r"(?:steps?|parts?|pictures?|images?|pages?|chapters?|panels?|scenes?)\b"
)
_DISHES = (
    re.compile(r"\brecipe (?:for|of) (.{2,60}?)(?= in \w+ (?:steps|parts|pictures)|[.,;!?]|$)"),
    re.compile(r"\bhow to (?:cook|bake) ([^.,;!?]{2,60})"),
    re.compile(r"\b([a-z' -]{2,40}?) recipe\b"),
)
_GO_ON = re.compile(
    r"^(?:continue|go on|carry on|keep going|what happen(?:s|ed) (?:next|then)|and then|"
    r"tell me more|next chapter|more of the story)\b"
)
_SAME = re.compile(
    r"^(?:now |please )*(?:in|with) \w+[ -](?:steps?|pictures?|parts?)\b|"
    r"\b(?:same|again|shorter|longer|it|that)\b.*\b\w+[ -](?:steps?|pictures?|parts?)\b"
)
_MOST_STEPS = 8


def tale(state: Before, request: ModelRequest) -> Iterator[Piece]:
    """Tell a recipe or a story where one is asked for; else nothing."""
    said = " ".join(state.text[:READ_CHARS].lower().split())
    earlier = next((one for one in map(_folded, reversed(state.earlier)) if _ASKED.search(one)), "")
    asked, goes_on = _ASKED.search(said), bool(_GO_ON.match(bare(said)))
    wished = _count(said)
    if earlier and (goes_on or (asked is None and _SAME.search(said))):
        # "The same with 3 steps": the old wish with the new number.
        said = " ".join(_STEPS.sub(" ", earlier).split())
        asked = _ASKED.search(said)
    if asked is None:
        return
    count = max(1, min(_MOST_STEPS, wished))
    notes = ["That is all of it."]
    strange = ""
    if "recipe" in asked[0] or "how to" in asked[0]:
        dish = _dish(said)
        title, steps = f"{dish.capitalize()}, step by step", recipe(dish, count, state.seed)
    else:
        cast, strange = _cast(said)
        title = f"The {cast[0].name} and the light beyond the hills"
        steps = (sequel if goes_on else story)(cast, said, count, state.seed)
    yield f"# {title}\n"
    if strange:
        yield f"\n{strange}\n"
    for number, step in enumerate(steps, 1):
        yield f"\n\n## {number}. {step.title}\n\n{step.words}\n\n"
        yield replace(developed(fresh_plan(step.scene, request))[0], caption=step.title)
    if wished > _MOST_STEPS:
        notes.append(f"{_MOST_STEPS} steps are the most I can tell.")
    elif wished < 1:
        notes.append("One step is the least I can tell.")
    other = 3 if count != 3 else 5
    notes.append(f"Ask for *the same with {other} steps*, or for any number up to eight.")
    yield "\n\n" + " ".join(note for note in notes if note)


def _folded(text: str) -> str:
    return " ".join(text[:READ_CHARS].lower().split())


def _count(said: str) -> int:
    found = _STEPS.search(said)
    if found is None:
        return 4
    return (
        int(found[1])
        if found[1].isdigit()
        else {"zero": 0, "no": 0, "twenty": 20}.get(found[1], NUMBERS.get(found[1], 1))
    )


def _dish(said: str) -> str:
    found = next((match for dish in _DISHES if (match := dish.search(said))), None)
    named = _STEPS.sub(" ", found[1]) if found else ""
    named = re.sub(
        r"\b(an?|the|please|illustrated|me|show|give|write|with pictures|in)\b", " ", named
    )
    return " ".join(named.split())[:60] or "fruit salad"


def _cast(said: str) -> tuple[tuple[Hero, ...], str]:
    """Who the story is about, and a sentence on those who cannot be painted."""
    found = re.search(
        r"\b(?:about|of|with|starring) (?:an? |the |two |three )?(?P<who>[^.,;!?]{2,80})", said
    )
    who = _STEPS.sub(" ", found["who"] if found else said)
    able = [thing for thing in read(who).things if thing.kind in ABLE]
    names = {kind_of(word): word for word in reversed(words_of(who)) if not is_plural(word)}
    cast = tuple(
        Hero(Thing(t.kind, colour=t.colour), names.get(t.kind, t.kind))
        for t in (able or [Thing("fox")])
    )
    played = {word: kind for word, kind in read(who).stood_in.items() if kind in names}
    unknown = ", ".join(f"“{word}”" for word in unknown_words(who)[:3])
    strange = f"I left out: {unknown}. The {cast[0].name} is the hero instead." if unknown else ""
    if unknown and able:
        strange = f"I left out: {unknown}."
    return cast, " ".join(each for each in (strange, stood_in(played)) if each)
