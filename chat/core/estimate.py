"""What a question may cost, before it is asked. Pure: no provider is called for it.

Counted is what would be sent: the words and pictures of the prepared messages. Assumed is what
may come back, because nobody can know it:

* A token is four bytes of UTF-8: four letters of English, one and a half signs of Chinese.
* A picture sent is counted by the rule of its model, see :mod:`chat.core.picture_tokens`. One made
  is 747 at 512 pixels, 1,120 at 1K, 1,680 at 2K and
  2,520 at 4K, as Gemini 3.1 Flash Image counts them; 1K is taken where no size is chosen.
  Source: https://docs.cloud.google.com/vertex-ai/generative-ai/docs/models/gemini/3-1-flash-image
  (2026-11-26). They agree with the prices for a picture in LiteLLM's cost map 1.106.2: 0.0672,
  0.134 and 0.0336 USD at 60, 120 and 30 USD for a million tokens (2026-11-21).
* Where a model has qualities, a picture of 1K is 272 tokens at low, 1,056 at medium and 7,024
  at high or above, and medium is taken where none is chosen: GPT Image charges 0.011 and 0.042
  USD at 40 USD for a million tokens, and GPT Image 2 counts 7,024. Source:
  https://community.openai.com/t/livestream-starting-now-chatgpt-images-2-0/1379464 (2026-11-26).
* Words around a picture are 150 tokens, an answer in words alone is 400; no thinking, no second
  round for tools, nothing from a cache.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from chat.core.asked_pictures import pictures_asked, requests_for
from chat.core.calling import Speech
from chat.core.messages import Message, Usage
from chat.core.models import ModelCard, price
from chat.core.parts import Image, Json, MediaRef, Part, Text, ToolResult, images, pictures

TOKEN_BYTES = 4
PICTURE_MADE_TOKENS = 1_120
BY_SIZE = {"512": 747 / 1_120, "1K": 1.0, "2K": 1.5, "4K": 2.25}
"""How many times as many tokens a picture is at this size as at 1K."""

BY_QUALITY = {"low": 272, "medium": 1_056}
BEST_QUALITY_TOKENS = 7_024
WORDS_BESIDE_TOKENS = 150
ANSWER_TOKENS = 400
SPEECH_TOKENS_A_S = 32
"""Of a second of speech, as Gemini counts it; OpenAI counts less. Source:
https://ai.google.dev/gemini-api/docs/audio (2026-11-30)."""
WRITTEN_TOKENS_A_S = 5
"""What a second of speech is, written down: two or three words."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is expected of one question and its reply."""

    cost_usd: float | None
    """``None`` is unknown, never free."""
    usage: Usage
    pictures_sent: int
    pictures_made: int


def estimate(
    card: ModelCard,
    messages: Sequence[Message],
    system: str = "",
    options: Mapping[str, Json] | None = None,
) -> Estimate:
    """What asking this model may cost.

    Args:
        card: the model that would be asked.
        messages: what it would be told, as ``chat.turns.request.prepare`` leaves it, the question
            last; a model without history is told the question alone.
        system: what is said to the model before everything.
        options: the settings of pictures that the conversation has chosen.
    """
    told = messages if card.history else messages[-1:]
    parts = [part for message in told for part in message.parts]
    sent = images(parts)
    made = pictures_made(card, options or {})
    spoken = len(system.encode("utf-8", "replace")) + sum(map(_bytes, parts))
    usage = Usage(
        input_text_tokens=-(-spoken // TOKEN_BYTES),
        input_image_tokens=sum(picture_tokens(card, image.media) for image in sent),
        output_text_tokens=_words_made(card),
        output_image_tokens=made * _tokens_made(card, options or {}),
    )
    return Estimate(price(usage, card.prices, made), usage, len(sent), made)


def estimate_speech(card: ModelCard, speech: Speech) -> Estimate:
    """What it may cost to have this model write down what was said."""
    usage = Usage(
        output_text_tokens=ceil(speech.length_s * WRITTEN_TOKENS_A_S),
        input_audio_tokens=ceil(speech.length_s * SPEECH_TOKENS_A_S),
    )
    return Estimate(price(usage, card.prices, speech_s=speech.length_s), usage, 0, 0)


def picture_tokens(card: ModelCard, picture: MediaRef) -> int:
    """How many tokens a picture is that this model is shown."""
    return card.picture_tokens.of(picture.width_px, picture.height_px)


def estimate_replies(
    card: ModelCard,
    messages: Sequence[Message],
    system: str = "",
    options: Mapping[str, Json] | None = None,
    replies: int = 1,
) -> tuple[Estimate, ...]:
    """The same of each request that is sent for several replies to the question."""
    options = options or {}
    shown = bool(messages) and bool(pictures(messages[-1].parts))
    counts = requests_for(card, options, replies, shown=shown)
    if max(counts) == 1:
        return (estimate(card, messages, system, options),) * len(counts)
    return tuple(estimate(card, messages, system, {**options, "n": str(count)}) for count in counts)


def picture_usd(card: ModelCard) -> float | None:
    """What one picture may cost as it is made when nothing is chosen; ``None`` is unknown."""
    usage = Usage(output_image_tokens=_tokens_made(card, {}))
    return price(usage, card.prices, 1)


def pictures_made(card: ModelCard, options: Mapping[str, Json]) -> int:
    """How many pictures the reply will hold, if it goes as usual."""
    if "image" not in card.output_modalities:
        return 0
    return pictures_asked(card, options)


def _tokens_made(card: ModelCard, options: Mapping[str, Json]) -> int:
    """Tokens of one picture, by the size and quality that are chosen and that the model has."""
    size, quality = options.get("image_size"), options.get("quality")
    times = BY_SIZE.get(size, 1.0) if size in card.image_sizes else 1.0
    if not card.qualities:
        return round(PICTURE_MADE_TOKENS * times)
    known = quality if quality in card.qualities else "medium"
    return round(BY_QUALITY.get(known, BEST_QUALITY_TOKENS) * times)


def _words_made(card: ModelCard) -> int:
    if "text" not in card.output_modalities:
        return 0
    return WORDS_BESIDE_TOKENS if "image" in card.output_modalities else ANSWER_TOKENS


def _bytes(part: Part) -> int:
    """How long the words of a part are as UTF-8."""
    if isinstance(part, Text):
        return len(part.text.encode("utf-8", "replace"))
    if isinstance(part, ToolResult):
        return sum(_bytes(item) for item in part.content if not isinstance(item, Image))
    return 0
