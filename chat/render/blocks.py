"""The parts of a message as HTML blocks, one string each, in order.

A reply that has ended and a reply that still streams are drawn by the same functions, so
that the page need not be drawn again when the stream ends. Everything that is not made by
the Markdown renderer is escaped here.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from urllib.parse import quote

from chat.core.file_kinds import kind_of_stored
from chat.core.languages import later, resaid, say
from chat.core.numbers import number, size
from chat.core.parts import (
    File,
    Image,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UnknownPart,
    plain_text,
)
from chat.core.regions import is_answer, proof_of
from chat.core.text import unmarked
from chat.render.costs import paid_words
from chat.render.escaping import escape, spoken
from chat.render.markdown import to_html
from chat.render.proofs import RegionPairs
from chat.render.tool_calls import tool

SAID_CHARACTERS = 6_000
"""How much of a user's message is shown before it is folded."""

THUMBNAIL_PX = 768
CAPTION_CHARACTERS = 1_000
"""Of what was asked for: two lines of it are seen, and all where they are pressed."""
SHORT_CHARACTERS = 60
"""What fits into those lines everywhere."""
NAME_CHARACTERS = 120


DRAFT = later("Draft")


def picture(image: Image, *, small: bool = False, said: str = "") -> str:
    """A picture with its actions: see it whole, edit it, download the exact bytes.

    ``said`` are the words of its message: they are not said again under it.
    """
    media = image.media
    sha = escape(media.sha256)
    shows = resaid(image.alt.strip()) or say("Picture without a description")
    alt = escape(shows)
    scale = min(1.0, THUMBNAIL_PX / max(media.width_px, media.height_px, 1))
    width, height = max(1, round(media.width_px * scale)), max(1, round(media.height_px * scale))
    kind = kind_of(image)
    words = _caption(image, said) if kind != "Mask" else ""
    label = escape(": ".join(filter(None, (say(kind) if kind else "", words))) or say("Picture"))
    title = quote(image.alt[:NAME_CHARACTERS].encode("utf-8", "replace"), safe="")
    sharp = ""
    if max(media.width_px, media.height_px) > THUMBNAIL_PX and not small:
        # A screen of twice the density has the exact picture; so has whoever saves it from there.
        sharp = (
            f' srcset="media/{sha}/thumb {width}w, media/{sha} {media.width_px}w"'
            f' sizes="min(100vw, {width}px)"'
        )
    frame = "pic small" if small else "pic draft" if kind == DRAFT else "pic"
    if image.mask:
        frame += " mask"
    proof = proof_of(image)
    region, toggle = ("", "") if proof is None or not proof.mask else _region(proof.mask)
    whole = spoken("See it full size: {alt}", alt=shows)
    return (
        f'<figure class="{frame}" data-sha="{sha}"'
        f' data-origin="{image.origin}"'
        f' data-width="{media.width_px}" data-height="{media.height_px}"'
        f' style="--ratio:{width}/{height};--width:{width}px">'
        f'<a class="open" href="media/{sha}" aria-label="{whole}">'
        f'<img src="media/{sha}/thumb"{sharp} alt="{alt}" width="{width}" height="{height}"'
        f' loading="lazy" decoding="async">{region}</a>'
        f"<figcaption>{_words(label)}"
        f'<span class="size">{media.width_px} × {media.height_px}</span>{_maker(image)}'
        f'{toggle}<span class="ways">'
        f'<button type="button" class="quiet" data-act="use">{spoken("Edit this")}</button>'
        f'<a class="quiet" href="media/{sha}?download=1&amp;title={title}" download>'
        f"{spoken('Download')}</a>"
        '<button type="button" class="quiet more" data-act="more" data-icon="more"'
        f' aria-haspopup="menu" aria-label="{spoken("More to do with this picture")}"></button>'
        "</span></figcaption></figure>"
    )


def _words(label: str) -> str:
    words = f'<span class="words" dir="auto">{label}</span>'
    if len(label) <= SHORT_CHARACTERS:
        return words
    return (
        '<button type="button" class="caption" data-act="caption" aria-expanded="false"'
        f' title="{label}">{words}</button>'
    )


def _maker(image: Image) -> str:
    """Who made it and for how much, where that is not who wrote the reply."""
    if not image.model_title:
        return ""
    paid = "" if image.cost_usd is None else f" · {escape(paid_words(image.cost_usd))}"
    by = spoken("by {name}", name=image.model_title)
    return f'<span class="maker" dir="auto">{by}{paid}</span>'


def _caption(image: Image, said: str) -> str:
    """What was asked for; where that is not known, what the picture shows, if nobody said so."""
    if image.caption:
        return image.caption[:CAPTION_CHARACTERS]
    if unmarked(image.alt) in unmarked(said):
        return ""
    return " ".join(image.alt.split())[:CAPTION_CHARACTERS]


def kind_of(image: Image) -> str:
    """What a picture is beside being one; empty: nothing else."""
    if image.mask:
        return later("Mask")
    if is_answer(image):
        return later("The model’s own picture")
    return DRAFT if image.draft else ""


def _region(mask: str) -> tuple[str, str]:
    """The mask over a picture, loaded where it is looked at, and the button that shows it."""
    shade = f'<img class="region" src="media/{mask}" alt="" loading="lazy" decoding="async">'
    shown = spoken("Show the region")
    toggle = (
        '<button type="button" class="quiet" data-act="region" aria-pressed="false"'
        f' aria-label="{shown}" title="{shown}">{spoken("Region")}</button>'
    )
    return shade, toggle


def said(text: str) -> str:
    """What a user wrote, exactly as written: nothing in it is markup."""
    if len(text) <= SAID_CHARACTERS:
        return f'<div class="said" dir="auto">{escape(text)}</div>'
    head, tail = text[:SAID_CHARACTERS], text[SAID_CHARACTERS:]
    unfold = spoken("Show all {number} characters", number=number(len(text)))
    return (
        f'<div class="said" dir="auto">{escape(head)}<span class="rest" hidden>{escape(tail)}'
        '</span></div><button type="button" class="quiet" data-act="unfold" '
        f'aria-expanded="false">{unfold}</button>'
    )


def reasoning(text: str) -> str:
    """A model's thinking, folded."""
    head = f"<summary>{spoken('Thinking')}</summary>"
    return f'<details class="thinking">{head}{to_html(text)}</details>'


def file(part: File) -> str:
    """A file with the way to download it."""
    sha, name = escape(part.media.sha256), escape(part.name)
    title = quote(part.name.encode("utf-8", "replace"), safe="")
    kind, weight = _kind(part), part.media.size_bytes
    return (
        f'<p class="file" data-sha="{sha}" data-name="{name}" data-kind="{escape(kind)}"'
        f' data-bytes="{weight}"><span class="words" dir="auto">{name}</span>'
        f'<span class="size">{_facts_of(part)}</span>'
        f'<a class="quiet" href="media/{sha}?download=1&amp;title={title}" download'
        f' aria-label="{spoken("Download {name}", name=part.name)}">{spoken("Download")}</a></p>'
    )


def lone_file(part: File) -> str:
    """A file in a document that it is not inside of: that there was one."""
    return (
        f'<p class="file"><span class="words" dir="auto">{escape(part.name)}</span>'
        f'<span class="size">{_facts_of(part)}</span></p>'
    )


def _kind(part: File) -> str:
    kind = kind_of_stored(part.media.mime, part.name)
    return say(kind.title) if kind else ""


def _facts_of(part: File) -> str:
    return escape(" · ".join(filter(None, (_kind(part), size(part.media.size_bytes)))))


def result_blocks(
    call: ToolCall | None,
    result: ToolResult,
    titles: Mapping[str, str],
    drawn: Callable[[Image], str] = picture,
    filed: Callable[[File], str] = file,
) -> list[str]:
    """A finished tool call: its card, then the pictures and files it made."""
    blocks = [tool(call, result, titles.get(result.name, result.name))]
    for item in result.content:
        if isinstance(item, Image):
            blocks.append(drawn(item))
        elif isinstance(item, File):
            blocks.append(filed(item))
        elif isinstance(item, UnknownPart):
            blocks.append(unknown(item))
    return blocks


def unknown(part: UnknownPart) -> str:
    """A part that cannot be shown, as a remark that it is there."""
    return f'<p class="unknown">{escape(resaid(part.sentence))}</p>'


def reply_blocks(
    parts: tuple[Part, ...],
    titles: Mapping[str, str],
    drawn: Callable[[Image], str] | None = None,
    *,
    waits: bool = False,
) -> Iterator[str]:
    """Every block of a reply; neighbouring text parts are one text, as they were streamed.

    Args:
        parts: the parts of an assistant message.
        titles: what people call each tool, by name.
        drawn: how a picture is drawn; with its actions, unless another way is given.
        waits: whether it waits for the user; the calls to decide on are then left to their card,
            see :mod:`chat.render.approvals`.
    """
    calls = {part.call_id: part for part in parts if isinstance(part, ToolCall)}
    answered = {part.call_id for part in parts if isinstance(part, ToolResult)}
    words: list[str] = []
    filed = file if drawn is None else lone_file
    drawn = drawn or partial(picture, said=plain_text(parts))
    pairs = RegionPairs(drawn)
    for part in parts:
        if not isinstance(part, Image):
            yield from pairs.rest()
        if isinstance(part, Text):
            words.append(part.text)
            continue
        if words:
            yield to_html("".join(words))
            words.clear()
        if isinstance(part, Image):
            yield from pairs.blocks(part)
        elif isinstance(part, Reasoning):
            yield reasoning(part.text)
        elif isinstance(part, ToolResult):
            yield from result_blocks(calls.get(part.call_id), part, titles, drawn, filed)
        elif isinstance(part, UnknownPart | File):
            yield unknown(part) if isinstance(part, UnknownPart) else filed(part)
        elif part.call_id not in answered:
            open_ = part.asked is not None and not part.asked.decision
            if not (waits and open_):
                ended = Text(say("Nobody decided on it.") if open_ else say("Stopped."))
                stopped = ToolResult(part.call_id, part.name, (ended,), failed=True)
                yield tool(part, None if waits else stopped, titles.get(part.name, part.name))
    yield from pairs.rest()
    if words:
        yield to_html("".join(words))


def question_blocks(parts: tuple[Part, ...]) -> Iterator[str]:
    """Every block of a user's message: its pictures in a strip, its files, then its words."""
    strip = "".join(picture(part, small=True) for part in parts if isinstance(part, Image))
    if strip:
        yield f'<div class="strip">{strip}</div>'
    files = "".join(file(part) for part in parts if isinstance(part, File))
    if files:
        yield f'<div class="files">{files}</div>'
    for part in parts:
        if isinstance(part, Text):
            yield said(part.text)
        elif isinstance(part, UnknownPart):
            yield unknown(part)
