"""What the user chose for a picture, of what the model offers."""

from chat.core.calling import ModelRequest
from chat.core.parts import Json


def chosen(request: ModelRequest) -> dict[str, Json]:
    """What the user chose, by its name among the options: shape, size, quality and so on.

    What the card does not offer is left out: the option was chosen for another model.
    """
    card, options = request.card, request.options
    offered = {
        "aspect_ratio": card.aspect_ratios,
        "image_size": card.image_sizes,
        "quality": card.qualities,
        "background": card.backgrounds,
        "style": card.styles,
        "complexity": card.complexities,
        "output_format": card.output_formats,
        "person_generation": card.person_generations,
    }
    values = {name: options[name] for name, known in offered.items() if options.get(name) in known}
    unwanted = options.get("negative_prompt")
    if card.negative_prompt and isinstance(unwanted, str) and unwanted:
        values["negative_prompt"] = unwanted
    return values


def wants_search(request: ModelRequest) -> bool:
    """Whether the provider shall search the web while it answers."""
    return request.card.grounding and request.options.get("provider_search") is True
