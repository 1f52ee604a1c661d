"""A conversation as one Markdown text, with its pictures as files beside it."""

import json
import re
from collections.abc import Callable, Iterator

from chat.core.messages import ALIVE, Message
from chat.core.parts import (
    Content,
    File,
    Image,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UnknownPart,
)
from chat.core.regions import is_answer, proof_of
from chat.render.blocks import kind_of
from chat.render.messages import author
from chat.render.notices import TITLES
from chat.render.proofs import sentence
from chat.render.standalone import Standalone

_MEANS_SOMETHING = re.compile(r"([\\`*_{}\[\]<>#|~])")
_TICKS = re.compile("`+")


def standalone_markdown(shown: Standalone, source: Callable[[Image], str | None]) -> Iterator[str]:
    """The text, a message at a time; ``source`` is the file of a picture, or ``None``: lost."""
    yield f"# {_escaped(' '.join(shown.title.split()))}\n"
    for message in shown.branch:
        yield f"\n## {_escaped(author(message, shown.names))}\n\n"
        yield f"*{message.created_at:%Y-%m-%d %H:%M} UTC{_version(message, shown)}*\n"
        for part in message.parts:
            block = _block(part, message, shown, source)
            if block:
                yield f"\n{block}\n"
        yield _ending(message)
    if shown.others:
        where = f" They are whole in `{shown.beside}`." if shown.beside else ""
        count = len(shown.others)
        verb = "message is" if count == 1 else "messages are"
        yield f"\n---\n\n{count} {verb} on other branches and not shown here.{where}\n"


def _version(message: Message, shown: Standalone) -> str:
    if message.id not in shown.versions:
        return ""
    at, of = shown.versions[message.id]
    return f", version {at} of {of}"


def _block(
    part: Part, message: Message, shown: Standalone, source: Callable[[Image], str | None]
) -> str:
    match part:
        case Text():
            # A reply is Markdown; a question is what somebody typed.
            return part.text if message.role == "assistant" else _typed(part.text)
        case Reasoning():
            return "\n".join(f"> {line}" for line in ["*Thinking*", "", *part.text.splitlines()])
        case ToolCall():
            arguments = json.dumps(dict(part.arguments), ensure_ascii=False, indent=2, default=str)
            title = shown.names.tools.get(part.name, part.name)
            return f"**{_escaped(title)}**\n\n{_fenced(arguments, 'json')}"
        case ToolResult():
            return "\n\n".join(_content(item, source) for item in part.content)
        case _:
            return _content(part, source)


def _content(item: Content, source: Callable[[Image], str | None]) -> str:
    match item:
        case Text():
            return _fenced(item.text, "")
        case Image():
            address = source(item)
            alt = _escaped(" ".join(item.alt.split()) or "Picture without a description")
            if address is None:
                return f"*A picture stood here; its file is lost: {alt}*"
            proof = proof_of(item)
            told = "" if proof is None else f"\n\n*{sentence(proof)}*"
            named = f"*{kind_of(item)}*\n\n" if is_answer(item) else ""
            return f"{named}![{alt}](<{address}>){told}"
        case File():
            return f"*A file: {_escaped(' '.join(item.name.split()))}*"
        case UnknownPart():
            return f"*{item.sentence}*"


def _ending(message: Message) -> str:
    status = "interrupted" if message.status in ALIVE else message.status
    title = TITLES.get(status)
    if title is None:
        return ""
    sentence = message.finish.message if message.finish is not None else ""
    return f"\n**{title}.** {_escaped(sentence)}\n"


def _typed(text: str) -> str:
    """Typed words as themselves: nothing in them means anything, and lines stay lines."""
    return _escaped(text).replace("\n", "  \n")


def _escaped(text: str) -> str:
    return _MEANS_SOMETHING.sub(r"\\\1", text)


def _fenced(text: str, language: str) -> str:
    """Text between fences that no run of backticks within it can end."""
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"
