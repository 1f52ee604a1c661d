"""New pictures: a scene is announced, painted, and described, with the edits asked for at once."""

import re
from collections.abc import Iterator
from dataclasses import replace

from chat.core.calling import ModelRequest
from chat.core.languages import later, say
from chat.core.shapes import ratio_of
from chat.sketch.answering.history import Before
from chat.sketch.answering.honesty import left_out, scene_ideas, stood_in, unquoted
from chat.sketch.answering.pieces import Piece
from chat.sketch.answering.repaint import developed, fresh_plan
from chat.sketch.answering.scenes import here_is
from chat.sketch.answering.smalltalk import unknown
from chat.sketch.editing.darkroom import no_letters, told
from chat.sketch.painting.lettering import unwritable
from chat.sketch.reading.cards import CardWish, card_of
from chat.sketch.reading.draft import most_of_a_kind
from chat.sketch.reading.grammar import read
from chat.sketch.reading.heard import Reading
from chat.sketch.reading.lexicon import COLOURS
from chat.sketch.reading.orders import read_orders, without_unquoted
from chat.sketch.reading.shape import LONGEST, MOST_PX, Shape, shape_of
from chat.sketch.reading.stand_ins import with_article
from chat.sketch.reading.wishes import bare
from chat.sketch.reading.words import colour_at, words_of
from chat.sketch.scene import MOST_THINGS, Rgb, Scene, Thing
from chat.sketch.tongues.naming import named, one, stopped
from chat.sketch.tongues.tables import spoken_tongue

_OPEN = re.compile(
    r"\bsurprise\b|\b(?:paint|draw|sketch|show|make) (?:me )?(?:something|anything|a picture)\b"
)
_IDEAS = (
    "a red boat and a hot air balloon on a lake before mountains at dawn",
    "a fox in a snowy forest",
    "a lighthouse by the sea at sunset",
    "a black cat on a green sofa next to a lamp at night",
    "a windmill and tulips under a rainbow",
)
_SEE_THROUGH = later("I paint no see-through pictures; those that you bring stay as they are.")
_DECORATION: dict[str, tuple[Thing, ...]] = {
    "birthday": (
        Thing("balloon", colour=COLOURS["blue"]),
        Thing("cake"),
        Thing("balloon", colour=COLOURS["red"]),
    ),
    "christmas": (Thing("pine"), Thing("star", colour=COLOURS["gold"]), Thing("pine")),
    "love": (Thing("heart", 3),),
    "thanks": (Thing("tulip", 3),),
    "well": (Thing("flower", 3),),
}
"""What stands on a card of which only the day was said."""
_IN_SCENES = frozenset(("hour", "snow", "rain", "fog", "dye", "bright", "warm"))
"""Edits whose words describe a scene: the painter has seen to them."""


_GREY = re.compile(
    r"\bblack[ -](?:and|&)[ -]white "
    r"(?=(?:photo|picture|image|drawing|sketch|painting|version)\w*\b)"
)
_TRANSPARENT = re.compile(r"\b(?:transparent|see[ -]through|no) (?:background|ground|backdrop)\b")


def new_picture(state: Before, request: ModelRequest) -> Iterator[Piece]:
    """Paint what the last words describe; says so where none of them is known."""
    shape, text = shape_of(state.text)
    if (impossible := too_long(shape, request)) is not None:
        yield impossible
        return
    if (wish := card_of(text)) is not None:
        yield from _card(wish, shape, state, request)
        return
    quoted = re.compile(r"[\"“„«][^\"”»“]{1,200}[\"”»“]|\b(?:saying|says|that reads)\b.*")
    words = _GREY.sub(" ", quoted.sub(" ", bare(without_unquoted(text))))
    heard = read(_TRANSPARENT.sub(" ", words))
    if heard.empty() and _OPEN.search(text[:400].lower()):
        heard = read(_IDEAS[state.seed % len(_IDEAS)])
    if heard.empty():
        yield " ".join(stopped(each) for each in unquoted(text)) or unknown(text)
        return
    coloured = bool(re.search(r"\bblack (?:and|&) white [a-z]", words))
    orders = tuple(
        order
        for order in read_orders(text)
        if order.name not in _IN_SCENES and not (order.name == "grey" and coloured)
    )
    scene = heard.scene(state.seed)
    if heard.stood_in:
        yield f"{stood_in(heard.stood_in)}\n\n"
    yield f"{here_is(scene)}\n\n"
    shown, done = developed(fresh_plan(scene, request, shape), orders)
    yield shown
    after = [told(done.said)] if done.said else []
    after += [stopped(sentence) for sentence in (*done.failed, *unquoted(text))]
    after += [say(_SEE_THROUGH)] if _TRANSPARENT.search(text.lower()) else []
    after += [limits(heard, shape)] if limits(heard, shape) else []
    captioned = any(order.name == "caption" for order in orders)
    dropped = [w for w in heard.dropped if not (captioned and w in {"top", "bottom"})]
    rest = left_out(_TRANSPARENT.sub(" ", text), dropped)
    after += [rest] if rest else []
    first, second, _ = map(say, scene_ideas(scene))
    after.append(
        say("You can go on from here: *{first}*, or *{second}*.", first=first, second=second)
    )
    yield "\n\n" + " ".join(after)


def _card(
    wish: CardWish, shape: Shape | None, state: Before, request: ModelRequest
) -> Iterator[Piece]:
    """A card with words on it, and with what was named beside them, or what suits the day."""
    if not wish.words:
        yield say(
            "What shall stand on the {thing}? Say it in quotation marks, for example "
            '*a {thing} that says "Welcome home"*.',
            thing=named(wish.piece),
        )
        return
    if strange := unwritable(wish.words):
        so = say("So I paint no {thing}.", thing=named(wish.piece))
        yield f"{stopped(no_letters(strange))} {so}"
        return
    heard = read(bare(wish.rest))
    things = tuple(replace(t, relation="", anchor="", place="") for t in heard.things)
    ground = None if things else _background(wish.rest)
    scene = Scene(
        things=(things or _DECORATION.get(wish.occasion, ()))[:MOST_THINGS],
        sky=heard.sky or ground,
        seed=state.seed,
        card=wish.words,
    )
    if wish.piece not in {"card", "postcard"}:
        yield say(
            "I do not know {thing}, so this is {other}.",
            thing=with_article(wish.piece), other=one("card"),
        ) + "\n\n"  # fmt: skip
    if heard.stood_in:
        yield f"{stood_in(heard.stood_in)}\n\n"
    yield f"{here_is(scene)}\n\n"
    shown, _ = developed(fresh_plan(scene, request, shape))
    yield shown
    after = [] if wish.given else [say("The words are mine, for you gave none.")]
    after += [limits(heard, shape)] if limits(heard, shape) else []
    rest = left_out(wish.rest, heard.dropped if ground is None else ())
    after += [rest] if rest else []
    first, second = say('add the caption "Hello"'), say("make the background blue")
    after.append(
        say("You can go on from here: *{first}*, or *{second}*.", first=first, second=second)
        if spoken_tongue()
        else 'You can go on from here: *change the text to "Welcome home"*, or '
        "*make the background blue*."
    )
    yield "\n\n" + " ".join(after)


def _background(text: str) -> Rgb | None:
    """The first colour of a card of which nothing else has one: "a blue card"."""
    words = words_of(text)
    found = (colour_at(words, at)[0] for at in range(len(words)))
    return next((colour for colour in found if colour is not None), None)


def too_long(shape: Shape | None, request: ModelRequest) -> str | None:
    """Why no picture of that shape is painted; ``None`` where one is."""
    wanted = shape
    if wanted is None:
        ratio = ratio_of(str(request.options.get("aspect_ratio") or ""))
        wanted = Shape(*ratio, f"{ratio[0]:g}:{ratio[1]:g}") if ratio else None
    if wanted is None or wanted.possible:
        return None
    return say(
        "I cannot paint a picture of {shape}: none of mine is more than {n} times as long as it is "
        "wide. Say for example *a cat in {n}:1*.",
        shape=wanted.written, n=f"{LONGEST:g}",
    )  # fmt: skip


def limits(heard: Reading, shape: Shape | None) -> str:
    """What of counts and sizes was more than is painted; empty where nothing was."""
    told = []
    if heard.crowded:
        told.append(stopped(most_of_a_kind()))
    if shape is not None and shape.pixels and max(shape.wide, shape.high) > MOST_PX:
        told.append(say("{n} px on the longer side are the most I paint.", n=MOST_PX))
    return " ".join(told)
