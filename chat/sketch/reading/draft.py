"""A scene while a sentence changes it, and the words for what has become of it."""

from dataclasses import dataclass, field

from chat.core.languages import say
from chat.sketch.reading.heard import Reading
from chat.sketch.reading.nouns import is_plural
from chat.sketch.scene import MOST_OF_A_KIND, Scene
from chat.sketch.tongues.naming import named
from chat.sketch.tongues.tables import spoken_tongue


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
    of_weather: list[str] = field(default_factory=list)
    """What of ``said`` is about the weather."""
    of_letters: list[str] = field(default_factory=list)
    """What of it is about the words on a card."""

    def with_weather(self, kinds: list[str]) -> None:
        """Say that there is such weather now."""
        self.weathered([say("with {things}", things=weather_name(kind)) for kind in kinds])

    def weathered(self, said: list[str]) -> None:
        """Say something of the weather."""
        self.said += said
        self.of_weather += said

    def hear(self, heard: Reading) -> None:
        """Note what of a reading has to be told."""
        self.stood_in |= heard.stood_in
        self.dropped += heard.dropped
        if heard.crowded:
            self.failed.append(most_of_a_kind())

    def has(self, kind: str) -> bool:
        """Whether such a thing stands in the scene."""
        return any(t.kind == kind for t in self.scene.things)


def absent(what: str) -> str:
    """A sentence, without its full stop, for a thing that is not there."""
    if is_plural(what.rsplit(" ", 1)[-1]):
        return say("There are no {things} in the picture", things=named(what))
    return say("There is no {thing} in the picture", thing=named(what))


def most_of_a_kind() -> str:
    """A sentence, without its full stop, for more than are painted."""
    return say("{n} of a kind are the most I paint", n=MOST_OF_A_KIND)


def weather_name(kind: str) -> str:
    """Weather as a noun that can follow "with"."""
    tongue = spoken_tongue()
    if tongue is not None and kind in tongue.weather:
        return tongue.weather[kind]
    names = {"storm": "a storm", "rainbow": "a rainbow", "overcast": "a grey sky"}
    return names.get(kind, kind)
