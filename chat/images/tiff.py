"""What a TIFF holds, by the tags of its first page: enough to say which kind is not read.

Source: TIFF 6.0, sections 2 and 8; the draft of BigTIFF (2026-11-30).
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias

_BITS, _COMPRESSION, _COLOURS, _SAMPLES, _SAMPLE_FORMAT = 258, 259, 262, 277, 339
_STARTS, _LENGTHS = (273, 324), (279, 325)
_READ = frozenset({_BITS, _COMPRESSION, _COLOURS, _SAMPLES, _SAMPLE_FORMAT, *_STARTS, *_LENGTHS})
_SIZES = {1: 1, 3: 2, 4: 4, 13: 4, 16: 8}
"""Bytes of a value, by its type, of those that are whole numbers."""
_YCBCR = 6
_FLOAT, _COMPLEX = 3, frozenset({5, 6})
_MOST_VALUES = 1 << 20
_MOST_TAGS = 4096

Tags: TypeAlias = Mapping[int, tuple[int, ...]]


def unread(data: bytes, *, opened: bool) -> str:
    """What kind of TIFF this is, where it is a whole one that is not read; else nothing.

    Args:
        data: the file.
        opened: whether its decoder took its tags, and failed at its pixels.
    """
    tags = _tags(data)
    if not tags or not _is_whole(tags, len(data)):
        return ""
    if data.startswith(b"MM\0+"):
        return "A BigTIFF in big-endian order"
    kind = tags.get(_SAMPLE_FORMAT, (1,))[0]
    bits, samples = max(tags.get(_BITS, (1,))), tags.get(_SAMPLES, (1,))[0]
    if kind in _COMPLEX or (kind == _FLOAT and (bits != 32 or samples > 1)):
        return f"A TIFF of floating-point numbers of {bits} bits"
    if _YCBCR in tags.get(_COLOURS, ()) and tags.get(_COMPRESSION, (1,))[0] == 1:
        return "A TIFF in YCbCr that is not packed"
    return "" if opened else "A TIFF of this kind"


def _is_whole(tags: Tags, size_bytes: int) -> bool:
    """Whether all pixels lie within the file."""
    starts = next((tags[tag] for tag in _STARTS if tag in tags), ())
    lengths = next((tags[tag] for tag in _LENGTHS if tag in tags), ())
    if not starts or len(starts) != len(lengths):
        return False
    return all(at + size <= size_bytes for at, size in zip(starts, lengths, strict=True))


def _tags(data: bytes) -> Tags:
    """The whole numbers of the first page that are asked for; none where it is cut off."""
    order: Literal["little", "big"] = "little" if data.startswith(b"II") else "big"
    is_big = data[2:4] in {b"+\0", b"\0+"}
    wide, entry, counted = (8, 20, 8) if is_big else (4, 12, 2)

    def number(at: int, size: int) -> int:
        return int.from_bytes(data[at : at + size], order)

    at = number(8 if is_big else 4, wide)
    count = number(at, counted)
    if at + counted + count * entry > len(data) or count > _MOST_TAGS:
        return {}
    found: dict[int, tuple[int, ...]] = {}
    for start in range(at + counted, at + counted + count * entry, entry):
        tag, size = number(start, 2), _SIZES.get(number(start + 2, 2), 0)
        values = number(start + 4, wide)
        if tag not in _READ or tag in found or not size or not 0 < values <= _MOST_VALUES:
            continue
        held = start + 4 + wide
        if size * values > wide:
            held = number(held, wide)
        if held + size * values > len(data):
            return {}
        found[tag] = tuple(number(held + size * each, size) for each in range(values))
    return found
