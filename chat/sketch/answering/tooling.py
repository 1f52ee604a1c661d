"""Tools: recognises a sum, a chart or a question for the time, calls the tool, tells its result.

Sketch never computes these itself; with the tools off it says where they are switched on.
"""

import re
from collections.abc import Iterator, Mapping

from chat.core.calling import ModelRequest, ToolSpec
from chat.core.languages import later, say
from chat.core.parts import Json, Text, ToolCall, ToolResult
from chat.core.quoting import unquoted
from chat.sketch.answering.pieces import Piece
from chat.sketch.reading.sums import expression_of
from chat.sketch.reading.words import READ_CHARS

_TIME = re.compile(
    r"\bwhat(?:'s| is)? (?:the )?(?:current )?(?:time|date|day)\b|\btime (?:is it|now)\b"
    r"|\btell me the (?:time|date)\b|\btime (?:in|at) (?:the )?[a-z]+\??$|\bwhat'?s the time\b"
    r"|\bcurrent (?:time|date)\b|\btoday'?s date\b|\bwhich day\b"
)
_CHART = re.compile(r"\b(?P<kind>bar|line|pie|column)?[ -]?(?:chart|graph|diagram|plot)\b")
_MAKING = re.compile(r"\b(?:make|draw|paint|create|show|plot|give|want|need|please)\b")
_NUMBERS_MISSING = later("A chart needs names with numbers, and I found none.")
_CHARTS = (
    "- *a bar chart: apples 3, pears 5, plums 7*\n- *a pie chart of votes: yes 12, no 8*\n"
    "- *a line chart: Monday 4, Tuesday 6, Wednesday 3*\n"
)
_POINT = re.compile(
    r"([^\W\d_][\w .'-]{0,30}?)\s{0,3}(?:[:=]|\bis\b|\s)\s{0,3}(-?\d{1,12}(?:\.\d{1,12})?)"
    r"(?=\s{0,3}(?:%|[,;.\n]|and\b|$))"
)
_UNIT = r"[^\W\d_][\w/^° ]{0,30}?"
_PHRASES = {
    "convert_units": re.compile(
        rf"convert (?P<value>-?\d{{1,12}}(?:\.\d{{1,12}})?) ?(?P<from_unit>{_UNIT}) (?:to|into)"
        rf" (?P<to_unit>{_UNIT})[.?]?",
        re.IGNORECASE,
    ),
    "search_conversations": re.compile(
        r"(?:search|look through) my (?:other |earlier )?conversations for (?P<query>.{1,100})",
        re.IGNORECASE,
    ),
    "web_search": re.compile(r"search the web for (?P<query>.{1,200})", re.IGNORECASE),
    "read_web_page": re.compile(r"read (?P<address>https?://\S{1,500})", re.IGNORECASE),
    "read_file": re.compile(
        r"read (?:the file )?(?P<file>@file\d{1,4}|[^/\\]{1,100}\.\w{1,8})", re.IGNORECASE
    ),
    "query_data": re.compile(r"query (?P<sql>select .{1,1000})", re.IGNORECASE),
}
"""What is asked for in so many words, by tool; a group is an argument."""
_TOLD_CHARS = 3_000
"""Of an answer that is repeated; what Sketch writes comes at the pace of a hand."""
_NOUNS = {
    "calculator": later("the calculator"),
    "clock": later("the clock"),
    "chart": later("the chart"),
}
"""Tools whose names are things."""
_ZONES = {
    "tokyo": "Asia/Tokyo",
    "london": "Europe/London",
    "paris": "Europe/Paris",
    "berlin": "Europe/Berlin",
    "madrid": "Europe/Madrid",
    "rome": "Europe/Rome",
    "vienna": "Europe/Vienna",
    "zurich": "Europe/Zurich",
    "moscow": "Europe/Moscow",
    "new york": "America/New_York",
    "los angeles": "America/Los_Angeles",
    "san francisco": "America/Los_Angeles",
    "chicago": "America/Chicago",
    "toronto": "America/Toronto",
    "sao paulo": "America/Sao_Paulo",
    "sydney": "Australia/Sydney",
    "singapore": "Asia/Singapore",
    "beijing": "Asia/Shanghai",
    "shanghai": "Asia/Shanghai",
    "hong kong": "Asia/Hong_Kong",
    "seoul": "Asia/Seoul",
    "delhi": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "dubai": "Asia/Dubai",
    "cairo": "Africa/Cairo",
    "nairobi": "Africa/Nairobi",
    "istanbul": "Europe/Istanbul",
}


def use_tools(text: str, request: ModelRequest, has_picture: bool) -> Iterator[Piece]:
    """Call the tool the words ask for, or say that tools are off; nothing where none is asked."""
    said = " ".join(text[:READ_CHARS].lower().split())
    wanted = None if has_picture else _wanted(said, text[:READ_CHARS])
    if wanted is None:
        if not has_picture and _CHART.search(said) and _MAKING.search(said):
            yield f"{say(_NUMBERS_MISSING)} {say('Three things to try:')}\n\n{_CHARTS}"
        return
    name, values = wanted
    spec = next((tool for tool in request.tools if tool.name == name), None)
    if spec is not None:
        yield say("I'll use {tool} for that.", tool=_called(name)) + "\n\n"
        yield ToolCall(f"sketch-{len(request.messages)}-{name}", name, _arguments(spec, values))
    elif request.tools:
        yield say(
            "That needs {tool}, which is not on offer here. The list of tools under the message "
            "box says what there is, and what is missing for more.",
            tool=_called(name),
        )
    else:
        yield say(
            "That needs {tool}, and tools are switched off. Turn on the **Tools** switch under the "
            "message box and ask again. I work nothing out by myself.",
            tool=_called(name),
        )


def names_a_tool(text: str) -> bool:
    """Whether the words are those that a tool is asked for by, whatever language a name is in."""
    line = " ".join(text[:READ_CHARS].split())
    return any(phrase.fullmatch(line) for phrase in _PHRASES.values())


def told_results(results: tuple[ToolResult, ...]) -> str:
    """What the tools answered, in a sentence each."""
    lines = []
    for result in results:
        told = (unquoted(item.text) for item in result.content if isinstance(item, Text))
        words, name = " ".join(told).strip(), _called(result.name)
        name = name.replace("the", "The", 1) if name.startswith("the ") else name
        if result.failed:
            why = words or say("it gave no reason")
            lines.append(say("{tool} could not do it: {reason}", tool=name, reason=why))
        elif result.name == "chart":
            lines.append(say("Here is your chart, drawn from the numbers you gave."))
        elif result.name == "calculator":
            lines.append(
                say("The answer is **{words}**.", words=words) if len(words) < 80 else words
            )
        elif result.name == "clock":
            lines.append(
                say("The clock says: **{words}**.", words=words) if len(words) < 120 else words
            )
        else:
            lines.append(_beginning(words) or say("{tool} has answered.", tool=name))
    return "\n\n".join(lines)


def _beginning(words: str) -> str:
    """As much of an answer as is read at a glance: a file may have said a hundred pages."""
    if len(words) <= _TOLD_CHARS:
        return words
    told = words[:_TOLD_CHARS].rpartition("\n")[0] or words[:_TOLD_CHARS]
    return f"{told}\n\n… " + say("That is the beginning. The call above has all that was told.")


def _called(name: str) -> str:
    """A tool by its name: ``the clock``, ``the tool “read file”``."""
    if name in _NOUNS:
        return say(_NOUNS[name])
    return say("the tool “{name}”", name=name.replace("_", " "))


def _wanted(said: str, text: str) -> tuple[str, dict[str, Json]] | None:
    """The tool and its arguments by meaning."""
    line = " ".join(text.split())
    for name, phrase in _PHRASES.items():
        if found := phrase.fullmatch(line):
            told: dict[str, Json] = found.groupdict()
            return name, told | ({"value": float(told["value"])} if "value" in told else {})
    chart = _CHART.search(said)
    points = _points(said, text) if chart else ()
    if chart and points:
        kind = {"column": "bar"}.get(chart["kind"] or "bar", chart["kind"] or "bar")
        labels, values = [label for label, _ in points], [value for _, value in points]
        title = _title(said)
        return "chart", {"kind": kind, "title": title, "labels": labels, "values": values}
    if _TIME.search(said):
        zone = next(
            (zone for city, zone in _ZONES.items() if re.search(rf"\b{city}\b", said)), "UTC"
        )
        named = re.search(r"\b([A-Z][a-z]+/[A-Z][A-Za-z_]+)\b", text)
        return "clock", {"timezone": named[1] if named else zone}
    expression = expression_of(said)
    return ("calculator", {"expression": expression}) if expression else None


def _points(said: str, text: str) -> tuple[tuple[str, float], ...]:
    """Labels with their numbers, as in "apples 3, pears: 5"."""
    line = " ".join(text.split())
    start = max((line.find(mark) for mark in (": ", " of ", " with ", " for ")), default=-1)
    chart = _CHART.search(said)
    tail = line[chart.end() :] if chart else line[max(0, start) :]
    found = []
    for match in _POINT.finditer(tail):
        label = re.sub(
            r"^(?:(?:of|with|for|and|showing|the|a|values?|sales|data)\b[ :]*)+",
            "",
            match[1].strip(),
            flags=re.IGNORECASE,
        )
        if label := label or match[1].strip():
            found.append((label[:40], float(match[2])))
    return tuple(found[:24])


def _title(said: str) -> str:
    named = re.search(r"\b(?:titled|called|named) [\"“]?([^\"”,:;]{2,60})", said)
    of = re.search(r"\b(?:chart|graph|diagram|plot) (?:of|for|about) ([^:;,\d]{3,50}):", said)
    return (named or of)[1].strip().capitalize() if (named or of) else "Chart"  # type: ignore[index]


def _arguments(spec: ToolSpec, values: Mapping[str, Json]) -> dict[str, Json]:
    """Our values under the names that the tool's schema has for them."""
    properties = spec.parameters.get("properties")
    names = list(properties) if isinstance(properties, Mapping) else []
    if not names:
        return dict(values)
    matched = {name: value for name, value in values.items() if name in names}
    spare = [name for name in names if name not in matched]
    required = spec.parameters.get("required") or ()
    for name, value in values.items():
        if name in matched:
            continue
        alike = next((other for other in spare if name in other or other in name), None)
        alike = alike or next((other for other in spare if other in required), None)
        if alike is not None:
            matched[alike] = value
            spare.remove(alike)
    return matched
