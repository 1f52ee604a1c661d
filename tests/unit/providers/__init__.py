"""The parts of providers that need no wire."""
