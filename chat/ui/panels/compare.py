"""Two pictures, compared."""

from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/compare.js`` fills it."""
    page.frame("compare", elem_id="compare-frame")


def wire(page: Page) -> None:
    """Nothing here waits for Gradio."""
    del page
