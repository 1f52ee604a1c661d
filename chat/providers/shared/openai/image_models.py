"""What a server tells of its picture models at ``/images/models``, parameter by parameter.

    {"id": "black-forest-labs/flux.2-pro",
     "supported_parameters": {"aspect_ratio": {"type": "enum", "values": ["1:1", "16:9"]},
                              "n": {"type": "range", "min": 1, "max": 4},
                              "input_references": {"type": "range", "min": 0, "max": 8},
                              "seed": {"type": "boolean"}}}

A parameter that is not there is refused. Source: OpenRouter's “Image Generation” (2026-11-29).
"""

from collections.abc import Mapping
from typing import Any

MAX_VALUES = 40
MAX_VALUE_CHARS = 40
MOST_PICTURES = 4
"""Of one request, however many a model makes."""

_CHOICES = {
    "aspect_ratio": "aspect_ratios",
    "resolution": "image_sizes",
    "quality": "qualities",
    "background": "backgrounds",
    "output_format": "output_formats",
    "style": "styles",
}
"""Parameters with values to choose from, and what a card calls those."""

_LEFT_TO_THE_SERVER = "auto"


def described_parameters(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a card says of such a model, by the names of a card."""
    stated = row.get("supported_parameters")
    parameters = stated if isinstance(stated, Mapping) else {}
    facts: dict[str, Any] = {"stream": False, "output_modalities": ("image",)}
    taken = ["resolution"] if "resolution" in parameters else []
    for name, known_as in _CHOICES.items():
        if values := _values(parameters.get(name)):
            facts[known_as] = values
            taken.append(name)
    if (most := _most(parameters.get("n"))) > 1:
        facts["n_max"] = min(most, MOST_PICTURES)
        taken.append("n")
    if "negative_prompt" in parameters:
        facts["negative_prompt"] = True
        taken.append("negative_prompt")
    references = _most(parameters.get("input_references"))
    facts["input_modalities"] = ("text", "image") if references else ("text",)
    if references:
        facts["max_input_images"] = references
    facts["images_parameters"] = tuple(dict.fromkeys(taken))
    return facts


def _values(descriptor: object) -> tuple[str, ...]:
    """The values of an ``enum`` that a menu can show, but “auto”, which chooses nothing."""
    listed = descriptor.get("values") if isinstance(descriptor, Mapping) else None
    values = listed[:MAX_VALUES] if isinstance(listed, list) else []
    return tuple(
        value
        for value in values
        if isinstance(value, str)
        and 0 < len(value) <= MAX_VALUE_CHARS
        and value.isprintable()
        and value != _LEFT_TO_THE_SERVER
    )


def _most(descriptor: object) -> int:
    """The end of a ``range``; 0 where there is none."""
    most = descriptor.get("max") if isinstance(descriptor, Mapping) else None
    return most if isinstance(most, int) and not isinstance(most, bool) and most > 0 else 0
