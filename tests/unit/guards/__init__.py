"""Guards: what may go out, what may be shown."""
