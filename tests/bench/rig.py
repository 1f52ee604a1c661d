"""What every measurement stands on: one Easel in use, its yardsticks, and one browser."""

import shutil
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from playwright.sync_api import Browser, Page

from tests.bench.orders import say
from tests.bench.pages import EaselPage, YardstickPage, chromium
from tests.bench.processes import Served
from tests.bench.seed import Seeded, seed
from tests.bench.studio import ENVIRONMENT
from tests.bench.wire import CountingWire


@dataclass(frozen=True, slots=True)
class Server:
    """A process and the wire on which browsers reach it."""

    process: Served
    wire: CountingWire


@dataclass(slots=True)
class Rig:
    """Starts what is asked for, once; a context that ends all of it."""

    quick: bool
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="easel-bench-")))
    _stack: ExitStack = field(default_factory=ExitStack)
    _yardsticks: dict[str, Server] = field(default_factory=dict)
    browser: Browser = field(init=False)
    easel: Server = field(init=False)
    seeded: Seeded = field(init=False)
    _tags: int = 0

    def __enter__(self) -> Self:
        self._stack.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self.browser = self._stack.enter_context(chromium())
        self.seeded = seed(self.data)
        self.easel = self._serve("tests.bench.studio", **ENVIRONMENT, EASEL_DATA=str(self.data))
        # Code that runs for the first time costs more; no figure speaks of that.
        tag = self.tag()
        with self.easel_page() as talk:
            talk.ask(say(500, 1_000, tag))
            talk.wait_for_end(tag)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def data(self) -> Path:
        """Easel's data folder."""
        return self.folder / "data"

    def rounds(self, full: int) -> int:
        """How often to measure: fewer times when asked to be quick."""
        return max(1, full // 3) if self.quick else full

    def tag(self) -> str:
        """A word that no reply has ended with yet."""
        self._tags += 1
        return f"number{self._tags}"

    def page(self) -> Page:
        """A page of a browser that has never seen either server."""
        return self.browser.new_context(viewport={"width": 1280, "height": 800}).new_page()

    def easel_page(self, conversation: str = "") -> EaselPage:
        """Easel, loaded and at rest."""
        return EaselPage(self.page(), self.easel.wire.url, conversation)

    def another_tab(self, talk: EaselPage) -> EaselPage:
        """Easel in one more tab of the same browser."""
        return EaselPage(talk.page.context.new_page(), self.easel.wire.url)

    def yardstick(self, *arguments: str) -> Server:
        """The yardstick started with these arguments, warm."""
        key = " ".join(arguments)
        if key not in self._yardsticks:
            server = self._serve(
                "tests.bench.yardstick", *arguments, GRADIO_TEMP_DIR=str(self.folder)
            )
            self._yardsticks[key] = server
        return self._yardsticks[key]

    def yardstick_page(self, server: Server) -> YardstickPage:
        """The yardstick's chat, loaded."""
        return YardstickPage(self.page(), server.wire.url)

    def _serve(self, module: str, *arguments: str, **environment: str) -> Server:
        process = self._stack.enter_context(Served(module, *arguments, environment=environment))
        return Server(process, self._stack.enter_context(CountingWire(process.port)))
