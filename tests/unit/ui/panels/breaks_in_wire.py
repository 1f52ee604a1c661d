"""A panel that stands, and fails when it is wired."""

import gradio as gr

from chat.ui.page import Page


def build(page: Page) -> None:
    """A box."""
    page.components["deaf"] = gr.Textbox(elem_id="deaf-box")


def wire(page: Page) -> None:
    """Half of it."""
    page.components["deaf"].blur(None, None, None, js="() => 'deaf'")
    page.components["nobody"].click(None, None, None, js="() => 'nobody'")
