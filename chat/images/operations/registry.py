"""The operations by name, their way out of JSON, and the work of the picture process on them."""

import json
from collections.abc import Mapping, Sequence
from importlib import import_module

from chat.core.errors import MediaRejected
from chat.core.parts import Json
from chat.images.limits import Limits
from chat.images.operations.operation import Operation

OPERATIONS = {
    "crop": "chat.images.operations.geometry:Crop",
    "turn": "chat.images.operations.geometry:Turn",
    "flip": "chat.images.operations.geometry:Flip",
    "rotate": "chat.images.operations.geometry:Rotate",
    "resize": "chat.images.operations.geometry:Resize",
    "extend": "chat.images.operations.geometry:Extend",
    "adjust": "chat.images.operations.tone:Adjust",
    "annotate": "chat.images.operations.annotate:Annotate",
    "cut_out": "chat.images.operations.cutout:CutOut",
    "caption": "chat.images.operations.caption:Caption",
    "convert": "chat.images.operations.convert:Convert",
}

MAX_RECIPE_CHARACTERS = 500_000
"""Of a recipe in JSON: some 40,000 points of freehand strokes. It is kept with its message."""
TOO_LONG = "There is too much in this edit. Apply a part of it first, or draw fewer strokes."


def operation_class(name: str) -> type[Operation]:
    """The class of that name.

    Raises:
        MediaRejected: there is none.
    """
    if name not in OPERATIONS:
        raise MediaRejected("This edit is not known here; a newer Easel may have made it.")
    module, _, class_name = OPERATIONS[name].partition(":")
    found: type[Operation] = getattr(import_module(module), class_name)
    return found


def from_json(stored: Json) -> Operation:
    """An operation from the form that :meth:`Operation.to_json` gives.

    Raises:
        MediaRejected: it is none, or its values are impossible.
    """
    if not isinstance(stored, Mapping) or not isinstance(stored.get("operation"), str):
        raise MediaRejected("An edit has a name and its values.")
    fields = {key: value for key, value in stored.items() if key != "operation"}
    return operation_class(stored["operation"]).from_fields(fields)


def recipe_from_json(stored: Sequence[Json]) -> list[Operation]:
    """Operations from a stored recipe.

    Raises:
        MediaRejected: one of them is not known or impossible, or they are too long.
    """
    if len(json.dumps(stored)) > MAX_RECIPE_CHARACTERS:
        raise MediaRejected(TOO_LONG)
    return [from_json(one) for one in stored]


def apply_task(
    job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.apply`; files: the picture, then the inputs."""
    from chat.images.pixels import Meaning
    from chat.images.raster import as_image, mask_file, read, to_srgb, write
    from chat.images.thumbnails import thumbnail

    picture = read(files[0], limits)
    inputs = dict(zip(job["inputs"], files[1:], strict=True))
    for operation in map(from_json, job["operations"]):
        picture = operation.apply(picture, inputs)
    data = write(picture)
    small = thumbnail(as_image(to_srgb(picture).pixels), Meaning())
    new_area = b"" if picture.new_area is None else mask_file(picture.new_area)
    found = {"width_px": picture.width, "height_px": picture.height, "note": picture.note}
    return found, [data, small, new_area]


def thumbnail_task(
    job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> tuple[dict[str, Json], list[bytes]]:
    """Do :meth:`chat.images.edits.ImageEditing.thumbnail`."""
    from chat.images.decoding import DecodedImage
    from chat.images.formats import JPEG, is_svg
    from chat.images.pixels import within
    from chat.images.thumbnails import thumbnail
    from chat.images.vector import drawn

    side_px = int(job["side_px"])
    decoded = DecodedImage(drawn(files[0]) if is_svg(files[0]) else files[0], limits)
    if decoded.form == JPEG:
        decoded.image.draft(None, within(decoded.image.size, 2 * side_px))
    decoded.load()
    return {}, [thumbnail(decoded.image, decoded.meaning, decoded.low, side_px)]
