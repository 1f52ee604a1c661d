"""Panels that do what no panel should, and one that does what any may."""
