"""What a bench message asks for, and the words and pictures that answer it.

Easel and the yardstick play the same orders from this room inside their own process, so that
neither pays for an SDK and both pay the same for the clock.
"""

import asyncio
import random
import re
import struct
import zlib
from collections.abc import AsyncIterator
from functools import lru_cache
from io import BytesIO

import numpy as np
from PIL import Image

PIECE_CHARACTERS = 24
BURST = 4
"""Pieces that arrive together, as networks deliver them; the rate is that of single pieces."""

PICTURE_SIDE_PX = 1024
STORED_REPLY_CHARACTERS = 600

_ORDER = re.compile(r"Say (\d+) pieces( one by one)? at (\d+) a second, then (\w+)\.")
_PAINT = re.compile(r"Paint (\w+)\.")
_TALE = (
    "the light of a long evening falls on water and stone while small boats return with their "
    "nets a painter would mix ochre with grey and leave the paper white where foam breaks"
)
_WORDS = _TALE.split()


def say(pieces: int, rate_hz: int, tag: str, *, singly: bool = False) -> str:
    """A message that asks for so many pieces of text at this rate; ``singly``: not in bursts."""
    how = " one by one" if singly else ""
    return f"Say {pieces} pieces{how} at {rate_hz} a second, then {tag}."


def paint(tag: str) -> str:
    """A message that asks for one picture."""
    return f"Paint {tag}."


def end_of(tag: str) -> str:
    """The last words of the reply to an order: how a page knows that all has arrived."""
    return f"End of reply {tag}."


def picture_asked(message: str) -> bytes | None:
    """The picture that a message orders, if it orders one."""
    found = _PAINT.search(message)
    return photo(found[1]) if found else None


async def words_asked(message: str) -> AsyncIterator[str]:
    """The pieces that a message orders, each when it is due."""
    found = _ORDER.search(message)
    if found is None:
        painted = _PAINT.search(message)
        yield "\n\n" + end_of(painted[1] if painted else "unknown")
        return
    count, rate_hz, tag = int(found[1]), int(found[3]), found[4]
    burst = 1 if found[2] else BURST
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    for number, piece in enumerate(_pieces(count)):
        wait_s = began_s + number / rate_hz - loop.time()
        if number % burst == 0 and wait_s > 0:
            await asyncio.sleep(wait_s)
        yield piece
    yield "\n\n" + end_of(tag)


def words(number: int) -> str:
    """What message ``number`` of a stored conversation says; even ones are questions."""
    text = prose(STORED_REPLY_CHARACTERS) if number % 2 else "What would you change in it?"
    return f"{text}\n\nThis was message {number}."


def reply_bytes(pieces: int, tag: str) -> int:
    """The UTF-8 size of the reply to ``say``."""
    return len(("".join(_pieces(pieces)) + "\n\n" + end_of(tag)).encode())


@lru_cache
def _pieces(count: int) -> list[str]:
    text = prose(count * PIECE_CHARACTERS)
    return [text[at : at + PIECE_CHARACTERS] for at in range(0, len(text), PIECE_CHARACTERS)]


@lru_cache
def prose(characters: int) -> str:
    """Markdown as models write it: paragraphs mostly, now and then a list, a heading, code."""
    dice = random.Random(7)
    blocks: list[str] = []
    size = 0
    while size < characters:
        number = len(blocks)
        if number % 9 == 4:
            block = "\n".join(f"- **{dice.choice(_WORDS)}** {_sentence(dice)}" for _ in range(4))
        elif number % 9 == 7:
            block = f"## {_sentence(dice)}"
        elif number % 18 == 12:
            block = "```python\n" + "\n".join(f"x{n} = {n} * n" for n in range(6)) + "\n```"
        else:
            block = " ".join(_sentence(dice) for _ in range(5))
        blocks.append(block)
        size += len(block) + 2
    return "\n\n".join(blocks)[:characters]


def _sentence(dice: random.Random) -> str:
    words = [dice.choice(_WORDS) for _ in range(dice.randint(8, 16))]
    words[3] = dice.choice((f"**{words[3]}**", f"`{words[3]}`", words[3], words[3]))
    return " ".join(words).capitalize() + "."


def photo(tag: str, side_px: int = PICTURE_SIDE_PX) -> bytes:
    """A PNG, of about 1.6 MB where nothing else is said; another file for each tag."""
    comment = b"tEXt" + b"Comment\0" + tag.encode()
    chunk = struct.pack(">I", len(comment) - 4) + comment
    chunk += struct.pack(">I", zlib.crc32(comment))
    body = _motif(side_px)
    return body[:-12] + chunk + body[-12:]


@lru_cache
def _motif(side: int) -> bytes:
    """Soft shapes, texture and grain, as models paint them: a PNG that ends in IEND."""
    rows, columns = np.mgrid[0:side, 0:side] / side
    waves = [np.sin(7 * columns + 3 * rows), np.cos(5 * rows), np.sin(9 * rows * columns)]
    scene = np.stack(waves, axis=-1) * 70 + 128
    dice = np.random.default_rng(7)
    for texture_px, contrast in ((64, 22), (256, 14)):
        coarse = dice.normal(128, contrast, (texture_px, texture_px)).clip(0, 255)
        wide = Image.fromarray(coarse.astype(np.uint8)).resize((side, side))
        scene += (np.asarray(wide, dtype=float) - 128)[..., None]
    pixels = np.clip(scene + dice.normal(0, 1.8, scene.shape), 0, 255).astype(np.uint8)
    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=6)
    return out.getvalue()
