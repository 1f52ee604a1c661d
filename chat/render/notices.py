"""What is said under a reply that did not go as asked, and the ways on.

The sentence is the provider's or the turn's; this module adds whether it was billed, and
a button for each thing that may help. Whatever a button does is the page's business.
"""

from collections.abc import Sequence

from chat.core.asked_for import asked_for
from chat.core.languages import later, resaid, say
from chat.core.messages import ALIVE, Message, NextAction
from chat.render.escaping import escape, spoken
from chat.render.facts import price_known

TITLES = {
    "stopped": later("Stopped"),
    "failed": later("That did not work"),
    "blocked": later("The model declined"),
    "interrupted": later("Interrupted"),
    "waiting": later("Waits for you"),
}
CUT_SHORT = later("Cut short")
HELD_BACK = later("Held back")
GUARD = "guard"
"""Our own guards' word for a reason: then it was no model that declined."""
WORDS_CAME = later("Words came where a picture was asked for.")

BUTTONS: dict[NextAction, tuple[str, str]] = {
    "retry": ("regenerate", later("Retry")),
    "edit": ("edit-question", later("Edit")),
    "reword": ("reword", later("Reword…")),
    "ask_picture": ("ask-picture", later("Ask for the picture")),
    "other_model": ("other-model", later("Other model")),
    "tools_off": ("tools-off", later("Switch tools off")),
    "keys": ("keys", later("Models and keys")),
}
"""For each action what the page calls it, and its label."""

_NUDGES: frozenset[NextAction] = frozenset({"ask_picture", "tools_off"})
"""What is offered under a reply that did end well."""

_BILLED = {
    "yes": later("Billed."),
    "no": later("Not billed."),
    "unknown": later("It is not known whether this was billed."),
}


def notice_html(message: Message) -> str:
    """A card where something went wrong, a line where it nearly went right, or nothing."""
    if message.status == "waiting":
        return ""  # its card says it all
    status = "interrupted" if message.status in ALIVE else message.status
    finish = message.finish
    title = TITLES.get(status)
    if status == "blocked" and finish is not None and finish.native == GUARD:
        title = HELD_BACK
    if title is None:
        if finish is None or finish.kind != "length":
            return _nudge(message)
        title = CUT_SHORT
    sentence = finish.message if finish is not None else ""
    if not sentence:
        sentence = (
            say("The answer reached the model's length limit.")
            if title == CUT_SHORT
            else say("What had arrived is kept.")
        )
    told = f'<strong>{spoken(title)}.</strong> <span dir="auto">{escape(resaid(sentence))}</span>'
    billed = _billed(message, status)
    if billed:
        told += f' <span class="billed">{spoken(billed)}</span>'
    role = "alert" if status == "failed" else "status"
    return (
        f'<div class="notice {status}" role="{role}"><div>{told}</div>'
        f'<div class="next">{_buttons(ways_on(message), _endpoint(message))}</div></div>'
    )


def notes_html(message: Message) -> str:
    """What the user should know of how a reply came about; small, under its words."""
    notes = list(message.origin.notes) if message.origin is not None else []
    finish = message.finish
    if finish is not None and finish.kind == "stop" and not _NUDGES.intersection(finish.actions):
        notes.append(finish.message)
    listed = "".join(
        f'<li dir="auto">{escape(resaid(note))}{_ways_right(note)}</li>'
        for note in notes
        if note.strip()
    )
    return f'<ul class="notes" aria-label="{spoken("Notes")}">{listed}</ul>' if listed else ""


def _ways_right(note: str) -> str:
    """The ways to what was asked for, where the note says that a picture came otherwise."""
    asked = asked_for(note)
    if asked is None:
        return ""
    ratio, ways = escape(asked.ratio), list[tuple[str, str]]()
    if ratio:
        ways += [
            ("crop", spoken("Crop to {ratio}", ratio=asked.ratio)),
            ("extend", spoken("Extend to {ratio}", ratio=asked.ratio)),
        ]
    if asked.scale > 1:
        ways.append(("enlarge", spoken("Enlarge")))
    elif asked.scale and not ratio:
        ways.append(("resize", spoken("Make it smaller")))
    buttons = "".join(
        f'<button type="button" class="quiet" data-act="shape" data-tool="{tool}"'
        f' data-ratio="{ratio if tool in ("crop", "extend") else ""}"'
        f' data-pixels="{asked.pixels}">{label}</button>'
        for tool, label in ways
    )
    return f' <span class="ways">{buttons}</span>'


def _nudge(message: Message) -> str:
    finish = message.finish
    offered = [] if finish is None else [each for each in finish.actions if each in _NUDGES]
    if finish is None or not offered:
        return ""
    sentence = escape(resaid(finish.message or WORDS_CAME))
    return (
        f'<div class="nudge" role="status"><span dir="auto">{sentence}</span> '
        f"{_buttons(offered)}</div>"
    )


def ways_on(message: Message) -> Sequence[NextAction]:
    """What a notice offers under a reply that did not end well, the best first."""
    if message.finish is not None and message.finish.actions:
        return message.finish.actions
    return ("retry", "edit") if message.status in ("failed", "blocked") else ("retry",)


def _endpoint(message: Message) -> str:
    """Where a reply was asked for; empty: that is not known."""
    origin = message.origin
    return "" if origin is None else origin.deployment.partition("/")[0] or origin.endpoint


def _buttons(actions: Sequence[NextAction], endpoint: str = "") -> str:
    """The best first; the others step back."""
    drawn: list[str] = []
    for action in actions:
        act, label = BUTTONS[action]
        second = ' class="second"' if drawn else ""
        at = f' data-endpoint="{escape(endpoint)}"' if act == "keys" and endpoint else ""
        drawn.append(f'<button type="button"{second} data-act="{act}"{at}>{spoken(label)}</button>')
    return "".join(drawn)


def _billed(message: Message, status: str) -> str:
    """Whether the end was billed, where that may be asked and the cost does not tell."""
    if message.finish is None or status not in TITLES:
        return ""
    billed = message.finish.billed
    if billed != "unknown":
        return _BILLED[billed]
    if price_known(message) or status == "stopped":
        return ""  # the facts below tell the cost, or that it is not known
    return _BILLED["unknown"]
