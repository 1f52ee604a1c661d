"""What goes along with a prompt: only what the card says the model takes.

Images wires differ in what they refuse: GPT image models ``response_format``, Imagen behind a
LiteLLM proxy ``quality``, Bedrock ``n``. So a card lists its parameters, an endpoint may give
values in its option ``extra_body``, and what a card does not list stays home.
Source: openai 3.52.0, LiteLLM 1.106.2 (2026-11-21).
"""

from collections.abc import Mapping
from typing import Any

from chat.core.asked_pictures import pictures_asked
from chat.core.calling import ModelRequest
from chat.core.conversation_settings import FRAMES
from chat.core.errors import CapabilityError
from chat.core.models import Endpoint
from chat.core.shapes import pixels_of
from chat.providers.openai_images.sizes import size_asked
from chat.providers.shared.requests.choices import chosen

PARTIAL_IMAGES = 2
"""Drafts of a streamed picture; each is billed as a few output tokens."""

_ONLY_GENERATE = frozenset({"moderation", "style"})
_ONLY_EDIT = frozenset({"input_fidelity", "strength"})
_ONLY_STREAM = frozenset({"partial_images"})
_COMPRESSED = frozenset({"webp", "jpeg"})
_IN_ONE_PIECE = frozenset({"svg", "gif"})
"""Formats that come without drafts; an SVG also comes alone. Source: openai 3.57.0 (2026-11-29)."""


def streams(request: ModelRequest) -> bool:
    """Whether drafts are asked for: the card must stream and know what drafts are."""
    if chosen(request).get("output_format") in _IN_ONE_PIECE:
        return False
    return request.card.stream and "partial_images" in request.card.images_parameters


def parameters(request: ModelRequest, endpoint: Endpoint, *, edit: bool) -> dict[str, Any]:
    """What to send beside model, prompt and pictures. The user's choice beats the endpoint's."""
    configured = endpoint.options.get("extra_body")
    values: dict[str, Any] = {"response_format": "b64_json", "partial_images": PARTIAL_IMAGES}
    values |= dict(configured) if isinstance(configured, Mapping) else {}
    values |= _chosen(request)
    if endpoint.options.get("one_route") is not True and "resolution" in values:
        values["resolution"] = str(values["resolution"]).lower()  # as xAI writes it
    card = request.card
    if edit and card.edit_parameters is not None:
        taken, unfit = card.edit_parameters, frozenset[str]()
    else:
        taken, unfit = card.images_parameters, _ONLY_GENERATE if edit else _ONLY_EDIT
    if not streams(request):
        unfit |= _ONLY_STREAM
    if "output_format" in taken:
        unfit |= _beside(str(values.get("output_format", "")))
    if "safety_identifier" in taken:
        unfit |= {"user"}  # the older name of the same
    return {name: values[name] for name in values if name in taken and name not in unfit}


def _beside(output_format: str) -> frozenset[str]:
    """What pictures of a format cannot have."""
    unfit = {"output_compression"} if output_format not in _COMPRESSED else set()
    if output_format == "jpeg":
        unfit.add("background")  # it knows no transparency
    return frozenset(unfit) if output_format else frozenset()


def _chosen(request: ModelRequest) -> dict[str, Any]:
    """What the user chose of what the card offers, shape and size also as pixels.

    Raises:
        CapabilityError: a size that the model does not draw.
    """
    values: dict[str, Any] = chosen(request)
    if size := _size(request):
        values["size"] = size
    if (count := pictures_asked(request.card, request.options)) > 1:
        values["n"] = count
    if values.get("image_size"):
        values["resolution"] = values["image_size"]
    frames = request.options.get("frame_count")
    if values.get("output_format") == "gif" and frames in {str(count) for count in FRAMES}:
        values["frame_count"] = int(str(frames))
    name = request.options.get("safety_identifier")
    if isinstance(name, str) and name:
        values["safety_identifier"] = values["user"] = name
    return values


def _size(request: ModelRequest) -> str:
    card, asked = request.card, size_asked(request.card, request.options)
    sides = pixels_of(asked) if asked == request.options.get("pixels") else None
    wrong = card.size_limits.wrong_with(*sides) if card.size_limits and sides else ""
    if wrong:
        raise CapabilityError(
            f"{card.title} does not draw {asked}: it {wrong}. Choose another size."
        )
    return asked
