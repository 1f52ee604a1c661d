"""Edits of pixels: a photograph, a chart, or any picture that is no scene of ours.

Nothing is called edited unless pixels changed; what cannot be done is said, with what can.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from PIL import Image

from chat.core.calling import ModelRequest
from chat.core.errors import MediaRejected
from chat.core.languages import later, resaid, say
from chat.core.shapes import ratio_of
from chat.sketch.answering.history import Source
from chat.sketch.answering.honesty import at_a_loss, left_out, stood_in, unquoted
from chat.sketch.answering.pieces import Piece, Shown
from chat.sketch.answering.scenes import description
from chat.sketch.editing.darkroom import carried_out, hue_name, told
from chat.sketch.editing.opening import Opened, as_file, opened, uncovered
from chat.sketch.order import Order
from chat.sketch.painting.canvas import Canvas
from chat.sketch.painting.catalogue import CATALOGUE
from chat.sketch.painting.layout import laid_out
from chat.sketch.painting.picture import put
from chat.sketch.reading.grammar import read
from chat.sketch.reading.limits import beyond
from chat.sketch.reading.orders import read_orders
from chat.sketch.reading.shape import LONGEST, Shape, shape_of
from chat.sketch.scene import Scene
from chat.sketch.tongues.naming import named, stopped

_ADDING = re.compile(r"\b(?:add|put|place|include|insert|paint|draw|with|give)\b")
_EDITED = later("edited")
DAMAGED = later("Please attach it again, as PNG or JPEG.")


def edit_pixels(source: Source, text: str, seed: int, request: ModelRequest) -> Iterator[Piece]:
    """Change one picture as told, or say what cannot be done and show nothing."""
    shape, text = shape_of(text)
    words, refused = beyond(text, painted=False)
    refused = (*refused, *unquoted(words))
    orders, scene = read_orders(words), _addition(words, seed)
    if shape is not None:
        orders, refused = _shaped(shape, orders, refused)
    try:
        picture = opened(source.data)
    except MediaRejected as refusal:
        yield f"{resaid(str(refusal))} {say(DAMAGED)}"
        return
    image, alpha = picture.image, picture.alpha
    said: tuple[str, ...] = ()
    if scene.things:
        painted = _with_things(image, scene)
        alpha = alpha and uncovered(alpha, image, painted)
        image = painted
        what = description(replace(scene, land=(), time="", weather=frozenset()))
        said = (say("painted {things} over it", things=what),)
    done = carried_out(image, orders, seed, alpha)
    said, failed = (*said, *done.said), (*refused, *done.failed)
    if not said:
        yield at_a_loss(source, words if refused else text, failed)
        return
    yield say("Here is the picture, edited:") + "\n\n"
    data = as_file(done.image, done.alpha, picture.form)
    yield Shown(data, f"{_subject(source)}, {say(_EDITED)}: {'; '.join(said)}.")
    sentences = [
        stood_in(_replaced(words, scene)),
        told(said),
        *(stopped(sentence) for sentence in failed),
        left_out(words),
        _unlike(done.image.size, orders, request),
    ]
    yield "\n\n" + " ".join(each for each in sentences if each) + _reduced(picture)


def _shaped(
    shape: Shape, orders: tuple[Order, ...], refused: tuple[str, ...]
) -> tuple[tuple[Order, ...], tuple[str, ...]]:
    """A picture that is there is cropped to a shape, and brought to the pixels that were named."""
    if not shape.possible:
        why = say(
            "I cannot make it {shape}: nothing is cropped beyond {n}:1",
            shape=shape.written,
            n=f"{LONGEST:g}",
        )
        return orders, (*refused, why)
    orders = (*orders, Order("crop", shape.wide / shape.high))
    if shape.pixels:
        orders = (*orders, Order("resize", text=f"{shape.wide:.0f}x{shape.high:.0f}"))
    return orders, refused


def _replaced(words: str, scene: Scene) -> dict[str, str]:
    """What was painted over the picture in place of something else."""
    painted = {thing.kind for thing in scene.things}
    return {word: kind for word, kind in read(words).stood_in.items() if kind in painted}


def _unlike(size_px: tuple[int, int], orders: tuple[Order, ...], request: ModelRequest) -> str:
    """Says that a picture keeps its shape, where the settings ask for another."""
    wanted = ratio_of(str(request.options.get("aspect_ratio") or ""))
    if wanted is None or any(order.name in {"crop", "resize", "rotate"} for order in orders):
        return ""
    if abs(size_px[0] / size_px[1] / (wanted[0] / wanted[1]) - 1) < 0.02:
        return ""
    ratio = f"{wanted[0]:g}:{wanted[1]:g}"
    return say(
        "It keeps its shape; *crop to {ratio}* gives it the one of your settings.", ratio=ratio
    )


def looked_at(source: Source) -> str:
    """What rules can tell of a picture: its size and its colour; not what it shows."""
    try:
        image = opened(source.data).image
    except MediaRejected as refusal:
        return f"{resaid(str(refusal))} {say(DAMAGED)}"
    red, green, blue = image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))  # type: ignore[misc]
    light = (
        "dark" if max(red, green, blue) < 90 else "bright" if min(red, green, blue) > 170 else ""
    )
    tone = named(" ".join(word for word in (light, hue_name((red, green, blue))) if word))
    told = say(
        "I follow rules and cannot recognise what a picture shows. It measures {width}×{height} "
        "px, and its average colour is {colour}.",
        width=image.width, height=image.height, colour=tone,
    )  # fmt: skip
    known = say("I was told that it shows this: {words}", words=source.alt) if source.alt else ""
    return f"{told} {known}".strip() + "\n\n"


def _addition(words: str, seed: int) -> Scene:
    """What is to be painted over the picture; a scene without things where nothing is."""
    heard = read(words)
    adds = bool(_ADDING.search(words.lower())) or bool(re.search(r"\bmore\b", words.lower()))
    bordered = any(
        order.name in {"dye", "crop", "resize", "rotate"} for order in read_orders(words)
    )
    if not adds or bordered:
        return Scene()
    heard.things = [replace(t, relation="", anchor="") for t in heard.things if t.kind in CATALOGUE]
    return replace(heard.scene(seed), land=("meadow",))


def _with_things(under: Image.Image, scene: Scene) -> Image.Image:
    """Things painted over a picture that is not a scene of ours."""
    image = under.copy()
    canvas = Canvas(image)
    for placement in laid_out(scene, image.width / image.height, 0.58):
        if placement.kind in CATALOGUE:
            put(canvas, placement)
    return image


def _subject(source: Source) -> str:
    """What the picture was before any edit: descriptions do not grow from edit to edit."""
    edited = "|".join(re.escape(each) for each in {_EDITED, say(_EDITED)})
    before = re.split(rf",? (?:{edited}): ", source.alt)[0].rstrip(".")[:200]
    return before or say("The picture")


def _reduced(picture: Opened) -> str:
    if not picture.reduced:
        return ""
    return " " + say("I worked at {n} px on the longer side.", n=max(picture.image.size))
