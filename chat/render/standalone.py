"""A conversation as one HTML document that needs no server, no script and no other file of style.

It opens from a disk, is read on paper as on a screen, and asks no host for anything. Only the
branch that was shown is in it; where a message has other versions, that is said, and they are
listed at the end.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from chat.core.display_names import DisplayNames
from chat.core.messages import ALIVE, Message
from chat.core.parts import File, Image, Text, UnknownPart, plain_text
from chat.render.blocks import DRAFT, kind_of, lone_file, reply_blocks, unknown
from chat.render.code import inks_css
from chat.render.costs import paid_words
from chat.render.escaping import escape
from chat.render.footnotes import linked
from chat.render.messages import author
from chat.render.notices import TITLES

POLICY = "default-src 'none'; img-src 'self' file: data:; style-src 'unsafe-inline'"
"""Said in the document itself: whatever is in it, nothing is fetched and nothing runs."""

EXCERPT_CHARACTERS = 160
NO_REFERRER = "no-referrer"

_MARK = "\0"
"""Around the number of a picture among HTML, in which a NUL cannot stand."""


@dataclass(frozen=True, slots=True)
class Standalone:
    """What such a document shows."""

    title: str
    branch: Sequence[Message]
    """The messages shown, oldest first."""
    versions: Mapping[str, tuple[int, int]]
    """Of the messages with other versions: which one is shown, counted from 1, of how many."""
    others: Sequence[Message]
    """Messages of which another version is shown, in the order of arrival."""
    names: DisplayNames
    made_by: str
    made_at: datetime
    beside: str = ""
    """The file beside this one that holds everything; empty: there is none."""
    selection: bool = False
    """Whether it is only some messages of the conversation."""
    remarks: Sequence[str] = field(default_factory=tuple)
    above: str = ""
    """HTML at the end of its head."""
    asked_by: str = ""
    """Who asks in it; empty: whoever reads it."""
    referrer: str = NO_REFERRER
    """What its links and forms say of where they stand."""


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture where it stands in the document; whoever writes it knows the file."""

    image: Image


def standalone_pieces(shown: Standalone) -> Iterator[str | PlacedPicture]:
    """The document from its first byte to its last, a message or a picture at a time."""
    yield _head(shown)
    for message in shown.branch:
        yield from _article(message, shown)
    yield _foot(shown)


def placed_html(image: Image, source: str | None) -> str:
    """A picture with its file or data URL as the source; ``None``: its file is lost."""
    media = image.media
    alt = escape(image.alt.strip() or "Picture without a description")
    kind = kind_of(image)
    label = {"": "Picture", DRAFT: "Draft picture"}.get(kind, kind)
    caption = f"{label} · {media.width_px} × {media.height_px}"
    if source is None:
        return (
            f'<figure class="pic lost"><p>A picture stood here; its file is lost.</p>'
            f"<figcaption>{alt} · {caption}</figcaption></figure>"
        )
    size = f' width="{media.width_px}" height="{media.height_px}"' if media.width_px > 0 else ""
    return (
        f'<figure class="pic{" draft" if kind == DRAFT else ""}">'
        f'<img src="{escape(source)}" alt="{alt}"{size}>'
        f"<figcaption>{caption}</figcaption></figure>"
    )


def index_html(title: str, rows: Sequence[tuple[str, str]], made: str) -> str:
    """A document that lists others: the address within the zip, and the title, of each."""
    items = "".join(
        f'<li dir="auto"><a href="{escape(address)}">{escape(name)}</a></li>'
        for address, name in rows
    )
    return (
        f"{opening(title)}<header><h1>{escape(title)}</h1></header>"
        f'<main><ol class="contents">{items}</ol></main>'
        f"<footer><p>{escape(made)}</p></footer></body></html>\n"
    )


def opening(title: str, referrer: str = NO_REFERRER) -> str:
    """The document up to its body; ``referrer`` is the policy of its links and forms."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="referrer" content="{referrer}">'
        f"<title>{escape(title)}</title><style>{_style()}</style></head><body>"
    )


def _head(shown: Standalone) -> str:
    count = len(shown.branch)
    facts = [f"{count} message{'' if count == 1 else 's'}"]
    if shown.branch:
        began, ended = (f"{m.created_at:%d %B %Y}" for m in (shown.branch[0], shown.branch[-1]))
        facts.insert(0, began if began == ended else f"{began} to {ended}")
    replies = [m for m in shown.branch if m.role == "assistant"]
    costs = [m.cost_usd for m in replies if m.cost_usd is not None]
    if costs:
        unknown_too = "" if len(costs) == len(replies) else " as far as known"
        facts.append(f"{paid_words(sum(costs))}{unknown_too}")
    if shown.selection:
        facts.append("a selection of its messages")
    told = "".join(f"<p>{escape(remark)}</p>" for remark in shown.remarks)
    return (
        f'{opening(shown.title, shown.referrer)}<header><h1 dir="auto">{escape(shown.title)}</h1>'
        f"<p>{escape(' · '.join(facts))}</p>{told}{shown.above}</header><main>"
    )


def _article(message: Message, shown: Standalone) -> Iterator[str | PlacedPicture]:
    placed: list[Image] = []

    def place(image: Image) -> str:
        placed.append(image)
        return f"{_MARK}{len(placed) - 1}{_MARK}"

    if message.role == "user":
        body = "".join(_question(message, place))
    else:
        body = "".join(reply_blocks(message.parts, shown.names.tools, place))
    body = linked(body, escape(message.id))
    opened = (
        f'<article class="msg {message.role}" id="m-{escape(message.id)}">'
        f"<h2>{escape(_author(message, shown))}</h2><div>"
    )
    pieces = f"{opened}{body}</div>{_tail(message, shown)}</article>\n".split(_MARK)
    for number, piece in enumerate(pieces):
        yield PlacedPicture(placed[int(piece)]) if number % 2 else piece


def _author(message: Message, shown: Standalone) -> str:
    asks = message.role == "user" and shown.asked_by
    return asks or author(message, shown.names)


def _question(message: Message, place: Callable[[Image], str]) -> Iterator[str]:
    """The whole of a question: nothing is folded where nothing can be unfolded."""
    for part in message.parts:
        if isinstance(part, Image):
            yield place(part)
    for part in message.parts:
        if isinstance(part, Text):
            yield f'<div class="said" dir="auto">{escape(part.text)}</div>'
        elif isinstance(part, File):
            yield lone_file(part)
        elif isinstance(part, UnknownPart):
            yield unknown(part)


def _tail(message: Message, shown: Standalone) -> str:
    status = "interrupted" if message.status in ALIVE else message.status
    notice = ""
    if title := TITLES.get(status):
        sentence = message.finish.message if message.finish is not None else ""
        notice = f'<p class="notice" dir="auto"><strong>{title}.</strong> {escape(sentence)}</p>'
    moment = message.created_at
    facts = [f'<time datetime="{moment.isoformat()}">{moment:%Y-%m-%d %H:%M} UTC</time>']
    if message.cost_usd is not None:
        facts.append(paid_words(message.cost_usd))
    if message.id in shown.versions:
        at, of = shown.versions[message.id]
        facts.append(f'<a href="#others">version {at} of {of}</a>')
    return f'{notice}<p class="facts">{" · ".join(facts)}</p>'


def _foot(shown: Standalone) -> str:
    listed = ""
    if shown.others:
        where = f" They are whole in {escape(shown.beside)}." if shown.beside else ""
        rows = "".join(
            f'<li dir="auto"><strong>{escape(author(message, shown.names))}</strong> '
            f"{escape(_excerpt(message))}</li>"
            for message in shown.others
        )
        listed = (
            '<section id="others"><h2>Not shown here</h2>'
            f"<p>Messages on other branches of this conversation.{where}</p>"
            f"<ol>{rows}</ol></section>"
        )
    made = f"{shown.made_by}, {shown.made_at:%d %B %Y}"
    return f"</main>{listed}<footer><p>{escape(made)}</p></footer></body></html>\n"


def _excerpt(message: Message) -> str:
    words = " ".join(plain_text(message.parts).split())
    if len(words) > EXCERPT_CHARACTERS:
        words = words[:EXCERPT_CHARACTERS].rstrip() + "…"
    for kind, thing in ((Image, "picture"), (File, "file")):
        if count := sum(isinstance(part, kind) for part in message.parts):
            words = f"{words} [{count} {thing}{'' if count == 1 else 's'}]"
    return words.strip() or "without words"


@cache
def _style() -> str:
    own = Path(__file__).with_name("standalone.css").read_text(encoding="utf-8")
    light, dark, rules = inks_css()
    by_night = f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f":root{{{light}}}\n{by_night}\n{rules}{own}"
