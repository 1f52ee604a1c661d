"""The bar above the conversation: its title, and what can be done with all of it."""

from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/topbar.js`` fills it, and parts of the page add their buttons."""
    page.frame("topbar", elem_id="topbar-frame")


def wire(page: Page) -> None:
    """Nothing here waits for Gradio."""
    del page
