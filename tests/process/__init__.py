"""Easel started as people start it: a process of its own, with a disk and signals."""
