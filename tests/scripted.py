"""A provider that says what it is told, for tests and benches: no network, no clock."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from chat.core.calling import Listed, ModelRequest
from chat.core.errors import BadReply
from chat.core.events import Finished, ProviderEvent
from chat.core.messages import Finish
from chat.core.models import Endpoint


@dataclass(frozen=True, slots=True)
class Wait:
    """A step that holds the stream until the event is set."""

    event: asyncio.Event


Step: TypeAlias = ProviderEvent | Exception | Wait
Script: TypeAlias = Sequence[Step]

SILENCE: Script = (Finished(Finish("stop")),)


class Scripted:
    """Plays one script at every call, or, given a list of scripts, the next one at each call.

    An exception among the steps is raised where it stands. A script is played as written: one
    without ``Finished`` is a reply that breaks off.
    """

    def __init__(self, endpoint: Endpoint, script: Script | Sequence[Script] = SILENCE) -> None:
        self.endpoint = endpoint
        self.requests: list[ModelRequest] = []
        self.closed_streams = 0
        """How many streams were closed or cancelled before their script was over."""
        self.closed = False
        self._same: list[Step] = []
        self._queue: list[Script] | None = None
        scripts: list[Script] = []
        for item in script:
            if isinstance(item, Sequence):
                scripts.append(item)
            else:
                self._same.append(item)
        if scripts:
            self._queue = scripts

    def _next_script(self) -> Script:
        if self._queue is None:
            return self._same
        if not self._queue:
            raise BadReply("The script has no more replies.")
        return self._queue.pop(0)

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Play the next script."""
        self.requests.append(request)
        try:
            for step in self._next_script():
                if isinstance(step, Wait):
                    await step.event.wait()
                elif isinstance(step, Exception):
                    raise step
                else:
                    yield step
        except (GeneratorExit, asyncio.CancelledError):
            self.closed_streams += 1
            raise

    async def models(self) -> Sequence[Listed]:
        """The one there is."""
        return (Listed(self.endpoint.id),)

    async def aclose(self) -> None:
        """Remember that the provider was let go of."""
        self.closed = True
