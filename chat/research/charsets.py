"""Bytes of a page as letters, as browsers read them."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_STATED = re.compile(
    rb"""<meta[^<>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{1,40})""", re.IGNORECASE
)
_HEAD_BYTES = 4096
_CHARSETS = re.compile(
    r"utf-?8|utf-?16(-?[lb]e)?|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?1|windows-?125[0-8]|cp125[0-8]"
    r"|koi8-?[ru]|macintosh|gb2312|gbk|gb18030|big5(-?hkscs)?|shift[-_]?jis|sjis|euc-?(jp|kr)"
    r"|iso-?2022-?jp|windows-?874|ks_c_5601-1987|tis-?620"
)
# Browsers take a page that says Latin 1 for its superset, which is what is meant.
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}


def decoded(data: bytes, charset: str = "") -> str:
    """The letters; what is none becomes U+FFFD.

    By the mark at its beginning, by what its server says, by what a page says itself, as UTF-8 if
    it is that, and else as Windows wrote western Europe's letters.

    Source: https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding

    Args:
        data: a text or a page.
        charset: what its server says; one that is no charset of texts is passed over.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    found = _STATED.search(data, 0, _HEAD_BYTES)
    stated = found[1].decode("ascii") if found else ""
    for name in (charset, stated):
        if codec := _codec(name):
            return data.decode(codec, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _codec(name: str) -> str:
    """Python's name of a charset; empty for codecs that unpack, execute or translate."""
    if not _CHARSETS.fullmatch(name.strip().lower()):
        return ""
    try:
        codec = codecs.lookup(name.strip()).name
    except LookupError:
        return ""
    return _SUPERSETS.get(codec, codec)
