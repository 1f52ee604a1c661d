"""What a request sets beside its items: instructions, tools, how to draw, how to think.

Of an endpoint's options this wire knows ``image_tool``, a table that goes along with the drawing
tool as it is (``model``, ``moderation``, ``output_format``, ``partial_images`` ...), and
``include_thoughts``, which asks for summaries of the model's reasoning.
"""

from collections.abc import Mapping
from typing import Any

from chat.core.calling import ANY_TOOL, ModelRequest, ToolSpec
from chat.core.models import Endpoint
from chat.core.shapes import ratio_of
from chat.providers.shared.requests.choices import chosen, wants_search

PARTIAL_IMAGES = 2
"""Drafts of a streamed picture; each is billed as a few output tokens."""

LONG_SIDE_PX = 1536
SQUARE_PX = 1024
STEP_PX = 16
"""Both sides are multiples of it. Source: openai 3.52.0 (2026-11-21)."""


def settings(request: ModelRequest, endpoint: Endpoint, mask_url: str = "") -> dict[str, Any]:
    """The settings of a call; what the card does not have is left out.

    ``mask_url`` is a data URL, or empty where the last question has no mask.
    """
    told: dict[str, Any] = {}
    if request.system:
        told["instructions"] = request.system
    tools = [_function(spec) for spec in request.tools]
    drawn = request.card.output_modalities
    if "image" in drawn:
        mask = {"input_image_mask": {"image_url": mask_url}} if mask_url else {}
        tools.insert(0, _drawing(request, endpoint) | mask)
    if wants_search(request):
        tools.append({"type": "web_search"})
    if tools:
        told["tools"] = tools
    if drawn == ("image",):
        told["tool_choice"] = {"type": "image_generation"}
    if request.must_call:
        any_tool = request.must_call == ANY_TOOL
        named = {"type": "function", "name": request.must_call}
        told["tool_choice"] = "required" if any_tool else named
    if endpoint.options.get("include_thoughts") is True:
        told["reasoning"] = {"summary": "auto"}
        told["include"] = ["reasoning.encrypted_content"]
    return told


def _drawing(request: ModelRequest, endpoint: Endpoint) -> dict[str, Any]:
    values = chosen(request)
    tool: dict[str, Any] = {"type": "image_generation"}
    if request.card.stream:
        tool["partial_images"] = PARTIAL_IMAGES
    configured = endpoint.options.get("image_tool")
    tool |= dict(configured) if isinstance(configured, Mapping) else {}
    tool |= {name: values[name] for name in ("quality", "background") if name in values}
    if "image_size" in values:
        tool["size"] = values["image_size"]
    elif "aspect_ratio" in values:
        tool["size"] = pixels(values["aspect_ratio"])
    return tool


def pixels(aspect_ratio: str) -> str:
    """A size of this shape: ``16:9`` is ``1536x864``. What is no shape is left to the server."""
    ratio = ratio_of(aspect_ratio)
    if ratio is None:
        return "auto"
    across, down = ratio
    if across == down:
        return f"{SQUARE_PX}x{SQUARE_PX}"
    scale = LONG_SIDE_PX / max(across, down) / STEP_PX
    return f"{round(across * scale) * STEP_PX}x{round(down * scale) * STEP_PX}"


def _function(spec: ToolSpec) -> dict[str, Any]:
    return {
        "type": "function",
        "name": spec.name,
        "description": spec.description,
        "parameters": dict(spec.parameters),
        "strict": False,  # our schemas have optional arguments, which strict mode forbids
    }
