"""What ``/audio/transcriptions`` answers: the words that were spoken, and what that used.

    {"text": "...", "usage": {"type": "tokens", "input_tokens": 14, "output_tokens": 45,
                              "input_token_details": {"audio_tokens": 14, "text_tokens": 0}}}

Who charges by the clock says ``{"type": "duration", "seconds": 9}`` instead; many
servers say nothing.
Source: openai 3.57.0, ``types/audio/transcription.py`` (2026-11-30).
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from chat.core.errors import BadReply
from chat.core.events import Finished, ProviderEvent, TextDelta
from chat.core.messages import Finish, Usage
from chat.providers.shared.openai.answers import Bodies
from chat.providers.shared.openai.usage import table
from chat.providers.shared.replies.figures import count, seconds
from chat.providers.shared.replies.reading import Told


async def written_down(
    told: AsyncGenerator[Told[Bodies], None], title: str
) -> AsyncGenerator[ProviderEvent, None]:
    """The words of an answer in one piece, and its end.

    Raises:
        BadReply: the answer of the server with this title holds no words.
        ChatError: what ``told`` raises.
    """
    ended: Finished | None = None
    async with aclosing(told):
        async for each in told:
            for body in each[0] if each is not None else ():
                text = body.get("text")
                if not isinstance(text, str):
                    raise BadReply(f"{title} answered something that is not what was said.")
                if text.strip():
                    yield TextDelta(text.strip())
                usage = body.get("usage")
                ended = Finished(Finish("stop"), _usage(usage), speech_s=_charged_s(usage))
    if ended is None:
        raise BadReply(f"{title} answered nothing. Try again.")
    yield ended


def _charged_s(told: object) -> float:
    """What is charged by the clock, in seconds; 0 where it is not said."""
    return seconds(told.get("seconds")) if isinstance(told, Mapping) else 0.0


def _usage(told: object) -> Usage | None:
    """Tokens, where it counts them: those of the input that no detail claims are of speech."""
    if not isinstance(told, Mapping):
        return None
    usage: Mapping[str, Any] = told
    sent, words = count(usage.get("input_tokens")), None
    if "input_token_details" in usage:
        words = count(table(usage, "input_token_details").get("text_tokens"))
    came = count(usage.get("output_tokens"))
    if sent is None and came is None:
        return None
    return Usage(
        input_text_tokens=words,
        input_audio_tokens=None if sent is None else max(0, sent - (words or 0)),
        output_text_tokens=came,
    )
