"""The versions of the conversation's pictures, drawn beside it."""

from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/versions.js`` fills it."""
    page.frame("versions", elem_id="versions-frame")


def wire(page: Page) -> None:
    """Nothing here waits for Gradio."""
    del page
