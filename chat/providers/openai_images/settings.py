"""What goes along with a prompt: only what the card says the model takes.

Images wires differ in what they refuse: GPT image models ``response_format``, Imagen behind a
LiteLLM proxy ``quality``, Bedrock ``n``. So a card lists its parameters, an endpoint may give
values in its option ``extra_body``, and what a card does not list stays home.
Source: openai 3.52.0, LiteLLM 1.106.2 (2026-11-21).
"""

from collections.abc import Mapping
from typing import Any

from chat.core.calling import ModelRequest
from chat.core.models import Endpoint
from chat.providers.choices import chosen, wanted_pictures
from chat.providers.openai_images.sizes import best_size

PARTIAL_IMAGES = 2
"""Drafts of a streamed picture; each is billed as a few output tokens."""

_ONLY_GENERATE = frozenset({"moderation", "style"})
_ONLY_EDIT = frozenset({"input_fidelity", "strength"})
_ONLY_STREAM = frozenset({"partial_images"})


def streams(request: ModelRequest) -> bool:
    """Whether drafts are asked for: the card must stream and know what drafts are."""
    return request.card.stream and "partial_images" in request.card.images_parameters


def parameters(request: ModelRequest, endpoint: Endpoint, *, edit: bool) -> dict[str, Any]:
    """What to send beside model, prompt and pictures. The user's choice beats the endpoint's."""
    configured = endpoint.options.get("extra_body")
    values: dict[str, Any] = {"response_format": "b64_json", "partial_images": PARTIAL_IMAGES}
    values |= dict(configured) if isinstance(configured, Mapping) else {}
    values |= _chosen(request)
    unfit = _ONLY_GENERATE if edit else _ONLY_EDIT
    if not streams(request):
        unfit |= _ONLY_STREAM
    taken = request.card.images_parameters
    return {name: values[name] for name in values if name in taken and name not in unfit}


def _chosen(request: ModelRequest) -> dict[str, Any]:
    """What the user chose of what the card offers, shape and size also as pixels."""
    values = chosen(request)
    size = best_size(
        request.card.sizes, values.get("aspect_ratio", ""), values.get("image_size", "")
    )
    if size:
        values["size"] = size
    if (count := wanted_pictures(request)) > 1:
        values["n"] = count
    return values
