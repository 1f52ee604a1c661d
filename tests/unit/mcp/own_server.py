"""A well-behaved server, by the official SDK: ``python own_server.py`` speaks over its streams."""

import asyncio
import io
import socket
import sys
from typing import Annotated

import anyio
import mcp_types as types
from mcp.server.mcpserver import AcceptedElicitation, Context, Elicit, Image, MCPServer, Resolve
from PIL import Image as Pixels
from pydantic import BaseModel

BIRD = "bird://{bird}/{place}{?season}"
"""A template of resources."""


class Colour(BaseModel):
    """What is asked for."""

    colour: str


def png(size_bytes: int) -> bytes:
    """A picture of at least so many bytes."""
    side = max(8, int((size_bytes / 3) ** 0.5) + 1)
    made = io.BytesIO()
    Pixels.effect_noise((side, side), 90).convert("RGB").save(made, "PNG", compress_level=0)
    return made.getvalue()


async def wanted() -> Elicit[Colour]:
    """Asks in the way of the newer protocol."""
    return Elicit("Which colour shall it be?", Colour)


def say_stopped(port: int) -> None:
    """Tell the test, which listens there."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(b"stopped")


def own_server(port: int = 0) -> MCPServer:
    """The server. A call of ``slow`` that is cancelled says so at this port of this machine."""
    server = MCPServer("own")
    add_answers(server)
    add_work(server, port)
    add_insertable(server)
    return server


def add_answers(server: MCPServer) -> None:
    """Tools that answer at once, in every form there is."""

    @server.tool()
    def echo(text: str) -> str:
        """Says it again."""
        return text

    @server.tool()
    def picture(size_bytes: int) -> Image:
        """Gives a picture."""
        return Image(data=png(size_bytes), format="png")

    @server.tool()
    def structured() -> Colour:
        """Gives data."""
        return Colour(colour="blue")

    @server.tool()
    def link() -> types.ResourceLink:
        """Names a resource."""
        return types.ResourceLink(
            uri="https://example.org/heron", name="Heron", mime_type="text/html"
        )

    @server.tool()
    def fails() -> str:
        """Cannot do it."""
        raise ValueError("the heron has flown")

    @server.tool(annotations=types.ToolAnnotations(read_only_hint=True, destructive_hint=False))
    def notes() -> str:
        """Has a hint of what it does."""
        return "noted"


def add_work(server: MCPServer, port: int) -> None:
    """Tools that take a while, and those that ask."""

    @server.tool()
    async def slow(context: Context) -> str:
        """Takes long."""
        try:
            await context.report_progress(1, 4, "Looking")
            await anyio.sleep(3600)
        except asyncio.CancelledError:
            say_stopped(port)
            raise
        return "done"

    @server.tool()
    async def asks(context: Context) -> str:
        """Asks in the way of the older protocol."""
        answer = await context.elicit("Which colour?", Colour)
        return f"{answer.action} {getattr(answer, 'data', None)}"

    @server.tool()
    async def resolves(colour: Annotated[AcceptedElicitation[Colour], Resolve(wanted)]) -> str:
        """Asks in the way of the newer protocol."""
        return f"accept {colour.data}"

    @server.tool()
    async def grow(context: Context) -> str:
        """Has another tool from now on."""
        server.tool(name="another")(lambda: "there")
        await context.notify_tools_changed()
        return "grown"


def add_insertable(server: MCPServer) -> None:
    """Prompts and resources."""

    @server.prompt()
    def paint(subject: str) -> str:
        """Paint something."""
        return f"Paint {subject}, please."

    @server.resource("note://heron", name="Heron", mime_type="text/plain")
    def note() -> str:
        return "Herons are grey."

    @server.resource("picture://heron", name="Heron's picture", mime_type="image/png")
    def seen() -> bytes:
        return png(1000)

    @server.resource(BIRD, name="Any bird", mime_type="text/plain")
    def bird(bird: str, place: str, season: str = "summer") -> str:
        """What a bird does somewhere."""
        return f"The {bird} at {place} in {season}."

    @server.completion()  # type: ignore[no-untyped-call, untyped-decorator]
    async def complete(
        ref: types.PromptReference | types.ResourceTemplateReference,
        argument: types.CompletionArgument,
        context: types.CompletionContext | None,
    ) -> types.Completion | None:
        others = (context.arguments if context else None) or {}
        values = (
            ["a heron", "a hen"] if isinstance(ref, types.PromptReference) else ["heron", "hen"]
        )
        if argument.name == "place":
            values = [f"home of {others.get('bird', 'nobody')}", "two\nlines"]
        return types.Completion(values=[each for each in values if argument.value in each])


if __name__ == "__main__":
    own_server(int(sys.argv[1])).run("stdio")
