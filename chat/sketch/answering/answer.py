"""One question, one answer: decides what was asked for and lets the right room answer.

Order of the tries: tools under way, small talk, tools, tales, then the kind of wish: the past,
questions, new pictures, edits; at last an honest no.
"""

import re
from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import replace

from chat.core.calling import ModelRequest
from chat.core.languages import SOURCE, enter, language, later, say
from chat.sketch.answering import recall
from chat.sketch.answering.edits import edit_pixels
from chat.sketch.answering.history import Before, Source, before, last_words
from chat.sketch.answering.honesty import (
    FOREIGN,
    NEW_IDEAS,
    at_a_loss,
    ideas_for,
    listed,
    three_things,
)
from chat.sketch.answering.joining import combine
from chat.sketch.answering.newly import new_picture
from chat.sketch.answering.pieces import Piece
from chat.sketch.answering.repaint import repaint
from chat.sketch.answering.smalltalk import (
    INTRODUCTION,
    NO_OFFENCE,
    is_rude,
    small_talk,
    temper,
    unknown,
)
from chat.sketch.answering.tales import tale
from chat.sketch.answering.tooling import names_a_tool, told_results, use_tools
from chat.sketch.reading.cards import card_of
from chat.sketch.reading.grammar import read
from chat.sketch.reading.orders import read_orders
from chat.sketch.reading.vocabulary import is_foreign
from chat.sketch.reading.wishes import bare, wish_of
from chat.sketch.tongues.hearing import recognised

_NEEDS_A_PICTURE = re.compile(
    r"^(?:remove|delete|erase|replace|swap|turn|change|recolou?r|move|crop|rotate|"
    r"make (?:it|the|them)\b)"
)

_FIRST_IDEAS = (later("a red sofa with a cat"), later("a boat on the sea at dawn"))
_WORDS_ALONE = re.compile(r"^(?:write|the words?|text|say)\b.{0,20}[\"“„«]")


def answer(request: ModelRequest) -> Iterator[Piece]:
    """The reply, piece by piece; each piece is made when it is asked for.

    In the language of the page; where that is English, in that of the words.
    """
    asked = last_words(request)
    to = recognised(asked) if language() == SOURCE else language()
    # Pieces are asked for in whatever thread and context: all are made in one.
    context = copy_context()
    context.run(enter, to)
    pieces = _answer(request)
    while (piece := context.run(next, pieces, None)) is not None:
        # Sentences of Chinese and Japanese have no spaces between them.
        yield piece.replace("。 ", "。") if isinstance(piece, str) else piece


def _answer(request: ModelRequest) -> Iterator[Piece]:
    state = before(request)
    if state.results:
        yield told_results(state.results)
        return
    said = temper(state.text) or ("" if state.fresh else small_talk(state.text))
    if said:
        yield said
        return
    if state.first:
        # A paragraph of its own, for what follows may be a heading.
        yield say(INTRODUCTION) + "\n\n"
    if is_rude(state.text) and not _asks_for_anything(state.text):
        source = _subject(state)
        ideas = ideas_for(source) if source is not None else NEW_IDEAS
        yield f"{say(NO_OFFENCE)}\n\n{listed(ideas)}"
        return
    if is_foreign(state.text) and not names_a_tool(state.text):
        source = _subject(state)
        ideas = ideas_for(source) if source is not None else NEW_IDEAS
        yield f"{say(FOREIGN)} {three_things(ideas)}"
        return
    tries = (
        use_tools(state.text, request, state.fresh),
        tale(state, request),
        _wished(state, request),
    )
    for attempt in tries:
        # One that does not feel addressed yields nothing.
        first = next(attempt, None)
        if first is not None:
            yield first
            yield from attempt
            return


def _asks_for_anything(text: str) -> bool:
    """Whether a rude sentence has a wish in it: "make the damn tree bigger"."""
    return (
        not read(text).empty()
        or bool(read_orders(text))
        or card_of(text) is not None
        or wish_of(text) in {"undo", "first", "again", "restart", "new"}
    )


def _subject(state: Before) -> Source | None:
    return state.attached[0] if state.attached else state.latest


def _wished(state: Before, request: ModelRequest) -> Iterator[Piece]:
    source = _subject(state)
    kinds = source.plan.scene.kinds() if source is not None and source.plan is not None else ()
    wish = wish_of(state.text, kinds)
    if len(state.attached) > 1 and (joined := tuple(combine(state.attached, state.text))):
        yield from joined
    elif state.missing and wish in {"edit", "question", ""}:
        yield say("The bytes of that picture are no longer at hand. Please attach it again.")
    elif wish == "restart":
        yield recall.restarted()
    elif wish in {"undo", "first"}:
        yield from recall.gone_back(state, wish == "first")
    elif wish == "again":
        yield from recall.another(source, state.seed)
    elif wish == "question":
        yield recall.answered(state)
    elif wish == "new" and not state.fresh:
        yield from new_picture(state, request)
    elif source is not None:
        yield from _edited(source, state, request, wish == "")
    else:
        yield from _without_a_picture(state, request)


def _edited(
    source: Source, state: Before, request: ModelRequest, at_a_guess: bool
) -> Iterator[Piece]:
    if state.version and (state.fresh or not at_a_guess):
        yield say("An edit by rules comes out much the same each time.") + "\n\n"
    if source.plan is not None and not at_a_guess:
        yield from repaint(source, source.plan, state.text, request)
    elif state.fresh or not at_a_guess:
        yield from edit_pixels(source, state.text, state.seed, request)
    else:
        yield at_a_loss(source, state.text)


def _without_a_picture(state: Before, request: ModelRequest) -> Iterator[Piece]:
    heard = read(state.text)
    if card_of(state.text) is not None:
        yield from new_picture(state, request)
    elif _WORDS_ALONE.match(bare(state.text)) and not (heard.things or heard.land):
        # Words with nothing to write them on: that is a card.
        yield from new_picture(replace(state, text=f"a card: {state.text}"), request)
    elif _NEEDS_A_PICTURE.match(bare(state.text)) or (
        read_orders(state.text) and not (heard.things or heard.land or heard.sky or heard.weather)
    ):
        why = say(
            "That is an edit, and there is no picture to edit yet. Attach one, or let me paint "
            "one first."
        )
        photo = say("attach a photo and repeat your words")
        yield f"{why} {three_things(_FIRST_IDEAS)}- {photo}\n"
    elif heard.empty():
        yield unknown(state.text)
    else:
        yield from new_picture(state, request)
