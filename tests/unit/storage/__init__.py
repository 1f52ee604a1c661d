"""Tests of the stores beyond their contracts."""
