"""Why a chat completion ended, in our words.

A proxy in front of another wire has room for five reasons only. What the model itself said may
stand beside them, as OpenRouter's and LiteLLM's ``native_finish_reason``; then that decides. A
reason of no wire's is named: see ``finish_words``.
Source: LiteLLM 1.106.2 (2026-11-21).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chat.core.messages import Finish, Usage
from chat.providers.shared.google.finishes import explains, finish_for
from chat.providers.shared.replies.endings import unknown
from chat.providers.shared.replies.finish_words import finish_of_word


def finish_of(reason: str, choice: Mapping[str, Any]) -> Finish:
    """The finish for a choice that has this reason."""
    extras = choice.get("provider_specific_fields")
    native = choice.get("native_finish_reason") or (
        extras.get("native_finish_reason") if isinstance(extras, Mapping) else None
    )
    if explains(native):
        return finish_for(str(native))
    if explains(reason):  # Google's own word, passed on as it was
        return finish_for(reason)
    return finish_of_word(reason) or unknown(reason)


def charged(finish: Finish, usage: Usage | None) -> Finish:
    """The finish, charged where the usage counts what was filtered out.

    ``content_filter`` may mean that the question was refused or the answer: the wire does not
    say, but only an answer has tokens.
    """
    if finish.native != "content_filter" or usage is None:
        return finish
    made = (usage.output_text_tokens, usage.output_image_tokens, usage.reasoning_tokens)
    return replace(finish, billed="yes") if any(made) else finish
