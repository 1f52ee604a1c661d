"""How long a test may wait for what should come at once, on a machine that has other things to do.

It is waited out only by what fails: whatever a test waits for wakes it when it is there.
"""

PATIENCE_S = 180.0
PATIENCE_MS = 180_000
"""The same in a browser's unit."""
