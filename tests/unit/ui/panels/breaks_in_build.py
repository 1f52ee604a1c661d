"""A panel that fails when half of it stands, inside a container of its own."""

import gradio as gr

from chat.ui.page import Page


def build(page: Page) -> None:
    """Never whole."""
    with gr.Sidebar(elem_id="half"):
        page.components["half"] = gr.Textbox(elem_id="half-a-box")
        page.components["half"].blur(None, None, None, js="() => 'half'")
        raise RuntimeError("the paint is out")


def wire(page: Page) -> None:
    """Never called."""
    del page
    raise AssertionError("wired without being built")
