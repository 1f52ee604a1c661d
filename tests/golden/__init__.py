"""Databases as released versions of Easel wrote them, and what they hold."""
