"""The sheet behind “?”: the keys, and the endpoints with their keys."""

from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/help.js`` opens it and fills in the endpoints."""
    page.frame("help", elem_id="help-frame")


def wire(page: Page) -> None:
    """Nothing here waits for Gradio."""
    del page
