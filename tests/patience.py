"""How long a test may wait for what should come at once, on a machine that has other things to do.

It is waited out only by what fails: whatever a test waits for wakes it when it is there.
"""

PATIENCE_S = 180.0
PATIENCE_MS = 180_000
"""The same in a browser's unit."""

TEST_S = 600.0
"""How long a whole test may take that waits in an event loop: it fails then where it waits.

What hangs otherwise is ended by ``faulthandler_timeout`` in pyproject.toml.
"""
