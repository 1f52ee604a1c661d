"""Gradio lives here: the page and its panels."""

from chat.ui import gradio_import  # noqa: F401 - before anything else imports Gradio
