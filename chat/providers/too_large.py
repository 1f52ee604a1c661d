"""Recognises a refusal because a request holds too much: by its code, its status, its figures.

Few servers have a code for it. Google says ``INVALID_ARGUMENT`` to everything, OpenAI and Azure
say ``invalid_request_error`` to too many pictures, and proxies hide the refusal of another server
inside their own. So under a status that refuses the request as it stands, the sentence is read
too, but only in the forms that servers make with their figures; what is said in other words stays
a plain refusal.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from chat.core.errors import Measure

READ_CHARS = 2_000
"""So much of a sentence is read; what matters stands at its beginning."""

NESTED_CHARS = 20_000
"""A larger refusal inside another one is not unpacked."""

_TOKENS = {
    "contextlengthexceeded",  # OpenAI, Azure, OpenRouter
    "stringabovemaxlength",  # OpenAI
    "exceedcontextsize",  # llama.cpp
    "contextwindowexceeded",  # LiteLLM
    "modelcontextwindowexceeded",
    "contexttoolarge",
    "contexttoolong",
    "prompttoolong",
    "prompttoolarge",
    "inputtoolong",
    "inputtoolarge",
    "tokenlimitexceeded",
    "tokenslimitreached",  # GitHub Models
    "modelmaxprompttokensexceeded",  # GitHub Copilot
}
_PICTURES = {"toomanyimages", "toomanyinputimages", "maximagesexceeded", "imagelimitexceeded"}
_BYTES = {
    "requesttoolarge",  # Anthropic
    "requestentitytoolarge",
    "entitytoolarge",  # Express
    "payloadtoolarge",
    "contenttoolarge",
    "bodytoolarge",
}
_CODES: dict[str, Measure] = {
    **dict.fromkeys(_TOKENS, "tokens"),
    **dict.fromkeys(_PICTURES, "pictures"),
    **dict.fromkeys(_BYTES, "bytes"),
}
"""Codes and types that servers give, in small letters, without signs and a closing "error"."""

_NO_LETTER = re.compile(r"[^a-z0-9]")

_IMAGES = r"(?:images?\b|image\(s\)|pictures?\b)"
_FORMS: tuple[tuple[Measure, str], ...] = (
    # OpenAI, new-api, GitHub Copilot; Anthropic adds documents to them.
    ("pictures", rf"\btoo many (?:input )?{_IMAGES}"),
    ("pictures", r"\btoo much media: [^.]{0,60}\bimages > \d+"),
    # Azure, MiniMax
    ("pictures", rf"\bexceed\w* (?:the )?(?:max\w* )?number of (?:input )?{_IMAGES}"),
    ("pictures", rf"\bcontains \d+ {_IMAGES},? exceed"),
    ("pictures", rf"\bnumber of (?:input )?{_IMAGES}[^.]{{0,40}}\bexceeds\b"),
    # vLLM
    ("pictures", rf"\bat most \d+ (?:input )?{_IMAGES} (?:may be|can be|are|is)\b"),
    # Google: AI Studio, Vertex AI
    ("pictures", rf"\bfewer than \d+ {_IMAGES} in your request"),
    ("pictures", r"\bhas \d+ (?:image|media) files? but the model only supports up to \d+"),
    # Others, and OpenAI's images wire under a code of arrays
    ("pictures", rf"\bsupports (?:up to|at most|only|a maximum of) \d+ (?:input )?{_IMAGES}"),
    ("pictures", r"\bInvalid 'images?': array too long\b"),
    ("pictures", r"\bexceed max allowed size for many-image requests\b"),
    # Google
    ("bytes", r"\brequest payload size exceeds the limit\b"),
    # OpenAI, Anthropic
    ("bytes", r"\bmaximum content size limit \(\d+\) exceeded"),
    ("bytes", r"\brequest exceeds the maximum (?:allowed )?(?:size|number of bytes)\b"),
    # Google
    ("tokens", r"\binput token count (?:\(\d+\) )?exceeds the maximum number of tokens\b"),
    # OpenAI, OpenRouter, vLLM, xAI: with what was asked beside what is taken
    (
        "tokens",
        r"\bmaximum (?:context|prompt|input) length is \d+[^;]{0,80}?\b\d+ (?:input )?tokens",
    ),
    ("tokens", r"\binput tokens exceed the configured limit of \d+"),
    # Anthropic
    ("tokens", r"\bprompt is too long: \d+ tokens > \d+"),
    ("tokens", r"\bexceed context limit: \d+ \+ \d+ > \d+"),
    # Mistral, llama.cpp, Cerebras, Moonshot, Ollama, Bedrock
    ("tokens", r"\b\d+ tokens[^.]{0,40}, too large for model with \d+ maximum context length"),
    ("tokens", r"\brequest (?:\(\d+ tokens\) )?exceeds the available context size\b"),
    ("tokens", r"\bcurrent length is \d+ while limit is \d+"),
    ("tokens", r"\bexceeded model token limit: \d+"),
    ("tokens", r"\binput is too long for requested model\b"),
    # LiteLLM names its class first, and gives no other sign of it
    ("tokens", r"\blitellm\.ContextWindowExceededError: "),
)
"""What servers say, from the sources and the reports of each."""

_SENTENCES = tuple((measure, re.compile(form, re.IGNORECASE)) for measure, form in _FORMS)

_STATUS = re.compile(r"\bcode\b['\"]?[:=]? ?['\"]?\d{1,4}\b", re.IGNORECASE)
_FIGURE = re.compile(r"(?<![\w.-])\d{1,3}(?:,\d{3})+\b|(?<![\w.-])\d{1,12}\b(?!\.\d)")
FIGURES_CHARS = 160
"""How far behind the words that were found figures still belong to them."""

_REFUSES = frozenset({None, 400, 413, 422, 500})
"""Statuses under which a sentence is read; ``None`` is an error in a stream. Relays say 500."""


@dataclass(frozen=True, slots=True)
class Excess:
    """What a request held too much of, as far as its refusal says."""

    over: Measure
    most: int | None = None
    held: int | None = None


def excess(status: int | None, codes: Iterable[object], said: object) -> Excess | None:
    """Why a request was too large; ``None`` where it was refused for something else.

    Args:
        status: the HTTP status; ``None`` for an error without one.
        codes: the fields of the error that are meant for programs.
        said: its sentence.
    """
    words = said[:READ_CHARS] if isinstance(said, str) else ""
    by_code = next((m for m in map(_measure, codes) if m is not None), None)
    found = _sentence(words) if status in _REFUSES else None
    if by_code is not None and by_code != "bytes":
        return Excess(by_code, *_figures(words)) if found is None else replace(found, over=by_code)
    # A server that says 413 to all that is too much may say of what.
    return found or (Excess("bytes") if by_code is not None or status == 413 else None)


def _sentence(words: str) -> Excess | None:
    for measure, form in _SENTENCES:
        if (match := form.search(words)) is not None:
            return Excess(measure, *_figures(words[match.start() : match.end() + FIGURES_CHARS]))
    return None


def nested(error: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """The refusals that a relay quotes inside its own, the outermost first.

    OpenRouter does so in a place of its own, a LiteLLM proxy behind words of its own.
    """
    metadata = error.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, Mapping) else None
    if isinstance(raw, str) and len(raw) <= NESTED_CHARS:
        try:
            raw = json.loads(raw)
        except (ValueError, RecursionError):  # a page, or half a sentence
            raw = {"message": raw}
    if isinstance(raw, Mapping):
        inner = raw.get("error", raw)
        if isinstance(inner, Mapping):
            yield inner
        elif isinstance(inner, str):
            yield {"message": inner}
    message = error.get("message")
    if isinstance(message, str) and (quoted := _quoted(message)):
        yield quoted


def _quoted(message: str) -> Mapping[str, object]:
    """The error that a sentence quotes as JSON; empty where it quotes none."""
    start = message.find('{"error"', 0, NESTED_CHARS)
    if start < 0:
        return {}
    try:
        body, _ = json.JSONDecoder().raw_decode(message[: start + NESTED_CHARS], start)
    except (ValueError, RecursionError):
        return {}
    inner = body.get("error") if isinstance(body, dict) else None
    return inner if isinstance(inner, dict) else {}


def _measure(code: object) -> Measure | None:
    if not isinstance(code, str):
        return None
    return _CODES.get(_NO_LETTER.sub("", code[:80].lower()).removesuffix("error"))


def _figures(words: str) -> tuple[int | None, int | None]:
    """The most that is taken and what was sent, as far as a sentence states them."""
    words = _STATUS.sub("", words)
    before, above, after = words.partition(">")
    if above and (stated := _FIGURE.search(after)) is not None:
        return _number(stated), sum(map(_number, _FIGURE.finditer(before))) or None
    figures = [_number(figure) for figure in _FIGURE.finditer(words)]
    if not figures:
        return None, None
    held = max(figures)
    smaller = [figure for figure in figures if 0 < figure < held]
    most, told = (max(smaller), held) if smaller else (held, None)
    return (most - 1 if "fewer than" in words.lower() else most), told


def _number(figure: re.Match[str]) -> int:
    return int(figure[0].replace(",", ""))
