"""Replies side by side: each as a tile with its pictures, or its first words, and what to do."""

from collections.abc import Sequence

from chat.core.display_names import DisplayNames
from chat.core.events import UserAsked
from chat.core.languages import resaid, say
from chat.core.messages import ALIVE, Message
from chat.core.parts import pictures as pictures_of
from chat.core.parts import plain_text, undecided
from chat.core.text import unmarked
from chat.render.approvals import approval
from chat.render.blocks import picture
from chat.render.costs import UNKNOWN, paid_words
from chat.render.escaping import escape, spoken
from chat.render.markdown import to_html
from chat.render.messages import author
from chat.render.notices import TITLES
from chat.render.questions import question

EXCERPT_CHARACTERS = 400


def tile_html(
    message: Message,
    number: int,
    names: DisplayNames,
    *,
    running: bool,
    questions: Sequence[UserAsked] = (),
) -> str:
    """One of several replies.

    Args:
        message: the reply.
        number: its place among all that were asked for, from 1.
        names: titles of models.
        running: whether it is being written at this moment.
        questions: what its tools ask the user meanwhile.
    """
    status = "interrupted" if message.status in ALIVE and not running else message.status
    busy = ' aria-busy="true"' if running else ""
    label = say("Variant {number}", number=number)
    if running:
        ways = _button("stop", say("Stop"), label)
    else:
        ways = _button("pick", say("Go on with this"), label)
        ways += _button("discard", say("Discard"), label)
    return (
        f'<article class="variant" data-id="{message.id}" data-status="{status}"{busy}'
        f' aria-label="{escape(label)}"><h2 class="unseen">{escape(label)}</h2>'
        f'<div class="face">{_face(message, status, running=running)}</div>'
        f"{_waits(message, status, questions, label)}"
        f'<p class="about"><span>{number} · {escape(author(message, names))}</span>'
        f"{_cost(message, running=running)}</p>"
        f'<div class="ways">{ways}</div></article>'
    )


def _face(message: Message, status: str, *, running: bool) -> str:
    drawn = "".join(picture(image, small=True) for image in pictures_of(message.parts))
    if running:
        return drawn or '<span class="waiting">' + spoken("On its way…") + "</span>"
    words = plain_text(message.parts).strip()
    if drawn:
        # Two lines beside a picture: as one paragraph, so that none is cut after its full stop.
        words = unmarked(words)
    more = "…" if len(words) > EXCERPT_CHARACTERS else ""
    said = to_html(words[:EXCERPT_CHARACTERS] + more) if words else ""
    beside = "excerpt beside" if drawn else "excerpt"
    face = drawn + (f'<div class="{beside}" dir="auto">{said}</div>' if said else "")
    if status in TITLES and status != "waiting":
        sentence = message.finish.message if message.finish is not None else ""
        face += (
            f'<p class="trouble"><strong>{spoken(TITLES[status])}.</strong>'
            f' <span dir="auto">{escape(resaid(sentence))}</span></p>'
        )
    return face


def _waits(message: Message, status: str, questions: Sequence[UserAsked], label: str) -> str:
    """What the user is to decide on or to answer, with the ways to do so."""
    cards = [approval(undecided(message.parts), label)] if status == "waiting" else []
    return "".join([*cards, *(question(asked, "v", label) for asked in questions)])


def _cost(message: Message, *, running: bool) -> str:
    if running or (message.cost_usd is None and message.status != "complete"):
        return ""
    words = say(UNKNOWN) if message.cost_usd is None else paid_words(message.cost_usd)
    return f'<span class="cost">{escape(words)}</span>'


def _button(act: str, words: str, of: str) -> str:
    label = escape(f"{of}: {words[:1].lower()}{words[1:]}")
    return (
        f'<button type="button" class="quiet" data-variant="{act}" aria-label="{label}">'
        f"{escape(words)}</button>"
    )
