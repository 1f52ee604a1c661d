"""The proxy, one for each worker, what stands behind it, and a desk from which to ask it."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Self

import pytest

from chat.core.calling import Listed, ModelRequest, Provider
from chat.core.events import ProviderEvent
from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.models import Catalogue, read_catalogue
from chat.providers.registry import open_provider, specs
from tests.litellm.backends import Backends, model_list
from tests.litellm.proxy import Proxy
from tests.litellm.rows import CHAT, ENDPOINTS, IMAGES
from tests.loopback import Loopback
from tests.wire.talk import Media, heard, request, user


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.litellm)


@pytest.fixture(scope="session")
def everything_behind() -> Iterator[Backends]:
    with Backends() as backends:
        yield backends


class Proxies:
    """The proxy of a worker, and another one after a crash."""

    def __init__(self, program: str, folders: pytest.TempPathFactory, behind: str) -> None:
        self.crashes = 0
        self._program = program
        self._folders = folders
        self._models = model_list(behind)
        self._outside = Loopback([])
        self._running: Proxy | None = None

    def __enter__(self) -> Self:
        self._outside.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._running is not None:
            self._running.end()
        self._outside.__exit__(None, None, None)
        assert self._outside.requests == [], "the proxy has asked somebody on the outside"

    def running(self) -> Proxy:
        """The proxy that runs."""
        if self._running is not None and self._running.crash():
            self._running.end()
            self._running = None
        if self._running is None:
            folder = self._folders.mktemp("litellm")
            proxy = Proxy(self._program, folder, self._models, self._outside.url)
            self._running = proxy.__enter__()
        return self._running


@pytest.fixture(scope="session")
def proxies(
    everything_behind: Backends, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxies]:
    program = os.environ.get("EASEL_LITELLM", "")
    if not program:
        pytest.skip("LiteLLM is not installed for tests: run 'make litellm', or '.ci/litellm'")
    with Proxies(program, tmp_path_factory, everything_behind.server.url) as proxies:
        yield proxies


@pytest.fixture
def proxy(proxies: Proxies) -> Proxy:
    return proxies.running()


@pytest.fixture
def behind(everything_behind: Backends) -> Backends:
    """The backends, with nothing of the test before."""
    everything_behind.forget()
    return everything_behind


@dataclass(frozen=True)
class Desk:
    """A user's catalogue, and the doors it opens."""

    catalogue: Catalogue
    behind: Backends

    def card(self, card_id: str) -> ModelCard:
        return self.catalogue.card(card_id)

    def opened(self, card_id: str, **changes: Any) -> AbstractAsyncContextManager[Provider]:
        """The door to a model, closed in the end; with changes to its endpoint."""
        endpoint = self.catalogue.endpoint_of(self.card(card_id))
        return closing(open_provider(replace(endpoint, **changes)))

    async def hears(
        self, card_id: str, *messages: Message | str, media: Media | None = None, **more: Any
    ) -> list[ProviderEvent]:
        """Everything a model says to these messages."""
        said, error = await self.hears_out(card_id, *messages, media=media, **more)
        if error is not None:
            raise error
        return said

    async def hears_out(
        self, card_id: str, *messages: Message | str, media: Media | None = None, **more: Any
    ) -> tuple[list[ProviderEvent], Exception | None]:
        """What a model said, and the error it ended with."""
        asked = self.request(card_id, *messages, media=media, **more)
        async with self.opened(card_id) as door:
            return await heard(door, asked)

    async def lists(self, card_id: str) -> list[Listed]:
        """What the endpoint of a model says it serves."""
        async with self.opened(card_id) as door:
            return list(await door.models())

    def request(
        self, card_id: str, *messages: Message | str, media: Media | None = None, **more: Any
    ) -> ModelRequest:
        """What a model is asked with these messages."""
        said = (m if isinstance(m, Message) else user(m) for m in messages)
        return request(self.card(card_id), *said, media=(media or Media()).bytes, **more)


@asynccontextmanager
async def closing(door: Provider) -> AsyncIterator[Provider]:
    try:
        yield door
    finally:
        await door.aclose()


@pytest.fixture
def desk(proxy: Proxy, behind: Backends) -> Desk:
    endpoints = ENDPOINTS.format(url=proxy.url, site=behind.server.url)
    environ = {"MY_PROXY_KEY": proxy.key}
    texts = [("models.toml", endpoints + CHAT + IMAGES)]
    return Desk(read_catalogue(texts, environ, kinds=specs()), behind)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """What the proxy said belongs to a failure; the first crash of its own is none of Easel's.

    A second one in the same worker fails: it is no chance any more.
    """
    outcome: Any = yield
    report = outcome.get_result()
    used = getattr(item, "funcargs", {})
    proxies, proxy = used.get("proxies"), used.get("proxy")
    if not report.failed or not isinstance(proxy, Proxy):
        return
    report.sections.append(("LiteLLM", proxy.log()))
    if (crash := proxy.crash()) and isinstance(proxies, Proxies):
        proxies.crashes += 1
        if proxies.crashes == 1:
            path, line, _ = item.location
            report.outcome = "skipped"
            report.longrepr = (path, line or 0, f"LiteLLM crashed: {crash.name}\n{proxy.log()}")
