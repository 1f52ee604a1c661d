"""Model files for tests: ours, and small ones."""

from datetime import date
from pathlib import Path

from chat.models import Catalogue, read_catalogue
from chat.models.reading import examine
from chat.providers.registry import specs

ROOT = Path(__file__).parents[3]
SHIPPED = ("models.toml", (ROOT / "assets" / "models.toml").read_text("utf-8"))
TODAY = date(2026, 11, 26)

ENDPOINT = """
[[endpoint]]
id = "e"
kind = "openai_chat"
"""
MODEL = """
[[model]]
id = "m"
endpoint = "e"
wire_name = "wire-m"
"""


def read(*texts: str, **environ: str) -> Catalogue:
    """The catalogue in these files alone, the first of which is ``file0.toml``."""
    files = [(f"file{n}.toml", text) for n, text in enumerate(texts)]
    return read_catalogue(files, environ, kinds=specs())


def shipped(own: str = "", **environ: str) -> Catalogue:
    """Our catalogue, with a file of the user's."""
    return read_catalogue([SHIPPED], environ, own=[("mine.toml", own)], kinds=specs())


def mistakes(own: str) -> list[str]:
    """Everything that is wrong in a user's file, as ``line: sentence``."""
    reading = examine([SHIPPED], {}, own=[("mine.toml", own)], kinds=specs())
    return [f"{mistake.line}: {mistake.sentence}" for mistake in reading.mistakes]


def ids(catalogue: Catalogue) -> list[str]:
    """The menu on a day of 2026."""
    return [card.id for card in catalogue.usable(TODAY)]
