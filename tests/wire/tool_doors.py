"""Where models that call tools answer: each wire, and what Easel ships of others that speak one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from chat.core.models import Endpoint, ModelCard
from tests.loopback import Loopback, Reply
from tests.unit.models.files import shipped
from tests.wire.cloud import account_file, cloud
from tests.wire.doors import DOORS
from tests.wire.talk import KEY
from tests.wire.tool_talk import GEMINI_WITHOUT_IDS, TOOL_WIRES, ToolWire


def _plain(replies: Sequence[Reply]) -> Loopback:
    return Loopback(list(replies))


@dataclass(frozen=True)
class ToolDoor:
    """A model with tools, and the server that it answers at."""

    wire: ToolWire
    opened: Callable[[Loopback, Path], tuple[Endpoint, ModelCard]]
    """From the server, and a folder for what an endpoint keeps in files."""
    server: Callable[[Sequence[Reply]], Loopback] = _plain
    path: str = ""
    """What the path of every question has in it."""


def _of_kind(kind: str) -> ToolDoor:
    door = DOORS[kind]
    return ToolDoor(
        TOOL_WIRES[kind], lambda server, _: (door.endpoint(server.url), door.card(tools=True))
    )


def _xai(server: Loopback, _: Path) -> tuple[Endpoint, ModelCard]:
    """The row that is shipped, but for its address."""
    catalogue = shipped(XAI_API_KEY=KEY)
    card = catalogue.card("grok-4.7")
    return replace(catalogue.endpoint_of(card), base_url=f"{server.url}/v1"), card


def _vertex(server: Loopback, folder: Path) -> tuple[Endpoint, ModelCard]:
    """The row that is shipped, set up by its variables alone, as a service account."""
    catalogue = shipped(
        GOOGLE_APPLICATION_CREDENTIALS=account_file(folder, server),
        GOOGLE_CLOUD_PROJECT="easel-test",
        GOOGLE_VERTEX_BASE_URL=server.url,
    )
    card = catalogue.card("vertex-gemini-3.8-flash")
    return catalogue.endpoint_of(card), card


TOOL_DOORS: dict[str, ToolDoor] = {
    **{kind: _of_kind(kind) for kind in TOOL_WIRES},
    "xai": ToolDoor(TOOL_WIRES["openai_chat"], _xai, path="/v1/chat/completions"),
    "vertex": ToolDoor(
        GEMINI_WITHOUT_IDS,
        _vertex,
        cloud,
        path="/projects/easel-test/locations/global/publishers/google/models/gemini-3.8-flash:",
    ),
}
"""By the kind of endpoint, or the id of one that is shipped."""
