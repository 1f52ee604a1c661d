"""The list of conversations, in Gradio's collapsible sidebar."""

import gradio as gr

from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/sidebar.js`` fills it."""
    with gr.Sidebar(elem_id="sidebar", width=290):
        page.frame("sidebar", elem_id="conversation-list")


def wire(page: Page) -> None:
    """Nothing here waits for Gradio."""
    del page
