"""The letters of a text, whatever they were written in."""

import codecs

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before that of UTF-16, which begins alike
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_GUESSED_BYTES = 200_000
_GUESSES = [
    *(f"cp125{number}" for number in range(9)),
    *("cp932", "euc_jp", "iso2022_jp", "cp949", "gb18030", "big5", "koi8_r", "koi8_u", "cp874"),
]
"""What people still save tables and notes in; the rest of what there is only misleads."""
_WESTERN = "cp1252"
_SHORT_BYTES = 32


def letters(data: bytes) -> tuple[str, str]:
    """The text, and the name of its encoding where that was guessed; what is none is U+FFFD.

    By the mark at its beginning, as UTF-8 if it is that, and else by its letters.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), ""
    if b"\0" not in data[:_GUESSED_BYTES]:
        try:
            return data.decode("utf-8"), ""
        except UnicodeDecodeError:
            pass
    elif (wide := _wide(data)) is not None:
        return data.decode(wide, "replace"), wide
    name = _guessed(data)
    return data.decode(name, "replace"), name


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of western words is zero."""
    head = data[:_GUESSED_BYTES]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    return "utf-16-be" if head[::2].count(0) > len(head) // 4 else None


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes  # slow to import, and seldom needed

    head = data[:_GUESSED_BYTES]
    # Of a few letters nothing can be told: then it is what Windows writes in western Europe.
    found = list(from_bytes(head, cp_isolation=_GUESSES)) if len(head) >= _SHORT_BYTES else []
    if not found:
        return _WESTERN
    western = next((each for each in found if each.encoding == _WESTERN), found[0])
    best = found[0]
    alike = (western.chaos, western.coherence) == (best.chaos, best.coherence)
    return western.encoding if alike else best.encoding
