"""The settings of the open conversation in a drawer of their own, with its model and its costs."""

import gradio as gr

from chat.ui.page import Page
from chat.ui.settings_widgets import place_settings


def build(page: Page) -> None:
    """A second sidebar, closed at first."""
    with gr.Sidebar(position="right", open=False, width=320, elem_id="settings"):
        page.frame("settings-head", elem_id="settings-head")
        place_settings(page, "settings")
        page.frame("about-model", elem_id="about-model")
        page.frame("spent", elem_id="spent")


def wire(page: Page) -> None:
    """Nothing here waits for Gradio; ``assets/js/settings.js`` keeps what is changed."""
    del page
