"""The parts of a message as HTML blocks, one string each, in order.

A reply that has ended and a reply that still streams are drawn by the same functions, so
that the page need not be drawn again when the stream ends. Everything that is not made by
the Markdown renderer is escaped here.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape as escaped

from chat.core.events import ToolProgress
from chat.core.parts import Image, Part, Reasoning, Text, ToolCall, ToolResult, UnknownPart
from chat.render.markdown import to_html
from chat.render.sanitiser import printable

SAID_CHARACTERS = 6_000
"""How much of a user's message is shown before it is folded."""

THUMBNAIL_PX = 768
SHOWN_ARGUMENT_CHARACTERS = 4_000


def escape(text: str) -> str:
    """The text as HTML that means nothing but itself, and that every wire carries."""
    return escaped(printable(text))


def picture(image: Image, *, small: bool = False) -> str:
    """A picture with its actions: see it whole, use it as input, download the exact bytes."""
    media = image.media
    sha = escape(media.sha256)
    alt = escape(image.alt.strip() or "Picture without a description")
    scale = min(1.0, THUMBNAIL_PX / max(media.width_px, media.height_px, 1))
    width, height = max(1, round(media.width_px * scale)), max(1, round(media.height_px * scale))
    label = "Mask" if image.mask else "Draft picture" if image.draft else "Picture"
    frame = "pic small" if small else "pic draft" if image.draft else "pic"
    if image.mask:
        frame += " mask"
    return (
        f'<figure class="{frame}" data-sha="{sha}"'
        f' data-origin="{image.origin}"'
        f' data-width="{media.width_px}" data-height="{media.height_px}"'
        f' style="--ratio:{width}/{height};--width:{width}px">'
        f'<a class="open" href="media/{sha}" aria-label="See it full size: {alt}">'
        f'<img src="media/{sha}/thumb" alt="{alt}" width="{width}" height="{height}"'
        ' loading="lazy" decoding="async"></a>'
        f'<figcaption><span class="size">{label} · {media.width_px} × {media.height_px}</span>'
        '<span class="ways">'
        '<button type="button" class="quiet" data-act="use">Use as input</button>'
        f'<a class="quiet" href="media/{sha}?download=1" download>Download</a>'
        "</span></figcaption></figure>"
    )


def said(text: str) -> str:
    """What a user wrote, exactly as written: nothing in it is markup."""
    if len(text) <= SAID_CHARACTERS:
        return f'<div class="said" dir="auto">{escape(text)}</div>'
    head, tail = text[:SAID_CHARACTERS], text[SAID_CHARACTERS:]
    return (
        f'<div class="said" dir="auto">{escape(head)}<span class="rest" hidden>{escape(tail)}'
        '</span></div><button type="button" class="quiet" data-act="unfold" '
        f'aria-expanded="false">Show all {len(text):,} characters</button>'
    )


def reasoning(text: str) -> str:
    """A model's thinking, folded."""
    return f'<details class="thinking"><summary>Thinking</summary>{to_html(text)}</details>'


def tool(
    call: ToolCall | None,
    result: ToolResult | None,
    title: str,
    progress: ToolProgress | None = None,
) -> str:
    """A tool call with its answer; without one yet, as running. Pictures are not drawn here.

    ``progress`` is how far a running one is.
    """
    state = "running" if result is None else "failed" if result.failed else "done"
    words = {"running": "is working", "failed": "could not answer", "done": "answered"}[state]
    inside = ""
    if call is not None:
        arguments = json.dumps(dict(call.arguments), ensure_ascii=False, indent=2, default=str)
        inside += f'<pre dir="ltr">{escape(arguments[:SHOWN_ARGUMENT_CHARACTERS])}</pre>'
    if result is not None:
        answer = "\n".join(item.text for item in result.content if isinstance(item, Text))
        if answer:
            inside += f'<pre class="answer" dir="auto">{escape(answer)}</pre>'
    return (
        f'<details class="tool {state}"><summary><span class="name">{escape(title)}</span> '
        f'<span class="state">{words}</span>{_progress(progress)}</summary>{inside}</details>'
    )


def _progress(progress: ToolProgress | None) -> str:
    if progress is None:
        return ""
    share = "" if progress.share is None else f' value="{progress.share:.3f}"'
    note = escape(progress.note)
    return f' <progress{share} aria-label="{note}"></progress> <span class="note">{note}</span>'


def result_blocks(
    call: ToolCall | None, result: ToolResult, titles: Mapping[str, str]
) -> list[str]:
    """A finished tool call: its card, then the pictures it made."""
    blocks = [tool(call, result, titles.get(result.name, result.name))]
    for item in result.content:
        if isinstance(item, Image):
            blocks.append(picture(item))
        elif isinstance(item, UnknownPart):
            blocks.append(unknown(item))
    return blocks


def unknown(part: UnknownPart) -> str:
    """A part that cannot be shown, as a remark that it is there."""
    return f'<p class="unknown">{escape(part.sentence)}</p>'


def reply_blocks(parts: tuple[Part, ...], titles: Mapping[str, str]) -> Iterator[str]:
    """Every block of a reply; neighbouring text parts are one text, as they were streamed.

    Args:
        parts: the parts of an assistant message.
        titles: what people call each tool, by name.
    """
    calls = {part.call_id: part for part in parts if isinstance(part, ToolCall)}
    answered = {part.call_id for part in parts if isinstance(part, ToolResult)}
    words: list[str] = []
    for part in parts:
        if isinstance(part, Text):
            words.append(part.text)
            continue
        if words:
            yield to_html("".join(words))
            words.clear()
        if isinstance(part, Image):
            yield picture(part)
        elif isinstance(part, Reasoning):
            yield reasoning(part.text)
        elif isinstance(part, ToolResult):
            yield from result_blocks(calls.get(part.call_id), part, titles)
        elif isinstance(part, UnknownPart):
            yield unknown(part)
        elif part.call_id not in answered:
            stopped = ToolResult(part.call_id, part.name, (Text("Stopped."),), failed=True)
            yield tool(part, stopped, titles.get(part.name, part.name))
    if words:
        yield to_html("".join(words))


def question_blocks(parts: tuple[Part, ...]) -> Iterator[str]:
    """Every block of a user's message: its pictures in a strip, then its words."""
    strip = "".join(picture(part, small=True) for part in parts if isinstance(part, Image))
    if strip:
        yield f'<div class="strip">{strip}</div>'
    for part in parts:
        if isinstance(part, Text):
            yield said(part.text)
        elif isinstance(part, UnknownPart):
            yield unknown(part)
