"""How far a message walks: functions called from the post to the last word of its reply.

Counted are functions of the program, each once, from the moment a page posts a message of words
until its reply of 1,000 pieces stands on an open page, and the calls that cross from one package
to another. A model that says what it is told answers, out of memory.
"""

import asyncio
import sys
import threading
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from chat.core.events import TextDelta
from tests.bench.figures import Figure
from tests.bench.rig import Rig
from tests.unit.turns.workshop import DONE
from tests.unit.web.studio import studio

ROOT = Path(__file__).resolve().parents[2]
PIECES = 1_000

MOST_FUNCTIONS = 290
"""As it is; a message may not walk farther without anybody noticing."""


class Paths:
    """A profile function that remembers who called whom."""

    def __init__(self) -> None:
        self.functions: set[tuple[str, str]] = set()
        self.crossings: set[tuple[tuple[str, str], tuple[str, str]]] = set()
        self.counting = False

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        if not self.counting or event != "call":
            return
        called = _named(frame.f_code)
        if called is None or called[1].endswith(">"):
            return
        self.functions.add(called)
        above = frame.f_back
        while above is not None and (caller := _named(above.f_code)) is None:
            above = above.f_back
        if above is not None and caller is not None and _room(caller) != _room(called):
            self.crossings.add((caller, called))


def _named(code: CodeType) -> tuple[str, str] | None:
    """File and name of a function of the program."""
    folder, _, file = code.co_filename.partition(f"{ROOT}/")
    if folder or not file.startswith(("chat/", "storage/")):
        return None
    return file, code.co_qualname


def _room(function: tuple[str, str]) -> str:
    package, *rest = function[0].split("/")
    return package if package == "storage" else rest[0]


async def _walk(paths: Paths) -> None:
    pieces = [TextDelta(f"word {n} " + ("\n\n" if n % 50 == 49 else "")) for n in range(PIECES)]
    async with studio([TextDelta("Hi."), DONE], [*pieces, DONE]) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            await made.shop.jobs.wait((await made.ask(conversation, "hello", "client-1"))["reply"])
            paths.counting = True
            started = await made.ask(conversation, "and now?", "client-2")
            await page.until(lambda: f"word {PIECES - 1}" in str(page.growing.values()))
            await made.shop.jobs.wait(started["reply"])
            paths.counting = False


def measure(rig: Rig) -> list[Figure]:
    """One message of words; the same however often it is measured."""
    del rig
    paths = Paths()
    threading.setprofile(paths)
    sys.setprofile(paths)
    try:
        asyncio.run(_walk(paths))
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return [
        Figure("functions of a message", len(paths.functions), "", MOST_FUNCTIONS),
        Figure("calls between packages", len(paths.crossings), "", note="each pair once"),
    ]
