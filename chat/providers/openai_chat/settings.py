"""What a request sets beside its messages: modalities, picture shape, tools."""

from typing import Any

from chat.core.calling import ModelRequest, ToolSpec


def extra_body(request: ModelRequest) -> dict[str, Any] | None:
    """What the SDK's types do not foresee; what the card does not have is left out."""
    card = request.card
    if "image" not in card.output_modalities:
        return None
    extra: dict[str, Any] = {"modalities": sorted(card.output_modalities)}
    offered = {"aspect_ratio": card.aspect_ratios, "image_size": card.image_sizes}
    chosen = {
        option: request.options[option]
        for option, values in offered.items()
        if request.options.get(option) in values
    }
    if chosen:
        extra["image_config"] = chosen
    return extra


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
