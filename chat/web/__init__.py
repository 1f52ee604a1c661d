"""FastAPI lives here: routes, live stream, security."""
