"""A conversation as what Imagen takes: the words of the last question, and a few settings."""

from dataclasses import dataclass

from google.genai import types

from chat.core.calling import ModelRequest
from chat.core.errors import CapabilityError
from chat.core.models import Endpoint
from chat.core.parts import Image, plain_text

N_MAX = 4
"""More pictures than this Imagen makes for nobody."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked, and whether something said before was left out of it."""

    words: str
    left_out: bool


def prompt(request: ModelRequest) -> Prompt:
    """The prompt of a request.

    Raises:
        CapabilityError: the last question holds a picture, or no words.
    """
    title = request.card.title
    questions = [message for message in request.messages if message.role == "user"]
    parts = questions[-1].parts if questions else ()
    if any(isinstance(part, Image) for part in parts):
        raise CapabilityError(
            f"{title} draws from words and cannot look at a picture. To edit one, choose a Gemini "
            "image model or an OpenAI image model."
        )
    words = plain_text(parts)
    if not words:
        raise CapabilityError(f"{title} draws from words. Say what it shall draw.")
    return Prompt(words, left_out=len(request.messages) > 1 or bool(request.system))


def config(request: ModelRequest, endpoint: Endpoint) -> types.GenerateImagesConfig:
    """The settings of a call; what the card does not have is left out."""
    card, chosen = request.card, request.options
    ratio, size = chosen.get("aspect_ratio"), chosen.get("image_size")
    return types.GenerateImagesConfig(
        number_of_images=count(request),
        aspect_ratio=ratio if ratio in card.aspect_ratios else None,
        image_size=size if size in card.image_sizes else None,
        person_generation=endpoint.options.get("person_generation"),
        output_mime_type=endpoint.options.get("output_mime_type"),
        include_rai_reason=True,
    )


def count(request: ModelRequest) -> int:
    """How many pictures are asked for: one, or as many as the option ``n`` says and may say."""
    wanted = request.options.get("n")
    if isinstance(wanted, str) and wanted.isascii() and wanted.isdecimal():
        wanted = int(wanted)
    if not isinstance(wanted, int):
        return 1
    return max(1, min(wanted, request.card.n_max, N_MAX))
