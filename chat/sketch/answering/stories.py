"""Stories: eight beats of a journey and four of its sequel, filled with those who were named."""

from dataclasses import dataclass

from chat.sketch.answering.beats import Beat, Step, steps_of
from chat.sketch.reading.grammar import read
from chat.sketch.scene import Thing

ABLE = frozenset(
    (
        *("cat", "dog", "fox", "horse", "cow", "sheep", "rabbit", "elephant", "songbird", "bird"),
        *("man", "woman", "boy", "girl"),
        *("duck", "person", "robot", "snowman", "fish", "whale", "butterfly"),
    )
)
"""Kinds that can be the hero of a story."""


@dataclass(frozen=True, slots=True)
class Hero:
    """Someone in a story: how it is painted, and how the user calls it."""

    thing: Thing
    name: str


def story(cast: tuple[Hero, ...], said: str, count: int, seed: int) -> list[Step]:
    """So many beats of a story, setting out first, home again last."""
    first, second, home = _named(cast, said)
    me, pal, hero, friend = first.thing, second.thing, first.name, second.name
    beats = (
        Beat(
            "A quiet morning",
            f"There was once a {hero} that knew every stone of its home and had "
            "never asked what lay behind the hills. That morning a strange light stood there.",
            (me,),
            (home,),
            "dawn",
        ),
        Beat(
            "The way out",
            f"The {hero} set off before anyone could talk it out of going. The path was "
            "narrow, the grass was wet, and every step was new.",
            (me, Thing("tree")),
            ("hills",),
            "day",
        ),
        Beat(
            "A friend",
            f"By the water sat a {friend}, looking at the same light. “I would go,” it "
            "said, “but not alone.” So they went together.",
            (me, pal),
            ("river",),
            "day",
        ),
        Beat(
            "The storm",
            f"Then the sky turned black. The {hero} was afraid, and said so, and it helped: "
            f"the {friend} had been afraid as well.",
            (me, pal),
            ("hills",),
            "evening",
            frozenset({"storm"}),
        ),
        Beat(
            "The old house",
            "An old house had left its door open. Inside it was dry, and somebody had "
            "put out a lamp for whoever might come by.",
            (Thing("house"), me),
            ("meadow",),
            "night",
        ),
        Beat(
            "The pass",
            "In the morning the mountains were as white as paper. They walked one behind "
            "the other, and the first made the steps for the second.",
            (me, pal),
            ("mountains",),
            "dawn",
            frozenset({"snow"}),
        ),
        Beat(
            "The light",
            "Behind the last ridge stood a lighthouse, turning its lamp for all who were "
            f"on their way. “So that is what you are,” said the {hero}.",
            (Thing("lighthouse"), me),
            ("sea",),
            "evening",
        ),
        Beat(
            "Home again",
            f"The {hero} came home with a {friend} and a story. On clear nights they still "
            "look over the hills, and the light is still there.",
            (me, pal, Thing("house")),
            (home,),
            "night",
        ),
    )
    return steps_of(beats, count, seed)


def sequel(cast: tuple[Hero, ...], said: str, count: int, seed: int) -> list[Step]:
    """What happened later: at most four beats."""
    first, second, home = _named(cast, said)
    me, pal, hero, friend = first.thing, second.thing, first.name, second.name
    beats = (
        Beat(
            "The dark night",
            f"One night in autumn the light behind the hills was gone. The {hero} saw it first "
            f"and woke the {friend}.",
            (me, pal),
            (home,),
            "night",
        ),
        Beat(
            "The second way",
            "This time they knew the path, and the path knew them. Where the storm had been, "
            "there was only rain.",
            (me, pal, Thing("tree")),
            ("hills",),
            "dawn",
            frozenset({"rain"}),
        ),
        Beat(
            "A boat",
            "A boat lay on the shore with a note in it: “Whoever comes this way, take the lamp "
            "across.” So they rowed.",
            (Thing("boat"), me),
            ("sea",),
            "day",
        ),
        Beat(
            "The lamp is lit",
            f"The {friend} held the ladder and the {hero} lit the lamp. Far away, behind the "
            "hills, somebody looked up and wondered what it was.",
            (Thing("lighthouse"), me, pal),
            ("sea",),
            "night",
        ),
    )
    return steps_of(beats, count, seed)


def _named(cast: tuple[Hero, ...], said: str) -> tuple[Hero, Hero, str]:
    """The hero, the friend and the home."""
    friend = "rabbit" if cast[0].thing.kind != "rabbit" else "songbird"
    land = read(said).land
    second = cast[1] if len(cast) > 1 else Hero(Thing(friend), friend)
    return cast[0], second, land[0] if land else "forest"
