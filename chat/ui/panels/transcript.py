"""The conversation on the screen."""

from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/transcript.js`` fills it from the live route."""
    page.frame("transcript", elem_id="transcript")


def wire(page: Page) -> None:
    """Nothing here is ever an input of an event: what a browser sends back is not believed."""
    del page
