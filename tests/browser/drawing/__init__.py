"""The page with models behind images wires: what is sent, what it costs, what is refused."""
