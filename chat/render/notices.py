"""What is said under a reply that did not go as asked, and the ways on.

The sentence is the provider's door's or the turn's; this room adds whether it was billed, and
a button for each thing that may help. Whatever a button does is the page's business.
"""

from collections.abc import Sequence

from chat.core.messages import ALIVE, Message, NextAction
from chat.render.blocks import escape
from chat.render.facts import price_known

TITLES = {
    "stopped": "Stopped",
    "failed": "That did not work",
    "blocked": "The model declined",
    "interrupted": "Interrupted",
}
CUT_SHORT = "Cut short"
HELD_BACK = "Held back"
GUARD = "guard"
"""Our own guards' word for a reason: then it was no model that declined."""
WORDS_CAME = "Words came where a picture was asked for."

BUTTONS: dict[NextAction, tuple[str, str]] = {
    "retry": ("regenerate", "Retry"),
    "edit": ("edit-question", "Edit"),
    "reword": ("reword", "Reword…"),
    "ask_picture": ("ask-picture", "Ask for the picture"),
    "other_model": ("other-model", "Other model"),
}
"""For each action what the page calls it, and its label."""

_BILLED = {
    "yes": "Billed.",
    "no": "Not billed.",
    "unknown": "It is not known whether this was billed.",
}


def notice_html(message: Message) -> str:
    """A card where something went wrong, a line where it nearly went right, or nothing."""
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
            "The answer reached the model's length limit."
            if title == CUT_SHORT
            else "What had arrived is kept."
        )
    told = f'<strong>{title}.</strong> <span dir="auto">{escape(sentence)}</span>'
    billed = _billed(message, status)
    if billed:
        told += f' <span class="billed">{billed}</span>'
    role = "alert" if status == "failed" else "status"
    return (
        f'<div class="notice {status}" role="{role}"><div>{told}</div>'
        f'<div class="next">{_buttons(ways_on(message))}</div></div>'
    )


def notes_html(message: Message) -> str:
    """What the user should know of how a reply came about; small, under its words."""
    notes = list(message.origin.notes) if message.origin is not None else []
    finish = message.finish
    if finish is not None and finish.kind == "stop" and "ask_picture" not in finish.actions:
        notes.append(finish.message)
    listed = "".join(f'<li dir="auto">{escape(note)}</li>' for note in notes if note.strip())
    return f'<ul class="notes" aria-label="Notes">{listed}</ul>' if listed else ""


def _nudge(message: Message) -> str:
    finish = message.finish
    if finish is None or "ask_picture" not in finish.actions:
        return ""
    sentence = escape(finish.message or WORDS_CAME)
    return (
        f'<div class="nudge" role="status"><span dir="auto">{sentence}</span> '
        f"{_buttons(['ask_picture'])}</div>"
    )


def ways_on(message: Message) -> Sequence[NextAction]:
    """What a notice offers under a reply that did not end well, the best first."""
    if message.finish is not None and message.finish.actions:
        return message.finish.actions
    return ("retry", "edit") if message.status in ("failed", "blocked") else ("retry",)


def _buttons(actions: Sequence[NextAction]) -> str:
    """The best first; the others step back."""
    drawn: list[str] = []
    for action in actions:
        act, label = BUTTONS[action]
        second = ' class="second"' if drawn else ""
        drawn.append(f'<button type="button"{second} data-act="{act}">{label}</button>')
    return "".join(drawn)


def _billed(message: Message, status: str) -> str:
    """Whether the end was billed, where that may be asked and the cost does not tell."""
    if message.finish is None or status not in TITLES:
        return ""
    billed = message.finish.billed
    if billed != "unknown":
        return _BILLED[billed]
    arrived = bool(message.parts) or message.usage is not None
    if price_known(message) or (status != "blocked" and not arrived) or status == "stopped":
        return ""
    return _BILLED["unknown"]
