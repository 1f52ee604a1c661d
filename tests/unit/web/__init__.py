"""Unit tests of chat.web."""
