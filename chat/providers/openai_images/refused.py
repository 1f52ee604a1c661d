"""Parameters that a server refuses by name: the question is asked again without them.

What a row lists was true of one release of a server: LiteLLM 1.110 refuses ``response_format`` and
``style`` for DALL-E, which 1.106 took (2026-11-30). A refusal costs nothing, so each is learned by
asking once, for as long as the program runs.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

import httpx2
from openai import BadRequestError, UnprocessableEntityError

_REFUSES = re.compile(
    r"not supported|unsupported|does not support|unknown (?:parameter|field)|unrecogni[sz]ed"
    r"|unexpected keyword|not permitted",
    re.IGNORECASE,
)
_OURS = frozenset({"response_format", "partial_images"})
"""Nobody chose these: to leave them out changes no picture."""


class RefusedParameters:
    """What the models of one endpoint were found not to take."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._by_model: dict[str, set[str]] = {}

    async def without(
        self,
        model: str,
        told: MutableMapping[str, Any],
        ask: Callable[[], Awaitable[httpx2.Response]],
        left_out: Callable[[str], None],
    ) -> httpx2.Response:
        """The answer to a question that tells no more than the server takes.

        Args:
            model: the name that the server knows it by.
            told: the parameters that ``ask`` sends; refused ones are removed from it.
            ask: makes the call.
            left_out: is given a sentence where something went that somebody chose.
        """
        known = self._by_model.setdefault(model, set())
        gone = {name for name in known if told.pop(name, None) is not None}
        while True:
            try:
                response = await ask()
            except (BadRequestError, UnprocessableEntityError) as error:
                refused = _refused(error, told)
                if not refused:
                    raise
                for name in refused:
                    del told[name]
                known |= refused
                gone |= refused
                continue
            if chosen := sorted(gone - _OURS):
                named = " and ".join(f"“{name}”" for name in chosen)
                left_out(f"The server does not take {named} for this model; it was left out.")
            return response


def _refused(error: Exception, told: Mapping[str, Any]) -> set[str]:
    """Which parameters an error says that the server does not take."""
    words = str(error)
    if not _REFUSES.search(words):
        return set()
    return {name for name in told if re.search(rf"[`'\"“]{re.escape(name)}[`'\"”]", words)}
