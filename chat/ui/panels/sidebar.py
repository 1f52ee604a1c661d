"""The list of conversations, in Gradio's collapsible sidebar."""

from html import escape

import gradio as gr

from chat.core.languages import OFFERED
from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/sidebar.js`` fills it."""
    languages = "".join(
        f'<option value="{name}" lang="{name}">{escape(called)}</option>'
        for name, called in OFFERED.items()
    )
    with gr.Sidebar(elem_id="sidebar", width=290):
        page.frame("sidebar", elem_id="conversation-list", languages=languages)


def wire(page: Page) -> None:
    """Nothing here waits for Gradio."""
    del page
