"""A search of the web: what is asked, what comes back, and how a provider is spoken to."""

import asyncio
import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, ClassVar

import httpx2

from chat.core.errors import ProviderError, ToolFailed
from chat.core.models import Endpoint
from chat.core.parts import Json
from chat.core.text import clean_text
from chat.http.transport import RoutedTransport, certificate_fault

MAX_FOUND = 10
MAX_ANSWER_BYTES = 4_000_000
TIMEOUT_S = 20.0
_TITLE_CHARS = 200
_ADDRESS_CHARS = 2_000
_SNIPPET_CHARS = 600
_TAG = re.compile(r"<[^<>]{0,200}>")


@dataclass(frozen=True, slots=True)
class Found:
    """A page that fits."""

    title: str
    address: str
    snippet: str


class WebSearch(ABC):
    """One provider of searches, of the host's choice."""

    title: ClassVar[str]
    """What people know it as."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Ask the provider at this address, with this key."""
        self._endpoint = endpoint

    async def search(self, words: str, most: int) -> Sequence[Found]:
        """Pages that fit, the best first.

        Args:
            words: what is looked for.
            most: how many at most, 1 to 10.

        Raises:
            ToolFailed: the provider did not answer as it should; the sentence says why.
        """
        # Opened anew: a search is rare, and the event loop that closes it is the one that asks.
        async with httpx2.AsyncClient(
            transport=RoutedTransport(self._endpoint), timeout=TIMEOUT_S, headers=_HEADERS
        ) as client:
            answer = await self._answer(client, self.request(words, most))
        return [found for row in self.rows(answer) if (found := _found(row))][:most]

    @abstractmethod
    def request(self, words: str, most: int) -> Mapping[str, Any]:
        """What httpx sends: method, url, params, headers, json."""

    @abstractmethod
    def rows(self, answer: Json) -> Sequence[tuple[Json, Json, Json]]:
        """Title, address and snippet of each page in an answer, whatever they are."""

    async def _answer(self, client: httpx2.AsyncClient, asked: Mapping[str, Any]) -> Json:
        name = self.title
        try:
            async with asyncio.timeout(TIMEOUT_S), client.stream(**asked) as response:
                data = await self._body(response)
            if response.status_code == 200:
                return _parsed(data)
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise ToolFailed(f"{name} did not answer within {TIMEOUT_S:g} seconds.") from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            if certificate_fault(error) is not None:
                raise ToolFailed(f"The certificate of {name} is not trusted here.") from error
            raise ToolFailed(f"{name} could not be reached.") from error
        except ValueError as error:
            raise ToolFailed(f"{name} answered something unreadable.") from error
        except ProviderError as error:  # a proxy stood in the way
            raise ToolFailed(str(error)) from error
        raise ToolFailed(self.refusal(response.status_code))

    async def _body(self, response: httpx2.Response) -> bytes:
        data = bytearray()
        async for piece in response.aiter_bytes():
            data += piece
            if len(data) > MAX_ANSWER_BYTES:
                raise ToolFailed(f"{self.title} answered more than can be read.")
        return bytes(data)

    def refusal(self, status: int) -> str:
        """The sentence for an answer that is none."""
        match status:
            case 401 | 403:
                return f"{self.title} did not accept the key of this Easel."
            case 429 | 432 | 433:
                return f"{self.title} takes no more searches for now."
        return f"{self.title} answered {status}."


_HEADERS = {"accept": "application/json", "user-agent": "Easel"}


def _parsed(data: bytes) -> Json:
    """An answer in JSON. Raises ``ValueError``."""
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def rows_of(answer: Json, *way: str) -> list[Mapping[str, Json]]:
    """The objects in the list at the end of a way through objects; empty where there is none."""
    for name in way:
        answer = answer.get(name) if isinstance(answer, Mapping) else None
    return [row for row in answer if isinstance(row, Mapping)] if isinstance(answer, list) else []


def _found(row: tuple[Json, Json, Json]) -> Found | None:
    """A page as it is told; ``None`` for what has no address of the web."""
    title, address, snippet = row
    if not isinstance(address, str) or not re.match(r"https?://[^\s/]", address):
        return None
    if len(address) > _ADDRESS_CHARS or re.search(r"[\s<>]", address):
        return None
    words, told = _plain(title)[:_TITLE_CHARS], _plain(snippet)[:_SNIPPET_CHARS]
    return Found(words or address, clean_text(address), told)


def _plain(text: Json) -> str:
    """Words without the tags with which providers set off what was looked for."""
    if not isinstance(text, str):
        return ""
    return clean_text(" ".join(unescape(_TAG.sub("", text[:20_000])).split()))
