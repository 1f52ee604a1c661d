"""Mail that tools send: through the server of the host, in its name."""
