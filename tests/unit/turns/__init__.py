"""Turns, with real stores in memory and a provider that says what it is told."""
