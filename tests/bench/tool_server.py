"""A server with as many tools as it is told: ``python tool_server.py 200``."""

import sys

from mcp.server.mcpserver import MCPServer

WORDS = "Looks something up in the records of the house, by its name, its date or both of them."


def weigh(name: str, date: str = "", most: int = 10) -> str:
    """Never called."""
    return f"{name} {date} {most}"


def main() -> None:
    """Serve over the streams until they close."""
    server = MCPServer("bench")
    for at in range(int(sys.argv[1])):
        server.add_tool(weigh, name=f"tool_{at}", description=WORDS)
    server.run("stdio")


if __name__ == "__main__":
    main()
