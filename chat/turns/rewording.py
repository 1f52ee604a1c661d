"""Other words for a question that was refused, or was answered without its picture.

A proposal to be read, changed and sent by the user; nothing here is ever sent by itself. Pure;
knows the providers' words for their reasons as far as they say what to change. English, because
the models take English additions to a question in any language.
"""

import re

ASK = "Answer with the picture itself, not with words about it."

_FAMILY = "Keep it family-friendly: nothing violent, nothing revealing, nobody harmed."
_ORIGINAL = "Make it original: no existing work, character or brand, and no artist’s style."
_NOBODY = "Show no real person and nobody’s personal data."
_ALL = f"{_FAMILY} Make it original, with no real person, brand or existing work."

_REASONS = (
    (re.compile(r"RECITATION|COPYRIGHT|TRADEMARK|THIRD_PARTY", re.IGNORECASE), _ORIGINAL),
    (re.compile(r"SPII|PRIVACY|PERSON|CELEBRIT|LIKENESS", re.IGNORECASE), _NOBODY),
    (re.compile(r"SAFETY|MODERATION|SEXUAL|VIOLEN|HARM|HATE", re.IGNORECASE), _FAMILY),
)
_STYLE_OF = re.compile(
    r"\bin (?:the|a) (?:art )?style (?:of|by) (?:[A-Z][\w’'.-]*)(?: [A-Z][\w’'.-]*){0,3}"
    r"|\bin [A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*){0,3}(?:’s|'s) style\b"
)
"""A name is told by its capitals; who writes without them is not rewritten."""


def reworded(native: str, prompt: str) -> str:
    """The prompt with what the refusal asks for.

    Args:
        native: the provider's own word for its reason; an unknown one asks for all there is.
        prompt: the words that were refused; none for a question of pictures alone.
    """
    wish = next((wish for reason, wish in _REASONS if reason.search(native)), _ALL)
    if wish in (_ORIGINAL, _ALL):
        prompt = _STYLE_OF.sub("in an original style", prompt)
    return _with(prompt, wish)


def asking_for_picture(prompt: str) -> str:
    """The prompt with the plain request to draw."""
    return _with(prompt, ASK)


def _with(prompt: str, wish: str) -> str:
    """The prompt and the wish; the same wish is not made twice."""
    prompt = prompt.strip()
    if wish in prompt:
        return prompt
    return f"{prompt}\n\n{wish}" if prompt else wish
