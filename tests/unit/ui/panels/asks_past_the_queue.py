"""A panel with a function on the server that no open route leads to."""

import gradio as gr

from chat.ui.page import Page


def build(page: Page) -> None:
    """A button."""
    page.components["asks"] = gr.Button("Count", elem_id="asks")


def wire(page: Page) -> None:
    """It asks the server the wrong way."""
    page.components["asks"].click(lambda: "three", None, None, **page.quiet)
