#!/bin/sh
# mcp 2.3.0, a client of a server over stdio, a tool that gives a text of 8, 16 and 32 MB.
#
# One would guess that a result of twice the size takes twice as long to read.
# Seen: the reader joins what has come of the line with each piece of 64 kB and splits all of it
# anew, so that it takes about four times as long; the event loop does nothing else meanwhile. A
# picture of 24 MB is such a line.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check mcp==2.3.0
cat >"$place/server.py" <<'PYTHON'
from mcp.server.mcpserver import MCPServer

server = MCPServer("long")


@server.tool(structured_output=False)
def text(megabytes: int) -> str:
    """So much text."""
    return "x" * (megabytes * 1_000_000)


server.run("stdio")
PYTHON
"$place/venv/bin/python" - "$place/server.py" <<'PYTHON'
import asyncio
import sys
import time
from importlib.metadata import version

from mcp import Client, StdioServerParameters


async def main():
    server = StdioServerParameters(command=sys.executable, args=[sys.argv[1]])
    spent = {}
    async with Client(server, read_timeout_seconds=600) as client:
        for megabytes in (1, 8, 16, 32):
            began = time.thread_time()
            await client.call_tool("text", {"megabytes": megabytes})
            spent[megabytes] = time.thread_time() - began
            print(f"{megabytes} MB: {spent[megabytes]:.2f} s of CPU in the client's thread")
    print(f"mcp {version('mcp')}: 32 MB take {spent[32] / spent[8]:.1f} times what 8 MB take")


asyncio.run(main())
PYTHON
