"""A conversation as what Imagen takes: the words of the last question, and a few settings."""

from dataclasses import dataclass
from typing import Any

from google.genai import types

from chat.core.asked_pictures import pictures_asked
from chat.core.calling import ModelRequest
from chat.core.errors import CapabilityError
from chat.core.messages import last_question
from chat.core.models import Endpoint
from chat.core.parts import Image, plain_text
from chat.providers.shared.requests.choices import chosen
from chat.providers.shared.requests.masks import refuse_mask

N_MAX = 4
"""More pictures than this Imagen makes for nobody."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked, and whether something said before was left out of it."""

    words: str
    left_out: bool
    wanted: int = 1
    """How many pictures."""


def prompt(request: ModelRequest) -> Prompt:
    """The prompt of a request.

    Raises:
        CapabilityError: the last question holds a picture, or no words.
    """
    title = request.card.title
    question = last_question(request.messages)
    parts = question.parts if question else ()
    refuse_mask(request)
    if any(isinstance(part, Image) for part in parts):
        raise CapabilityError(
            f"{title} draws from words and cannot look at a picture. To edit one, choose a Gemini "
            "image model or an OpenAI image model."
        )
    words = plain_text(parts)
    if not words:
        raise CapabilityError(f"{title} draws from words. Say what it shall draw.")
    left_out = len(request.messages) > 1 or bool(request.system)
    return Prompt(words, left_out, wanted=min(pictures_asked(request.card, request.options), N_MAX))


def config(request: ModelRequest, asked: Prompt, endpoint: Endpoint) -> types.GenerateImagesConfig:
    """The settings of a call; what the card does not have is left out."""
    values: dict[str, Any] = chosen(request)
    return types.GenerateImagesConfig(
        number_of_images=asked.wanted,
        aspect_ratio=values.get("aspect_ratio"),
        image_size=values.get("image_size"),
        person_generation=values.get("person_generation")
        or endpoint.options.get("person_generation"),
        negative_prompt=values.get("negative_prompt"),
        output_mime_type=endpoint.options.get("output_mime_type"),
        include_rai_reason=True,
    )
