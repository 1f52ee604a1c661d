"""What colours an AV1 stream means, read from its sequence header without a decoder.

An AVIF may leave its ``colr`` box out; browsers then believe the coded picture.

Source: AV1 Bitstream & Decoding Process Specification, 5.3 to 5.5 (2019-01-08).
"""

_SEQUENCE_HEADER = 1
_SELECT = 2
_MOST_BYTES = 1024


def colour_codes(data: bytes) -> tuple[int, int, int] | None:
    """Primaries, transfer and matrix, in code points of H.273; ``None`` where it does not say.

    Args:
        data: units of AV1 ("OBU"), as in the box ``av1C`` or in a coded picture.
    """
    at = 0
    while at < len(data):
        header = data[at]
        at += 2 if header & 4 else 1
        size = len(data) - at
        if header & 2:
            size, at = _leb128(data, at)
        if header >> 3 & 15 == _SEQUENCE_HEADER:
            return _in_sequence_header(_Bits(data[at : at + min(size, _MOST_BYTES)]))
        at += size
    return None


def _leb128(data: bytes, at: int) -> tuple[int, int]:
    """A number of up to eight bytes, and where the next one begins."""
    value = 0
    for place in range(8):
        byte = data[at] if at < len(data) else 0
        at += 1
        value |= (byte & 127) << (7 * place)
        if not byte & 128:
            break
    return value, at


class _Bits:
    """Reads numbers of some bits each; behind the end all are zero."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def number(self, bits: int) -> int:
        self._left -= bits
        value = self._value >> self._left if self._left >= 0 else 0
        return value & ((1 << bits) - 1)

    def flag(self) -> bool:
        return self.number(1) == 1


def _in_sequence_header(bits: _Bits) -> tuple[int, int, int] | None:
    profile = bits.number(3)
    bits.number(1)
    reduced = bits.flag()
    if reduced:
        bits.number(5)
    else:
        _skip_timing(bits)
    widths = bits.number(4) + 1, bits.number(4) + 1
    for width in widths:
        bits.number(width)
    if not reduced and bits.flag():
        bits.number(7)
    bits.number(3)
    if not reduced:
        _skip_tools(bits)
    bits.number(3)
    high = bits.flag()
    if profile == 2 and high:
        bits.number(1)
    if profile != 1:
        bits.number(1)
    if not bits.flag():
        return None
    return bits.number(8), bits.number(8), bits.number(8)


def _skip_timing(bits: _Bits) -> None:
    delay_bits = 0
    if bits.flag():
        bits.number(64)
        if bits.flag():
            _skip_uvlc(bits)
        if bits.flag():
            delay_bits = bits.number(5) + 1
            bits.number(42)
    delayed = bits.flag()
    for _ in range(bits.number(5) + 1):
        bits.number(12)
        if bits.number(5) > 7:
            bits.number(1)
        if delay_bits and bits.flag():
            bits.number(2 * delay_bits + 1)
        if delayed and bits.flag():
            bits.number(4)


def _skip_uvlc(bits: _Bits) -> None:
    zeros = 0
    while zeros < 32 and not bits.flag():
        zeros += 1
    if zeros < 32:
        bits.number(zeros)


def _skip_tools(bits: _Bits) -> None:
    bits.number(4)
    ordered = bits.flag()
    if ordered:
        bits.number(2)
    screen = _SELECT if bits.flag() else bits.number(1)
    if screen and not bits.flag():
        bits.number(1)
    if ordered:
        bits.number(3)
