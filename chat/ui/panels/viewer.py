"""A picture at its full size, and the dialogs that open from there."""

from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/viewer.js`` and its neighbours open what is in it."""
    page.frame("viewer", elem_id="viewer-frame")


def wire(page: Page) -> None:
    """Nothing here waits for Gradio."""
    del page
