"""What is around a tool in tests: pictures by name, threads, and what it says of its progress."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from chat.core.errors import ToolFailed
from chat.core.ports import Picture, Result


class Surroundings:
    """A context that remembers."""

    def __init__(self, pictures: Mapping[str, Picture] | None = None) -> None:
        self.pictures = pictures or {}
        self.told: list[tuple[str, float | None]] = []
        self.stopped = False

    def raise_if_stopped(self) -> None:
        if self.stopped:
            raise ToolFailed("Stopped.")

    def progress(self, note: str, share: float | None = None) -> None:
        self.told.append((note, share))

    async def picture(self, name: str) -> Picture:
        try:
            return self.pictures[name]
        except KeyError:
            raise ToolFailed(f"There is no picture {name!r} here. Say “latest”.") from None

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.to_thread(work)


def run(tool: Any, arguments: Mapping[str, Any], context: Surroundings | None = None) -> Any:
    """What a tool answers, its async work done."""
    return asyncio.run(tool.run(arguments, context or Surroundings()))
