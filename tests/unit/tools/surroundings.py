"""What is around a tool in tests: pictures by name, threads, and what it says of its progress."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from chat.core.errors import ToolFailed
from chat.core.file_kinds import FileKind, kind_by_name
from chat.core.file_sniffing import kind_of
from chat.core.tools import GivenFile, Picture, Resource, Result


class Surroundings:
    """A context that remembers."""

    def __init__(
        self,
        pictures: Mapping[str, Picture] | None = None,
        resources: Mapping[type, Any] | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        self.files = files or {}
        self.pictures = pictures or {}
        self.resources = resources or {}
        self.owner = "me"
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

    def file_kinds(self) -> dict[str, FileKind | None]:
        return {
            name: kind_by_name(name) or kind_of(data, name) for name, data in self.files.items()
        }

    async def file(self, name: str) -> GivenFile:
        if name not in self.files:
            raise ToolFailed(f"There is no file {name!r} here.")
        return GivenFile(name, self.files[name])

    def resource(self, kind: type[Resource]) -> Resource:
        found: Resource = self.resources[kind]
        return found

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.to_thread(work)


def run(tool: Any, arguments: Mapping[str, Any], context: Surroundings | None = None) -> Any:
    """What a tool answers, its async work done."""
    return asyncio.run(tool.run(arguments, context or Surroundings()))
