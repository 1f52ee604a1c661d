"""How much of a conversation an endpoint takes, learned from what it refused and what it took.

A card says what a model takes; a server before it may take less, and says so only when a
conversation has outgrown it. What one turn learns of a deployment, all later ones begin with,
for as long as the program runs. The question's own words and pictures are never left out: where
they alone are too much, the user is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.core.attached import tells_of_file
from chat.core.calling import ModelRequest
from chat.core.errors import RequestTooLarge
from chat.core.estimate import TOKEN_BYTES, picture_tokens
from chat.core.languages import later
from chat.core.messages import Message, question_at
from chat.core.models import Deployment, ModelCard
from chat.core.parts import Part, Reasoning, Text, ToolCall, ToolResult, images

CUT = 4
"""Where the limit is not said and nothing is known that was taken, a quarter is sent: of the
pictures at least the newest, unless the question has some of its own."""

SHRINKABLE_BYTES = 1_000_000
"""A single picture that is no larger is left out instead of being made smaller."""

BASE64_SHARE = 0.72
"""How much of a stated limit in bytes is left to pictures: base64 takes a third more, and words
and settings a little."""

SAFE_SHARE = 0.85
"""How much of a stated limit in tokens is used: ours is an estimate."""


@dataclass(frozen=True, slots=True)
class Budget:
    """How much of a conversation may be sent, the question included; ``None`` is no limit."""

    pictures: int | None = None
    bytes: int | None = None
    """Of pictures, before base64."""
    tokens: int | None = None
    """As :func:`tokens` estimates them."""


NO_LIMIT = Budget()


@dataclass(frozen=True, slots=True)
class Load:
    """What a request holds, and how much of that is the question's own."""

    pictures: int
    own_pictures: int
    own_bytes: int
    earlier_bytes: tuple[int, ...]
    """Of each picture that is not the question's own, the newest first."""
    tokens: int
    earlier: int
    """Messages before the question."""
    own_files: bool = False
    """Whether the question's own words are those of files, too."""

    @property
    def bytes(self) -> int:
        """Of all its pictures."""
        return self.own_bytes + sum(self.earlier_bytes)

    @property
    def alone(self) -> bool:
        """Whether there is nothing in it but the question."""
        return self.pictures <= self.own_pictures and self.earlier == 0


def tokens(parts: Sequence[Part]) -> int:
    """About how many tokens the words of a message are; pictures are counted by themselves."""
    return sum(map(_words_bytes, parts)) // TOKEN_BYTES


def _words_bytes(part: Part) -> int:
    if isinstance(part, Text | Reasoning):
        return len(part.text.encode("utf-8", "replace"))
    if isinstance(part, ToolResult):
        return sum(map(_words_bytes, part.content))
    if isinstance(part, ToolCall):
        return len(str(part.arguments))
    return 0


def load_of(request: ModelRequest) -> Load:
    """What a request holds."""
    messages = request.messages
    at = question_at(messages) or 0
    own = shas_of(messages[at : at + 1])
    if not request.card.history:
        messages, at = messages[at : at + 1], 0
    every = shas_of(messages)
    shown = {i.media.sha256: i.media for m in messages for i in images(m.parts)}
    newest = [i.media.sha256 for m in reversed(messages) for i in reversed(images(m.parts))]
    earlier = [sha for sha in dict.fromkeys(newest) if sha in every - own]
    media = request.media
    return Load(
        pictures=len(every),
        own_pictures=len(own),
        own_bytes=sum(len(media.get(sha, b"")) for sha in own),
        earlier_bytes=tuple(len(media.get(sha, b"")) for sha in earlier),
        tokens=sum(tokens(message.parts) for message in messages)
        + sum(picture_tokens(request.card, shown[sha]) for sha in every),
        earlier=at,
        own_files=any(
            isinstance(part, Text) and tells_of_file(part.text)
            for message in messages[at : at + 1]
            for part in message.parts
        ),
    )


def shas_of(messages: Sequence[Message]) -> set[str]:
    """The pictures of these messages, without masks."""
    found = (image for message in messages for image in images(message.parts))
    return {image.media.sha256 for image in found if not image.mask}


class LearnedLimits:
    """What each deployment of this process has refused and taken."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._budgets: dict[tuple[str, str], Budget] = {}
        self._taken: dict[tuple[str, str], Budget] = {}

    def of(self, deployment: Deployment) -> Budget:
        """What to begin with."""
        return self._budgets.get((deployment.endpoint, deployment.wire_name), NO_LIMIT)

    def took(self, deployment: Deployment, media: Mapping[str, bytes]) -> None:
        """Remember the most pictures, and bytes of them, that a deployment has taken."""
        key = deployment.endpoint, deployment.wire_name
        known = self._taken.get(key, NO_LIMIT)
        size_bytes = sum(map(len, media.values()))
        self._taken[key] = Budget(
            max(known.pictures or 0, len(media)), max(known.bytes or 0, size_bytes)
        )

    def smaller(self, deployment: Deployment, error: RequestTooLarge, load: Load) -> Budget | None:
        """What to send of the same question; ``None`` where only it is left, or it is too much.

        A limit that the provider has stated is learned at once, another when it has proved true.
        """
        taken = self._taken.get((deployment.endpoint, deployment.wire_name), NO_LIMIT)
        smaller = _smaller(error, load, taken)
        if smaller is not None and error.most is not None:
            self.learn(deployment, smaller)
        return smaller

    def learn(self, deployment: Deployment, budget: Budget) -> None:
        """Begin with no more than this from now on."""
        known = self.of(deployment)
        self._budgets[deployment.endpoint, deployment.wire_name] = Budget(
            _least(known.pictures, budget.pictures),
            _least(known.bytes, budget.bytes),
            _least(known.tokens, budget.tokens),
        )


def _smaller(error: RequestTooLarge, load: Load, taken: Budget) -> Budget | None:
    if load.alone:
        return None
    most, own = error.most, load.own_pictures
    count = len(load.earlier_bytes)
    # A question that shows something needs the history's pictures less than being answered.
    newest = count // CUT if own or count == 1 else max(1, count // CUT)
    if error.over == "pictures":
        if not count or (most is not None and most < own):
            return None
        return Budget(pictures=_target(load.pictures, most, taken.pictures, own + newest))
    if error.over == "bytes" and count:
        most = None if most is None else round(most * BASE64_SHARE)
        if most is not None and most < load.own_bytes:
            return None
        if count == 1 and most is None and load.bytes < SHRINKABLE_BYTES:
            return Budget(pictures=own)
        least = load.own_bytes + sum(load.earlier_bytes[:newest])
        return Budget(bytes=_target(load.bytes, most, taken.bytes, least or load.bytes // CUT))
    if error.over == "bytes" and own:
        return None  # beside pictures, words weigh nothing
    stated = _most_tokens(error, load)
    return Budget(tokens=_target(load.tokens, stated, None, load.tokens // CUT))


def _target(held: int, most: int | None, taken: int | None, least: int) -> int:
    """What the server says it takes, else what it took before, else the least worth sending."""
    if most is not None and most < held:
        return most
    return taken if taken is not None and least < taken < held else least


def _most_tokens(error: RequestTooLarge, load: Load) -> int | None:
    """A stated limit in tokens, in ours: the provider may have counted more than we estimate."""
    if error.over != "tokens" or not error.most:
        return None
    if error.held is not None and error.held > error.most:
        return round(load.tokens * SAFE_SHARE * error.most / error.held)
    return round(min(error.most, load.tokens) * SAFE_SHARE)


def _least(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def alone_too_large(
    error: RequestTooLarge, card: ModelCard, server: str, load: Load
) -> RequestTooLarge:
    """The error for a question that is too much by itself, with what the user can do.

    Args:
        error: what the provider answered.
        card: the model that was asked.
        server: the title of its endpoint.
        load: what the question holds.
    """
    pictures = load.own_pictures
    if error.over == "tokens":
        sentence = f"This message alone holds more than {card.title} takes at once. "
        sentence += (
            later("Shorten it, take a file out, or choose another model.")
            if load.own_files
            else later("Shorten it, or choose another model.")
        )
    elif not pictures:
        sentence = f"The message is too large for {server}. Shorten it, or choose another model."
    elif error.over == "pictures" and error.most is not None and error.most < pictures:
        most = later(f"at most {error.most} pictures") if error.most > 1 else later("one picture")
        takes = later(f"takes {most} at once") if error.most else later("takes no pictures")
        sentence = f"{card.title} {takes}, and this message has {pictures}. "
        sentence += "Remove some and send again."
    elif pictures == 1:
        sentence = f"The picture of this message is too large for {server}. Send a smaller one."
    else:
        sentence = f"The {pictures} pictures of this message are too large for {server}. "
        sentence += "Send fewer or smaller ones."
    return RequestTooLarge(sentence + error.quote, error.over, error.most, error.held, error.quote)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a conversation was not sent because more is not taken."""

    pictures: int = 0
    messages: int = 0

    def notes(self, card: ModelCard) -> tuple[str, ...]:
        """What the user is told of it."""
        found: list[str] = []
        if self.messages:
            first = later("message was")
            if self.messages != 1:
                first = later(f"{self.messages} messages were")
            found.append(
                f"This conversation is longer than {card.title} takes at once: its first {first} "
                "not sent."
            )
        if self.pictures:
            earlier = later("an earlier one was")
            if self.pictures != 1:
                earlier = later(f"{self.pictures} earlier ones were")
            found.append(
                f"This conversation has more pictures than {card.title} takes at once: {earlier} "
                "not sent."
            )
        return tuple(found)


NOTHING = LeftOut()
