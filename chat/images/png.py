"""A PNG's chunks, read without a decoder: what colours it means, which way is up.

Source: Portable Network Graphics (PNG) Specification, third edition.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from chat.images import colour

SIGNATURE = b"\x89PNG\r\n\x1a\n"

# What a decoder needs to make pixels and to count frames. Text stays outside, for Pillow refuses
# a whole picture for one long text; profiles are unpacked here, within a bound of our own.
_FOR_DECODERS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"acTL", b"fcTL", b"fdAT"}
# Profiles of printers and of film with their tables have some megabytes.
_MAX_PROFILE_BYTES = 16_000_000
_PIXELS = {b"IDAT", b"PLTE"}


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk of the file: its name, and where its content lies."""

    name: bytes
    start: int
    """Of the content, in bytes from the start of the file; the chunk itself begins 8 earlier."""
    end: int
    """Of the content; four bytes of checksum follow."""


def chunks(data: bytes, cut: bool = False) -> Iterator[Chunk]:
    """Every whole chunk, in order, up to ``IEND`` or to where the file breaks off.

    Args:
        data: The file.
        cut: Whether a last chunk that is cut short is told of, too, as far as it goes.
    """
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if end + 4 > len(data):
            if cut:
                yield Chunk(name, at + 8, min(end, len(data)))
            return
        yield Chunk(name, at + 8, end)
        if name == b"IEND":
            return
        at = end + 4


def chunk(name: bytes, content: bytes) -> bytes:
    """A chunk as it stands in a file."""
    checksum = zlib.crc32(name + content).to_bytes(4, "big")
    return len(content).to_bytes(4, "big") + name + content + checksum


def for_decoder(data: bytes) -> bytes:
    """The file without its texts, profiles and other notes; what broke off stays broken off."""
    kept: list[bytes | memoryview] = [data[: len(SIGNATURE)]]
    view = memoryview(data)
    last = len(SIGNATURE)
    for chunk in chunks(data):
        last = chunk.end + 4
        if chunk.name in _FOR_DECODERS or not chunk.name[:1].islower():
            kept.append(view[chunk.start - 8 : last])
    ended = bytes(view[last - 8 : last - 4]) == b"IEND"
    if not ended:
        kept.append(view[last:])
    return b"".join(kept)


def orientation_exif(data: bytes) -> bytes:
    """The EXIF block before the pixels; empty without one. Browsers read no later one."""
    for chunk in chunks(data):
        if chunk.name == b"IDAT":
            break
        if chunk.name == b"eXIf":
            return data[chunk.start : chunk.end]
    return b""


@dataclass(frozen=True, slots=True)
class Colours:
    """What a PNG says of its colours."""

    cicp: colour.Encoding | None
    profile: bytes
    """An ICC profile; empty without one."""
    gamma: colour.Encoding | None
    """From ``gAMA`` and ``cHRM``; ``None`` also for an ordinary picture and under ``sRGB``."""


def colours(data: bytes) -> Colours:
    """Read the colour chunks; of each kind the first counts, and only before the pixels.

    A reader takes ``cicp`` if there is one, else a ``profile`` that can be used, else ``gamma``.
    """
    said: dict[bytes, bytes] = {}
    for chunk in chunks(data):
        if chunk.name in _PIXELS:
            break
        if chunk.name in _COLOUR_CHUNKS:
            said.setdefault(chunk.name, data[chunk.start : chunk.end])
    return Colours(
        _cicp(said.get(b"cICP", b""), _peak_nits(said)),
        _profile(said.get(b"iCCP", b"")),
        None if said.get(b"sRGB", b"") in _SRGB_INTENTS else _gamma(said),
    )


_COLOUR_CHUNKS = {b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM", b"mDCV", b"cLLI"}
_SRGB_INTENTS = {bytes((intent,)) for intent in range(4)}


def _cicp(content: bytes, peak_nits: float | None) -> colour.Encoding | None:
    # RGB pixels have no matrix, and browsers take only the full range.
    if len(content) != 4 or content[2] != 0 or content[3] != 1:
        return None
    return colour.from_cicp(content[0], content[1], peak_nits)


def _peak_nits(said: dict[bytes, bytes]) -> float | None:
    """The brightest light, from the content's own level or the mastering screen's."""
    if len(level := said.get(b"cLLI", b"")) == 8 and any(level[:4]):
        return int.from_bytes(level[:4], "big") / 10_000
    if len(screen := said.get(b"mDCV", b"")) == 24 and any(screen[16:20]):
        return int.from_bytes(screen[16:20], "big") / 10_000
    return None


def _gamma(said: dict[bytes, bytes]) -> colour.Encoding | None:
    gamma, points = said.get(b"gAMA", b""), said.get(b"cHRM", b"")
    if len(gamma) != 4:
        return None
    chromaticities = (
        tuple(int.from_bytes(points[at : at + 4], "big") / 100_000 for at in range(0, 32, 4))
        if len(points) == 32
        else None
    )
    return colour.from_gamma(int.from_bytes(gamma, "big") / 100_000, chromaticities)


def _profile(content: bytes) -> bytes:
    name, _, packed = content.partition(b"\0")
    if not 0 < len(name) < 80 or packed[:1] != b"\0":
        return b""
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(packed[1:], _MAX_PROFILE_BYTES)
    except zlib.error:
        return b""
    return profile if unpacking.eof else b""
