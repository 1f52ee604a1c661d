"""What the grammar hears, word by word, until it is a scene."""

from dataclasses import dataclass, field

from chat.sketch.scene import MOST_THINGS, Rgb, Scene, Thing, Time


@dataclass(slots=True)
class Reading:
    """What was heard, while it is being heard and after."""

    things: list[Thing] = field(default_factory=list)
    land: list[str] = field(default_factory=list)
    weather: set[str] = field(default_factory=set)
    without: set[str] = field(default_factory=set)
    time: Time = ""
    sky: Rgb | None = None
    stood_in: dict[str, str] = field(default_factory=dict)
    """Words, in the singular, for what another kind is painted in place of."""
    crowded: bool = False
    """More of a kind were asked for than are painted."""
    dropped: list[str] = field(default_factory=list)
    """Known words that found nothing to belong to."""

    def empty(self) -> bool:
        """Whether nothing paintable was heard."""
        return not (self.things or self.land or self.weather or self.time or self.sky)

    def scene(self, seed: int) -> Scene:
        """As a scene; what was asked to be absent is absent."""
        absent = {f"no{kind}" for kind in self.without & {"sun", "moon", "cloud"}}
        time = self.time or ("night" if any(t.kind == "moon" for t in self.things) else "")
        return Scene(
            things=tuple(t for t in self.things if t.kind not in self.without)[:MOST_THINGS],
            land=tuple(dict.fromkeys(x for x in self.land if x not in self.without)),
            time=time,
            weather=frozenset((self.weather - self.without) | absent),
            sky=self.sky,
            seed=seed,
        )
