"""The card of calls that wait for the user: what exactly would be done, by whom, and the ways.

Everything in it is a stranger's words but the buttons and the headings: it is escaped, and nothing
in it loads or links to anything.
"""

from collections.abc import Sequence

from chat.core.languages import later, plural, resaid
from chat.core.parts import Asked, ToolCall
from chat.render.escaping import escape, spoken
from chat.render.exactly import exactly, json_html, value_html

WAYS = (
    ("once", later("Allow once")),
    ("conversation", later("Allow in this conversation")),
    ("deny", later("Deny")),
)

FOOT = later(
    "Nothing is run before you decide; after a while without a decision it counts as denied."
)


def approval(calls: Sequence[ToolCall], of: str = "") -> str:
    """One card for all calls of a reply that wait; ``of`` names it among others."""
    several = len(calls) > 1
    title = plural(len(calls), "A call waits for you", "{n} calls wait for you")
    cards = "".join(_call(call, call.asked, several) for call in calls if call.asked is not None)
    together = ""
    if several:
        together = (
            '<div class="together"><button type="button" data-decide-all="once">'
            f"{spoken('Allow all once')}</button>"
            '<button type="button" data-decide-all="deny">'
            f"{spoken('Deny all')}</button>"
            '<button type="button" class="go" data-decide-go disabled>'
            f"{spoken('Go on')}</button></div>"
        )
    name = escape(f"{of}: {title}" if of else title)
    return (
        f'<section class="approval" aria-label="{name}"><h3>{escape(title)}</h3>{cards}{together}'
        f'<p class="foot">{spoken(FOOT)} <button type="button" class="quiet" data-decide-stop>'
        f"{spoken('Stop the reply')}</button></p></section>"
    )


def _call(call: ToolCall, asked: Asked, several: bool) -> str:
    name = exactly(asked.title or call.name)
    source = f' <span class="source">{exactly(asked.source)}</span>' if asked.source else ""
    note = f'<p class="again" role="note">{escape(resaid(asked.note))}</p>' if asked.note else ""
    reach = f'<p class="reach" dir="auto">{exactly(resaid(asked.reach))}</p>' if asked.reach else ""
    return (
        f'<div class="call" data-call="{escape(call.call_id)}" data-digest="{escape(asked.digest)}"'
        f' role="group" aria-label="{escape(asked.title or call.name)}">'
        f'<p class="about"><strong dir="auto">{name}</strong>{source}</p>{note}{reach}'
        f"{_arguments(call, asked)}"
        f'<details class="json"><summary>{spoken("As JSON")}</summary><pre dir="ltr">'
        f"{json_html({'tool': call.name, 'arguments': dict(call.arguments)})}</pre></details>"
        f"{_ways(asked, several)}</div>"
    )


def _arguments(call: ToolCall, asked: Asked) -> str:
    if not call.arguments:
        return f'<p class="none">{spoken("Without any details.")}</p>'
    rows = "".join(
        f"<div><dt>{exactly(name)}{_hint(asked.hints.get(name))}</dt>"
        f"<dd>{value_html(value)}</dd></div>"
        for name, value in call.arguments.items()
    )
    return f'<dl class="arguments">{rows}</dl>'


def _hint(hint: object) -> str:
    return f' <span class="hint" dir="auto">{exactly(hint)}</span>' if isinstance(hint, str) else ""


def _ways(asked: Asked, several: bool) -> str:
    pressed = ' aria-pressed="false"' if several else ""
    buttons = "".join(
        f'<button type="button" data-decide="{choice}"{pressed}>{spoken(label)}</button>'
        for choice, label in WAYS
        if not (choice == "conversation" and asked.always)
    )
    return (
        f'<div class="choices">{buttons}</div><label class="word">'
        f"{spoken('Word to the model, if you deny')} "
        '<input type="text" maxlength="500" autocomplete="off"></label>'
    )
