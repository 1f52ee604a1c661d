"""Messages to safe HTML: pure functions, no I/O."""
