"""A scene while a sentence changes it, and the words for what has become of it."""

from dataclasses import dataclass, field

from chat.sketch.reading.heard import Reading
from chat.sketch.reading.nouns import is_plural, spoken
from chat.sketch.scene import MOST_OF_A_KIND, Scene


@dataclass(slots=True)
class Draft:
    """A scene under change, what was done to it, and what was asked for and is not to be had."""

    scene: Scene
    said: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    stood_in: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    """Words that are known only where they stand."""

    def hear(self, heard: Reading) -> None:
        """Note what of a reading has to be told."""
        self.stood_in |= heard.stood_in
        self.dropped += heard.dropped
        if heard.crowded:
            self.failed.append(f"{MOST_OF_A_KIND} of a kind are the most I paint")

    def has(self, kind: str) -> bool:
        """Whether such a thing stands in the scene."""
        return any(t.kind == kind for t in self.scene.things)


def absent(what: str) -> str:
    """A sentence, without its full stop, for a thing that is not there."""
    article = "are no" if is_plural(what.rsplit(" ", 1)[-1]) else "is no"
    return f"There {article} {what} in the picture"


def one(kind: str) -> str:
    """The noun with its article."""
    noun = spoken(kind)
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def weather_name(kind: str) -> str:
    """Weather as a noun that can follow "with"."""
    names = {"storm": "a storm", "rainbow": "a rainbow", "overcast": "a grey sky"}
    return names.get(kind, kind)
