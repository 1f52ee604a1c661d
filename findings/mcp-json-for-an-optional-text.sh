#!/bin/sh
# mcp 2.3.0, MCPServer: a tool whose argument may be left out, text: str | None = None.
#
# One would guess that a text arrives as it was sent, for the schema that the server tells its clients
# says string or null, and a required one (text: str) does arrive so.
# Seen: unless the annotation is str alone, a text that happens to be JSON is parsed first. The text
# null becomes None, as if nothing had been sent, and an object or a list is refused with "Input
# should be a valid string", although a string was sent. Words, numbers and true pass. An empty text
# as the default, text: str = "", keeps all of them.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check mcp==2.3.0
"$place/venv/bin/python" - <<'PYTHON'
import asyncio
import logging
from importlib.metadata import version

from mcp import Client
from mcp.server.mcpserver import MCPServer

logging.disable()  # each refusal is logged
server = MCPServer("echo")


@server.tool()
def required(text: str) -> str:
    return repr(text)


@server.tool()
def optional(text: str | None = None) -> str:
    return repr(text)


async def main():
    print("mcp", version("mcp"))
    seen = {}
    async with Client(server) as client:
        for tool in (await client.list_tools()).tools:
            told = tool.input_schema["properties"]["text"]
            print(tool.name, "takes", told.get("type") or told["anyOf"])
        for text in ("a fox", "12", "true", "null", '{"draw": "a fox"}', '["a fox"]'):
            for name in ("required", "optional"):
                answer = await client.call_tool(name, {"text": text})
                came = "an error" if answer.is_error else answer.content[0].text
                seen[name, text] = came
                print(f"{name} text={text!r}: {came}")
    if any(seen["required", text] != repr(text) for _, text in seen):
        raise SystemExit("changed: a required text is parsed, too")
    parsed = {text: came for (_, text), came in seen.items() if came != repr(text)}
    if parsed != {"null": "None", '{"draw": "a fox"}': "an error", '["a fox"]': "an error"}:
        raise SystemExit(f"changed: other than sent arrive {parsed}")


asyncio.run(main())
PYTHON
