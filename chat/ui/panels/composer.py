"""The message box with its tray of pictures."""

from chat.images.limits import Limits
from chat.turns.question import MAX_PICTURES
from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/composer.js`` and ``tray.js`` fill it.

    Not Gradio's own box: uploads must be checked, with their metadata taken off,
    before any file of them exists, and a picture that goes along must show before it is sent.
    """
    page.frame("composer", "composer", most_bytes=Limits().max_bytes, most_pictures=MAX_PICTURES)


def wire(page: Page) -> None:
    """Nothing here waits for Gradio."""
    del page
