"""Measures Easel against its promises, and against a plain Gradio chat as the yardstick."""
