"""New pictures: a scene is announced, painted, and described, with the edits asked for at once."""

import re
from collections.abc import Iterator

from chat.core.calling import ModelRequest
from chat.sketch.answering.history import Before
from chat.sketch.answering.honesty import left_out, scene_ideas
from chat.sketch.answering.pieces import Piece
from chat.sketch.answering.repaint import developed, fresh_plan
from chat.sketch.answering.scenes import here_is
from chat.sketch.answering.smalltalk import unknown
from chat.sketch.editing.darkroom import told
from chat.sketch.reading.grammar import read
from chat.sketch.reading.orders import read_orders
from chat.sketch.reading.wishes import bare

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
_IN_SCENES = frozenset(("hour", "snow", "rain", "fog", "dye", "bright", "warm"))
"""Edits whose words describe a scene: the painter has seen to them."""


def new_picture(state: Before, request: ModelRequest) -> Iterator[Piece]:
    """Paint what the last words describe; says so where none of them is known."""
    quoted = re.compile(r"[\"“«„][^\"”»“]{1,200}[\"”»“]|\b(?:saying|says|that reads)\b.*")
    words = quoted.sub(" ", bare(state.text))
    heard = read(words)
    if heard.empty() and _OPEN.search(state.text[:400].lower()):
        heard = read(_IDEAS[state.seed % len(_IDEAS)])
    if heard.empty():
        yield unknown(state.text)
        return
    coloured = bool(re.search(r"\bblack (?:and|&) white [a-z]", words))
    orders = tuple(
        order
        for order in read_orders(state.text)
        if order.name not in _IN_SCENES and not (order.name == "grey" and coloured)
    )
    scene = heard.scene(state.seed)
    yield f"{here_is(scene)}:\n\n"
    shown, done = developed(fresh_plan(scene, request), orders)
    yield shown
    after = [told(done.said)] if done.said else []
    after += [f"{sentence}." for sentence in done.failed]
    after += [left_out(state.text)] if left_out(state.text) else []
    first, second, _ = scene_ideas(scene)
    after.append(f"You can go on from here: *{first}*, or *{second}*.")
    yield "\n\n" + " ".join(after)
