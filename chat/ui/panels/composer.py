"""The message box with its tray of pictures and files."""

from chat.core.file_kinds import endings
from chat.images.limits import Limits
from chat.turns.question import MAX_FILES, MAX_PICTURES
from chat.ui.page import Page


def build(page: Page) -> None:
    """The frame; ``assets/js/composer.js`` and ``tray.js`` fill it.

    Not Gradio's own box: uploads must be checked, with their metadata taken off,
    before any file of them exists, and a picture that goes along must show before it is sent.
    """
    page.frame(
        "composer",
        "composer",
        most_bytes=Limits().max_bytes,
        most_pictures=MAX_PICTURES,
        most_files=MAX_FILES,
        file_endings=",".join(f".{ending}" for ending in endings()),
    )


def wire(page: Page) -> None:
    """Nothing here waits for Gradio."""
    del page
