"""Which files can be taken in: a row for each program. Whoever fits first reads."""

from importlib import import_module
from typing import cast

from chat.archive.document import NotTaken
from chat.archive.draft import Reader
from chat.archive.sources import Source

READERS: dict[str, str] = {
    "easel": "chat.archive.readers.easel:EaselReader",
    "openai": "chat.archive.readers.openai:OpenAIReader",
    "open_webui": "chat.archive.readers.open_webui:OpenWebUIReader",
    "gemini": "chat.archive.readers.gemini:GeminiReader",
}


def open_reader(name: str) -> Reader:
    """The reader of a row."""
    module, _, kind = READERS[name].partition(":")
    return cast("Reader", getattr(import_module(module), kind)())


def reader_for(source: Source) -> Reader:
    """Who reads a source.

    Raises:
        NotTaken: nobody does.
    """
    readers = [open_reader(name) for name in READERS]
    for reader in readers:
        if reader.fits(source):
            return reader
    *others, last = (reader.title for reader in readers)
    raise NotTaken(
        "There is no conversation in this file that Easel can read. It takes exports of "
        f"{', '.join(others)} and {last}."
    )
