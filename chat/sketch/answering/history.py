"""What went before, as far as the painter needs it: last words, pictures at hand, their plans.

A picture of ours carries its plan in its echo, so that a follow-up changes the scene itself and
not its pixels, whatever part of the conversation was kept.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from chat.core.attached import tells_of_file
from chat.core.calling import ModelRequest
from chat.core.languages import SOURCE
from chat.core.messages import Message, question_at
from chat.core.parts import Image, Json, Part, Text, ToolResult, pictures, plain_text
from chat.sketch.order import Order, order_from_json
from chat.sketch.reading.wishes import restarts
from chat.sketch.reading.words import READ_CHARS
from chat.sketch.scene import Scene, scene_from_json
from chat.sketch.tongues.hearing import english, recognised

KIND = "sketch"
_REMARK = re.compile(r"\[[^\]]*\]\n\n")

VERSION_STEP = 7_919
"""Between the seeds of two replies to one question: odd, and no multiple of what is counted by."""

_HANDLE = re.compile(r"@img\d+(?: \((?:picture (\d+))?[^)]*\))?", re.IGNORECASE | re.ASCII)
"""A picture as words call it, with the place that is told behind it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a picture of ours came about: a scene, its size, and the edits laid over it."""

    scene: Scene
    size_px: tuple[int, int]
    finish: tuple[Order, ...] = ()
    by_words: bool = False
    """The shape was asked for in words, which the settings of the conversation do not undo."""

    def to_json(self) -> dict[str, Json]:
        """As plain JSON values."""
        return {
            "scene": self.scene.to_json(),
            "size_px": list(self.size_px),
            "finish": [order.to_json() for order in self.finish],
            "by_words": self.by_words,
        }


@dataclass(frozen=True, slots=True)
class Source:
    """A picture to work on: its bytes, and its plan where it is a picture of ours."""

    sha256: str
    data: bytes
    alt: str
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class Before:
    """The state of the conversation at the question."""

    text: str
    """The user's last words, in English."""
    earlier: tuple[str, ...]
    """The user's words before, oldest first."""
    attached: tuple[Source, ...]
    """Pictures of the last user message whose bytes are here."""
    fresh: bool
    """One of them was not in the conversation before."""
    missing: int
    """Pictures of the last user message whose bytes are not."""
    states: tuple[Source, ...]
    """The last picture of every message since the last new start; what was undone is gone."""
    first: bool
    """Nothing was answered before."""
    results: tuple[ToolResult, ...]
    """Answers of tools in the reply under way."""
    seed: int
    version: int
    """How many other replies to the question there are already."""

    @property
    def latest(self) -> Source | None:
        """The picture that "it" is."""
        return self.states[-1] if self.states else None


def before(request: ModelRequest) -> Before:
    """Look back over the messages of a request."""
    at = question_at(request.messages)
    last = -1 if at is None else at
    asked = () if at is None else request.messages[at].parts
    past, under_way = request.messages[: max(0, last)], request.messages[last + 1 :]
    wanted = pictures(asked)
    plans = _plans(request)
    attached = tuple(s for image in wanted if (s := _source(image, request, plans)))
    attached = _called_first(attached, wanted, plain_text(asked))
    states = _states(past, request, plans)
    results = [p for m in under_way for p in m.parts if isinstance(p, ToolResult)]
    return Before(
        text=_wish(asked),
        earlier=tuple(_wish(m.parts) for m in past if m.role == "user"),
        attached=attached,
        fresh=any(s.sha256 not in {one.sha256 for one in states} for s in attached),
        missing=len(wanted) - len(attached),
        states=states,
        first=not any(m.role == "assistant" for m in past),
        results=tuple(results),
        seed=_seed(request.messages[: last + 1]) + VERSION_STEP * request.version,
        version=request.version,
    )


def _wish(parts: Sequence[Part]) -> str:
    """What the user wrote, without the remarks of the program that stand before it in brackets.

    Nor with what stands in files. A picture that is called by its handle is "the picture".
    """
    texts = _own_texts(parts)
    written = [part for part in texts[:-1] if not _REMARK.fullmatch(part.text)] + texts[-1:]
    text = plain_text(tuple(written))
    if recognised(_HANDLE.sub(" ", text)) == SOURCE:
        return _HANDLE.sub("the picture", text)
    return english(_HANDLE.sub(" ", text))


def last_words(request: ModelRequest) -> str:
    """What the user wrote last, as it stands, without handles of pictures."""
    at = question_at(request.messages)
    parts = () if at is None else request.messages[at].parts
    return _HANDLE.sub(" ", plain_text(tuple(_own_texts(parts))))


def _own_texts(parts: Sequence[Part]) -> list[Text]:
    return [part for part in parts if isinstance(part, Text) and not tells_of_file(part.text)]


def _called_first(
    attached: tuple[Source, ...], wanted: Sequence[Image], text: str
) -> tuple[Source, ...]:
    """The pictures with the one in front that the words call first, where they call any."""
    found = _HANDLE.search(text)
    at = int(found[1] or 0) - 1 if found else -1
    if not 0 <= at < len(wanted):
        return attached
    called = wanted[at].media.sha256
    return tuple(sorted(attached, key=lambda source: source.sha256 != called))


def _states(
    past: tuple[Message, ...], request: ModelRequest, plans: dict[str, Plan]
) -> tuple[Source, ...]:
    states: list[Source] = []
    for message in past:
        if message.role == "user" and restarts(_wish(message.parts)):
            states.clear()
        shown = [s for image in pictures(message.parts) if (s := _source(image, request, plans))]
        for source in shown[-1:]:
            # A picture shown a second time was gone back to: what lay between is undone.
            at = next((k for k, s in enumerate(states) if s.sha256 == source.sha256), len(states))
            states[at:] = [source]
    return tuple(states)


def _plans(request: ModelRequest) -> dict[str, Plan]:
    """Plans by the sha256 of their pictures: one that is attached again comes without its echo."""
    shown = [image for message in request.messages for image in pictures(message.parts)]
    return {image.media.sha256: plan for image in shown if (plan := _plan(image))}


def _source(image: Image, request: ModelRequest, plans: dict[str, Plan]) -> Source | None:
    sha256 = image.media.sha256
    data = request.media.get(sha256)
    return Source(sha256, data, image.alt, plans.get(sha256)) if data is not None else None


def _plan(image: Image) -> Plan | None:
    if image.echo is None or image.echo.provider != KIND:
        return None
    data = image.echo.data
    scene = scene_from_json(data.get("scene"))
    try:
        width_px, height_px = (max(16, min(2048, int(side))) for side in data["size_px"])
        finish = tuple(order_from_json(each) for each in data["finish"][:12])
    except (KeyError, TypeError, ValueError):
        # A plan written by another version of the painter is no plan: the pixels still are.
        return None
    if scene is None:
        return None
    return Plan(scene, (width_px, height_px), finish, by_words=data.get("by_words") is True)


def _seed(messages: tuple[Message, ...]) -> int:
    """A number from all words and pictures so far: the same conversation, the same picture."""
    digest = hashlib.sha256()
    for message in messages:
        digest.update(message.role.encode())
        # What is told of files has marks of chance.
        own = plain_text(
            tuple(_own_texts(message.parts)) if message.role == "user" else message.parts
        )
        digest.update(own[:READ_CHARS].encode("utf-8", "replace"))
        for image in pictures(message.parts):
            digest.update(image.media.sha256.encode())
    return int.from_bytes(digest.digest()[:6], "big")
