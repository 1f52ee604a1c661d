"""What LiteLLM's backends can do, as far as their names and a configuration tell.

A table, and how to look into it. What a proxy's images route takes is listed by family, because
it refuses the whole request for one parameter too many.

Source: LiteLLM 1.110.2, each row tried through a proxy (2026-11-29).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Role: TypeAlias = Literal["pictures", "draws", "writes", "other"]
"""Only pictures; words and pictures; words; no business of Easel's."""

_ROLES: Mapping[str, Role] = {
    "image_generation": "pictures",
    "image_edit": "pictures",
    "chat": "writes",
    "completion": "writes",
    "responses": "writes",
}
"""By the mode that a configuration states; any other mode is no business of Easel's."""

_OTHER_WORDS = ("embed", "whisper", "tts", "transcribe", "rerank", "moderation", "realtime")
_WIDE = ("1024x1024", "1792x1024", "1024x1792")
_GPT_SIZES = ("1024x1024", "1536x1024", "1024x1536")
_STABILITY_RATIOS = ("1:1", "2:3", "3:2", "4:5", "5:4", "9:16", "16:9", "9:21", "21:9")
_GPT_PARAMETERS = (
    "size",
    "n",
    "quality",
    "background",
    "output_format",
    "output_compression",
    "moderation",
    "user",
)
_BACKGROUNDS = ("opaque", "transparent")
_FIVE = ("low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True, slots=True)
class Family:
    """Picture models whose names have one of these words, and what their images route takes."""

    words: tuple[str, ...]
    parameters: tuple[str, ...]
    sizes: tuple[str, ...] = ()
    aspect_ratios: tuple[str, ...] = ()
    edits: bool = False
    """Takes pictures to change."""
    edit_parameters: tuple[str, ...] | None = None
    """For changing one; ``None``: those of drawing one."""
    most_inputs: int = 0
    """How many pictures it looks at; the rest a proxy leaves out unsaid. 0: not known."""
    n_max: int = 1
    qualities: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    complexities: tuple[str, ...] = ()
    backgrounds: tuple[str, ...] = ()
    negative_prompt: bool = False

    def facts(self, *, edits: bool = False) -> dict[str, Any]:
        """What is known, by the names of a card; what is not known is left out.

        Args:
            edits: a proxy or its configuration says that this model takes pictures to change.
        """
        edits = edits or self.edits
        known: dict[str, Any] = {
            "output_modalities": ("image",),
            "input_modalities": ("text", "image") if edits else ("text",),
            "stream": False,  # the proxy streams no pictures
            "images_parameters": self.parameters,
        }
        if edits and self.edit_parameters is not None:
            known["edit_parameters"] = self.edit_parameters
        more: dict[str, Any] = {
            "sizes": self.sizes,
            "aspect_ratios": self.aspect_ratios,
            "qualities": self.qualities,
            "styles": self.styles,
            "complexities": self.complexities,
            "backgrounds": self.backgrounds,
            "max_input_images": self.most_inputs,
            "n_max": self.n_max if self.n_max > 1 else 0,
            "negative_prompt": self.negative_prompt,
        }
        return known | {name: value for name, value in more.items() if value}


FAMILIES = (
    Family(("imagen", "imagegeneration"), ("size", "n"), _WIDE, ("1:1", "16:9", "9:16"), n_max=4),
    Family(
        ("gpt-image-2.6",),
        (*_GPT_PARAMETERS, "complexity"),
        _GPT_SIZES,
        ("1:1", "3:2", "2:3"),
        edits=True,
        n_max=4,
        qualities=_FIVE,
        complexities=("low", "medium", "high"),
        backgrounds=_BACKGROUNDS,
    ),
    Family(
        ("gpt-image-2.5",),
        _GPT_PARAMETERS,
        _GPT_SIZES,
        ("1:1", "3:2", "2:3"),
        edits=True,
        n_max=4,
        qualities=_FIVE,
        backgrounds=_BACKGROUNDS,
    ),
    Family(
        ("gpt-image", "chatgpt-image"),
        _GPT_PARAMETERS,
        _GPT_SIZES,
        ("1:1", "3:2", "2:3"),
        edits=True,
        n_max=4,
        qualities=("low", "medium", "high"),
        backgrounds=_BACKGROUNDS,
    ),
    Family(
        ("dall-e-3", "dalle-3"),
        ("size", "n", "quality", "style", "response_format", "user"),
        _WIDE,
        ("1:1", "16:9", "9:16"),
        qualities=("standard", "hd"),
        styles=("vivid", "natural"),
    ),
    Family(
        ("dall-e", "dalle"),
        ("size", "n", "response_format", "user"),
        ("1024x1024", "512x512"),
        ("1:1",),
        edits=True,
        edit_parameters=("size", "n", "response_format"),
        n_max=4,
    ),
    Family(
        ("stable-image", "stability.sd3"),
        ("aspect_ratio", "negative_prompt"),
        (),
        _STABILITY_RATIOS,
        negative_prompt=True,
    ),
    Family(("stability.stable-diffusion",), ("size",), ("1024x1024",), ("1:1",)),
    # It makes one picture however many are asked for.
    Family(
        ("stability/",),
        ("aspect_ratio", "negative_prompt"),
        (),
        _STABILITY_RATIOS,
        negative_prompt=True,
    ),
    Family(
        ("nova-canvas",),
        ("size", "n", "quality"),
        ("1024x1024", "1280x720", "720x1280"),
        ("1:1", "16:9", "9:16"),
        edits=True,
        edit_parameters=("n",),
        n_max=4,
        qualities=("standard", "premium"),
    ),
    # It refuses a size where a picture is changed.
    Family(
        ("recraft",),
        ("size", "n", "style", "response_format", "negative_prompt"),
        ("1024x1024",),
        edits=True,
        edit_parameters=("n", "style", "response_format", "negative_prompt"),
        most_inputs=1,
        n_max=4,
        styles=("realistic_image", "digital_illustration", "vector_illustration"),
        negative_prompt=True,
    ),
    Family(
        ("flux.2", "flux-2"),
        ("size", "n", "output_format"),
        ("1024x1024", "1536x1024", "1024x1536", "1344x768", "768x1344"),
        ("1:1", "3:2", "2:3", "16:9", "9:16"),
        edits=True,
        edit_parameters=("size", "n"),
        n_max=4,
    ),
    Family(
        ("qwen-image-edit",),
        ("size", "n"),
        ("1024x1024", "1536x1024", "1024x1536", "1536x864", "864x1536"),
        ("1:1", "3:2", "2:3", "16:9", "9:16"),
        edits=True,
        n_max=4,
    ),
    Family(
        ("qwen-image",),
        ("size", "n"),
        ("1024x1024", "1536x1024", "1024x1536", "1536x864", "864x1536"),
        ("1:1", "3:2", "2:3", "16:9", "9:16"),
        n_max=4,
    ),
    Family(
        ("seedream",),
        ("size", "n", "response_format"),
        ("2048x2048", "2560x1440", "1440x2560", "2304x1728", "1728x2304"),
        ("1:1", "16:9", "9:16", "4:3", "3:4"),
    ),
    Family(
        ("grok-imagine", "grok-2-image"),
        ("aspect_ratio", "n", "response_format"),
        (),
        ("1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "1:2", "2:1"),
        n_max=4,
    ),
    Family(("xinference/", "nscale/"), ("size", "n", "response_format"), ("1024x1024",), n_max=4),
    Family(("kontext",), ("size", "n"), edits=True),
    Family(
        (
            *("stable-diffusion", "sdxl", "flux", "titan-image", "ideogram", "z-image", "hidream"),
            *("hunyuanimage", "hunyuan-image", "glm-image", "cogview", "kolors", "kandinsky"),
            *("playground-v", "midjourney", "longcat-image", "mai-image", "muse-image"),
        ),
        ("size", "n"),
    ),
)
ANY_FAMILY = Family((), ("size", "n"), ("1024x1024",))
"""A server of one's own behind the proxy: what it takes beyond this, only its owner knows."""


def role_of(backend: str, mode: str) -> Role:
    """What a backend is good for, by its name and the mode that was stated, if any.

    Gemini's picture models are stated as image generation, and yet they converse.
    """
    name = backend.lower()
    if any(word in name for word in _OTHER_WORDS):
        return "other"
    if is_gemini(name) and ("image" in name or "banana" in name):
        return "draws"
    if mode:
        return _ROLES.get(mode, "other")
    return "writes" if family_of(name) is ANY_FAMILY else "pictures"


def is_gemini(backend: str) -> bool:
    """Whether Google's own wire leads to it, through the proxy's native route."""
    provider, _, name = backend.lower().rpartition("/")
    return provider in {"gemini", "vertex_ai"} and ("gemini" in name or "banana" in name)


_SECOND_GENERATION = re.compile(r"gemini-(?:[12](?![0-9])|exp|(?:pro|flash)(?!-(?:lite-)?latest))")


def wants_signatures(backend: str) -> bool:
    """Whether it is a Gemini that wants its words, calls and pictures back signed.

    That is the third generation and what came after it, on AI Studio; Google Cloud wants calls
    alone signed, and LiteLLM sees to that.
    """
    provider, _, name = backend.lower().rpartition("/")
    return provider == "gemini" and is_gemini(backend) and not _SECOND_GENERATION.match(name)


def family_of(backend: str) -> Family:
    """Whose parameters its images route takes."""
    name = backend.lower()
    return next((f for f in FAMILIES if any(word in name for word in f.words)), ANY_FAMILY)


_PRICES = {
    "input_cost_per_token": "input_text_usd",
    "input_cost_per_image_token": "input_image_usd",
    "output_cost_per_token": "output_text_usd",
    "output_cost_per_image_token": "output_image_usd",
    "cache_read_input_token_cost": "cached_input_usd",
}


def prices_in(*tables: Mapping[str, Any]) -> dict[str, float]:
    """The prices that a configuration states, the first table's first, as our rows write them."""
    found: dict[str, float] = {}
    for table in tables:
        for theirs, ours in _PRICES.items():
            if (usd := _usd(table.get(theirs), 1_000_000)) is not None:
                found.setdefault(ours, round(usd, 6))
        if (usd := _usd(table.get("output_cost_per_image"), 1)) is not None:
            found.setdefault("per_image_usd", usd)
    return found


def _usd(cost: object, units: int) -> float | None:
    """What so many cost, also where YAML takes ``3e-7`` for a text; no price is a million."""
    if isinstance(cost, bool) or not isinstance(cost, int | float | str):
        return None
    try:
        usd = float(cost) * units
    except (ValueError, OverflowError):
        return None
    return usd if 0 <= usd < 1_000_000 else None
