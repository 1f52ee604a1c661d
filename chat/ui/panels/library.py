"""The library: every picture of the user, over the conversation while it is open."""

from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/library.js`` opens and fills it."""
    page.frame("library", elem_id="pictures-frame")


def wire(page: Page) -> None:
    """Nothing here waits for Gradio."""
    del page
