"""What an endpoint tells of a call beside its answer: the status, its name for the call, a price.

All of it stands in the head of the HTTP response, so it is known from the first byte on, and an
error that comes later can still be told apart at the provider's support.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import TypeVar

from chat.core.errors import Blocked, ProviderError
from chat.core.events import Finished, ImageBytes
from chat.core.messages import Usage
from chat.core.models import Endpoint
from chat.core.redaction import without_keys
from chat.providers.shared.http import set_aside
from chat.providers.shared.replies.endings import refused
from chat.providers.shared.replies.figures import usd
from chat.providers.shared.replies.halves import whole_characters
from chat.providers.shared.replies.refusals import is_page, turned_away, web_page

Event = TypeVar("Event")

REQUEST_IDS = (
    "x-litellm-call-id",  # a proxy's own, before what it passes on of the model's provider
    "x-request-id",
    "apim-request-id",
    "x-goog-request-id",
    "x-guploader-uploadid",
)
"""Headers with the endpoint's name for a request, the best first."""

COST = "x-litellm-response-cost"
_ID_CHARS = 100


class Exchange:
    """One call, as far as its HTTP response tells."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Stand for the next call of an endpoint."""
        self._endpoint = endpoint
        self._status: int | None = None
        self._request_id = ""
        self._cost_usd: float | None = None

    def began(self, status: int, headers: Mapping[str, str]) -> None:
        """Take in the head of a response whose body nobody has looked at."""
        self._status = status
        self._request_id = request_id(headers, self._endpoint)
        self._cost_usd = _cost_usd(headers)

    def heard(self, status: int, headers: Mapping[str, str]) -> None:
        """Take in the head of a response, as ``incoming`` gives it.

        Raises:
            WrongAddress: what follows is a web page, under a status that promises an answer, or
                from somebody who stands in the way.
        """
        self.began(status, headers)
        if status < 300 and is_page(headers):
            raise web_page(self._endpoint)
        if status == 403 and is_page(headers):
            raise turned_away(self._endpoint)

    async def settled(
        self, events: AsyncGenerator[Event, None]
    ) -> AsyncGenerator[Event | Finished, None]:
        """The events of the call, its end and its errors with what the head told.

        A question that was refused by a code is an answer, too: it ends the reply as blocked.
        """
        try:
            async with aclosing(whole_characters(events)) as whole:
                async for event in whole:
                    if isinstance(event, ImageBytes):
                        yield replace(event, data=set_aside.whole(event.data))
                    else:
                        yield self._completed(event) if isinstance(event, Finished) else event
        except ProviderError as error:
            self._note(error)
            if not isinstance(error, Blocked):
                raise
            yield self._completed(refused(error, self._endpoint))

    def _note(self, error: ProviderError) -> None:
        """Put status and id on an error that has none yet."""
        if error.status is None:
            error.status = self._status
        error.request_id = error.request_id or self._request_id

    def _completed(self, last: Finished) -> Finished:
        """The last event with the id of the request, and with the price where one was stated.

        The server's own words in it are without our key: they are shown, and sent to a collector.

        A price in the body stands where the head has none: the head of a stream is written
        before anybody knows it.
        """
        usage = last.usage
        if self._cost_usd is not None:
            usage = replace(usage or Usage(), reported_cost_usd=self._cost_usd)
        finish, key = last.finish, [self._endpoint.api_key]
        finish = replace(
            finish,
            native=without_keys(finish.native, key),
            message=without_keys(finish.message, key),
        )
        return replace(
            last,
            finish=finish,
            usage=usage,
            response_id=without_keys(last.response_id, key),
            request_id=last.request_id or self._request_id,
        )


def request_id(headers: Mapping[str, str], endpoint: Endpoint) -> str:
    """What the endpoint calls a request; empty where it does not say.

    A server may put there whatever it likes, also the key that it was sent.
    """
    stated = next((headers[name] for name in REQUEST_IDS if headers.get(name)), "")
    printable = "".join(character for character in stated if character.isprintable())
    return without_keys(printable, [endpoint.api_key])[:_ID_CHARS]


def _cost_usd(headers: Mapping[str, str]) -> float | None:
    """The price in the head. A proxy that knows none, or not yet, writes 0: that is unknown."""
    try:
        return usd(float(headers.get(COST, ""))) or None
    except ValueError:
        return None
