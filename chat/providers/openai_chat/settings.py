"""What a request sets beside its messages: modalities, picture shape, tools."""

from typing import Any

from chat.core.calling import ANY_TOOL, ModelRequest, ToolSpec
from chat.providers.shared.requests.choices import chosen

_SHAPE = ("aspect_ratio", "image_size")


def drawing(request: ModelRequest) -> dict[str, Any]:
    """What asks for pictures, and their shape; what the card does not have is left out."""
    card = request.card
    if "image" not in card.output_modalities:
        return {}
    extra: dict[str, Any] = {"modalities": sorted(card.output_modalities)}
    values = chosen(request)
    shape = {name: values[name] for name in _SHAPE if name in values}
    if shape:
        extra["image_config"] = shape
    return extra


def tool_choice(must_call: str) -> str | dict[str, Any]:
    """Which tool has to be called."""
    if must_call == ANY_TOOL:
        return "required"
    return {"type": "function", "function": {"name": must_call}}


def tool(spec: ToolSpec) -> dict[str, Any]:
    """A function that the model may call."""
    return {
        "type": "function",
        "function": {
            "name": spec.name,
            "description": spec.description,
            "parameters": dict(spec.parameters),
        },
    }
