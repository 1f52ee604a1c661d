"""Gradio lives here: the page and its panels."""
