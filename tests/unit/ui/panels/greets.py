"""A panel as anybody may add one."""

import gradio as gr

from chat.ui.page import Page


def build(page: Page) -> None:
    """A button."""
    page.components["greet"] = gr.Button("Hello", elem_id="greet")


def wire(page: Page) -> None:
    """What it does."""
    page.components["greet"].click(None, None, None, js="() => 'hello'")
