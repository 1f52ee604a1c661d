"""What people call the tools, as there are now: those of servers come and go."""

from collections.abc import Callable, Iterator, Mapping

from chat.core.tools import Tool


class ToolNames(Mapping[str, str]):
    """Title of each tool, by the name that models call it by."""

    def __init__(self, tools: Callable[[], Mapping[str, Tool]]) -> None:
        """Look them up where they are."""
        self._tools = tools

    def __getitem__(self, name: str) -> str:
        return self._tools()[name].title

    def __iter__(self) -> Iterator[str]:
        return iter(self._tools())

    def __len__(self) -> int:
        return len(self._tools())
