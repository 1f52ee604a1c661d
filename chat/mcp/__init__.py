"""Tools of other programs, over the Model Context Protocol.

The host names servers in ``mcp.toml``; nobody can add one from a browser. Whatever a server sends
is hostile: counted, bounded, and never trusted for what it says of itself. Only the modules that
speak to a server import the SDK, and they are imported where there is one.
"""
