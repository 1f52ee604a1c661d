"""Which Easel this is: said by ``--version``, in Help, and by the page to its server."""

VERSION = "0.2.0.dev0"
