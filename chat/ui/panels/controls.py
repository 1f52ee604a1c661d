"""Under the message box: the model, the tools switch, and the way to all settings."""

import gradio as gr

from chat.ui.page import Page
from chat.ui.settings_widgets import place_settings


def build(page: Page) -> None:
    """Model menu, tools switch, settings button; above them what must be said of the model.

    The menu is ours and not Gradio's: it groups, prices and explains, tries connections, and
    takes in models that an endpoint names while the program runs. ``assets/js/models.js``
    fills it. So is the list of tools: they come and go, and ``assets/js/tools.js`` asks for them.
    """
    page.frame("model-notice", elem_id="model-said")
    with gr.Row(elem_id="controls"):
        page.frame("models", elem_id="model-menu")
        place_settings(page, "controls")
        page.frame("tools", elem_id="tool-choice")
        page.frame("settings-open", elem_id="settings-way")


def wire(page: Page) -> None:
    """Nothing here waits for Gradio; ``assets/js/shell.js`` opens the drawer."""
    del page
