"""A call of a tool in the transcript: one quiet line, which opens for all of it.

Every word in it is a model's or a stranger's: it is escaped, and nothing in it loads or links.
"""

import json
from collections.abc import Mapping
from itertools import islice

from chat.core.events import ToolProgress
from chat.core.growing_json import SHOWN_CHARACTERS
from chat.core.languages import later, resaid, say
from chat.core.parts import Json, Text, ToolCall, ToolResult
from chat.render.durations import duration
from chat.render.escaping import escape

MAX_TITLE_CHARACTERS = 120
SHORT_CHARACTERS = 90
"""Of the arguments, in the line itself."""
SHORT_ARGUMENTS = 6
SHORTEST_S = 0.1
"""What took less is not told closer."""
LONGEST_NUMBER = 40
"""Digits and signs of a number that is written out in the line."""

_STATES = {
    "growing": later("is called"),
    "running": later("is working"),
    "done": later("answered"),
    "failed": later("could not answer"),
}


def tool(
    call: ToolCall | None,
    result: ToolResult | None,
    title: str,
    progress: ToolProgress | None = None,
    *,
    growing: bool = False,
) -> str:
    """A tool call with its answer; without one yet, as running. Pictures are not drawn here.

    ``progress`` is how far a running one is; ``growing``: the model is still writing the call.
    """
    state = "growing" if growing else "running"
    if result is not None:
        state = "failed" if result.failed else "done"
    words = say(_STATES[state])
    decision = call.asked.decision if call is not None and call.asked is not None else ""
    if decision == "deny" and result is not None:
        words = say("was not allowed")
    elif decision and result is not None:
        words = say("{state}, as you allowed", state=words)
    line = [
        '<span class="mark" aria-hidden="true"></span>',
        f'<span class="name" dir="auto">{escape(resaid(title)[:MAX_TITLE_CHARACTERS])}</span>',
    ]
    if call is not None and (short := short_arguments(call.arguments)):
        line.append(f'<span class="short" dir="auto">{escape(short)}</span>')
    line.append(f'<span class="state">{escape(words)}</span>')
    if result is not None and result.took_s is not None:
        line.append(f'<span class="took">{_took(result.took_s)}</span>')
    return (
        f'<details class="tool {state}"><summary>{" ".join(line)}{_progress(progress)}</summary>'
        f"{_inside(call, result)}</details>"
    )


def _took(seconds: float) -> str:
    return escape(duration(seconds) if seconds >= SHORTEST_S else f"< {duration(SHORTEST_S)}")


def short_arguments(arguments: Mapping[str, Json]) -> str:
    """The first words of the arguments, in one line; a single one without its name."""
    first = list(islice(arguments.items(), SHORT_ARGUMENTS))
    if len(arguments) == 1:
        return _line(_short(first[0][1]))
    return _line(", ".join(f"{name[:SHORT_CHARACTERS]}: {_short(value)}" for name, value in first))


def _short(value: Json) -> str:
    """The beginning of a value, without a pass through all of it."""
    if isinstance(value, list | tuple):
        return ", ".join(map(_plain, value[:SHORT_ARGUMENTS])) or "[]"
    return _plain(value)


def _plain(value: Json) -> str:
    match value:
        case str():
            return value[: 2 * SHORT_CHARACTERS]
        case dict():
            return "{…}" if value else "{}"
        case list() | tuple():
            return "[…]" if value else "[]"
        case None | bool():
            return json.dumps(value)
    return str(value)[:LONGEST_NUMBER]


def _line(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= SHORT_CHARACTERS:
        return text
    return f"{text[:SHORT_CHARACTERS].rstrip()}…"


def _inside(call: ToolCall | None, result: ToolResult | None) -> str:
    inside = ""
    if call is not None:
        arguments = json.dumps(dict(call.arguments), ensure_ascii=False, indent=2, default=str)
        inside += f'<pre dir="ltr">{escape(arguments[:SHOWN_CHARACTERS])}</pre>'
    if result is not None:
        answer = "\n".join(item.text for item in result.content if isinstance(item, Text))
        if answer:
            inside += f'<pre class="answer" dir="auto">{escape(answer)}</pre>'
    return inside


def _progress(progress: ToolProgress | None) -> str:
    if progress is None:
        return ""
    share = "" if progress.share is None else f' value="{progress.share:.3f}"'
    note = escape(progress.note)
    return f' <progress{share} aria-label="{note}"></progress> <span class="note">{note}</span>'
