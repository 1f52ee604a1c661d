"""The page “Models and keys”: providers that are set up, and forms for more."""

from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/providers.js`` opens and fills it."""
    page.frame("providers", elem_id="providers-frame")


def wire(page: Page) -> None:
    """Nothing here waits for Gradio."""
    del page
