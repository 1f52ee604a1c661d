"""What a file is, told from its first bytes alone; its name and stated type are never asked.

No decoder runs here.
"""

import re
from dataclasses import dataclass

from chat.core.errors import MediaRejected


@dataclass(frozen=True, slots=True)
class Format:
    """A picture format that Easel opens."""

    name: str
    """What the decoder calls it."""
    mime: str
    lossless: bool = False


PNG = Format("PNG", "image/png", lossless=True)
JPEG = Format("JPEG", "image/jpeg")
WEBP = Format("WEBP", "image/webp")
GIF = Format("GIF", "image/gif", lossless=True)
AVIF = Format("AVIF", "image/avif")
HEIC = Format("HEIF", "image/heic")
HEIF = Format("HEIF", "image/heif")

SVG = Format("SVG", "image/svg+xml", lossless=True)
"""Taken of models and tools alone; what is shown of it is drawn anew."""

TAKEN = "PNG, JPEG, WebP, GIF, AVIF or HEIC"

# Pictures that exist but are not taken: some because their parsers have a bad record, some
# because they are programs (SVG, EPS), the rest because nothing here can open them.
_OTHER_PICTURES: tuple[tuple[str, str], ...] = (
    (r"\xff\x0a|\x00\x00\x00\x0cJXL ", "JPEG XL"),
    (r"\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51", "JPEG 2000"),
    (r"II\*\x00|MM\x00\*|II\+\x00|MM\x00\+", "TIFF"),
    (r"BM.{4}\x00{4}", "BMP"),
    (r"8BPS", "PSD"),
    (r"%PDF-", "PDF"),
    (r"%!PS|\xc5\xd0\xd3\xc6", "EPS"),
    (r"\x00\x00[\x01\x02]\x00[^\x00]\x00", "ICO"),
    (r"DDS ", "DDS"),
    (r"qoif", "QOI"),
    (r"\x76\x2f\x31\x01", "OpenEXR"),
    (r"#\?RADIANCE|#\?RGBE", "HDR"),
    (r"P[1-7]\s", "PNM"),
    (r"icns", "ICNS"),
    (r"FUJIFILM|FOVb|IIRO|IIRS|IIU\x00", "camera raw"),
)

_NOT_PICTURES: tuple[tuple[str, str], ...] = (
    (r"....ftyp|\x1aE\xdf\xa3|RIFF....AVI |FLV\x01|\x00\x00\x01[\xb3\xba]", "a video"),
    (r"RIFF....WAVE|ID3|fLaC|OggS|\xff[\xf2\xf3\xfb]", "a sound"),
    (r"PK\x03\x04|\x1f\x8b|7z\xbc\xaf|Rar!|BZh|\xfd7zXZ", "an archive or a document"),
    (r"MZ|\x7fELF|\xcf\xfa\xed\xfe", "a program"),
    (r"\s*<(?:!DOCTYPE\s+html|html|head|body|script)\b", "a web page"),
)


def _compiled(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[re.Pattern[bytes], str], ...]:
    flags = re.DOTALL | re.IGNORECASE
    return tuple((re.compile(form.encode("latin-1"), flags), name) for form, name in rows)


_OTHER_PICTURES_BY_START = _compiled(_OTHER_PICTURES)
_NOT_PICTURES_BY_START = _compiled(_NOT_PICTURES)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(data: bytes) -> Format:
    """Name the format of a picture.

    Raises:
        MediaRejected: it is none that Easel takes; the sentence says what it is instead.
    """
    taken = _taken(data)
    if taken is None:
        raise MediaRejected(_refusal(data))
    return taken


def sniff_made(data: bytes) -> Format:
    """Name the format of a picture that a model or a tool made, which may be an SVG.

    Raises:
        MediaRejected: it is none that Easel takes; the sentence says what it is instead.
    """
    if is_svg(data):
        return SVG
    taken = _taken(data)
    if taken is None:
        # Nobody can export what a model made.
        raise MediaRejected(_refusal(data).partition(" is not supported.")[0].join(_OF_A_MODEL))
    return taken


_OF_A_MODEL = ("It is not one that Easel can show: ", ".")


def is_svg(data: bytes) -> bool:
    """Whether it is a drawing in XML, plain or in UTF-16."""
    start = data[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.replace(b"\0", b"")[2:]
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"<") and re.search(rb"<(?:\w{1,20}:)?svg[\s>]", start) is not None


def _taken(data: bytes) -> Format | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp":
        return _by_brand(data)
    return None


def _by_brand(data: bytes) -> Format | None:
    """Tell AVIF from HEIC and from video: all three are boxes that begin with ``ftyp``."""
    end = min(int.from_bytes(data[:4], "big"), 256)
    major = data[8:12]
    brands = {major, *(data[at : at + 4] for at in range(16, end, 4))}
    if brands & {b"avif", b"avis"}:
        return AVIF
    if brands & {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}:
        return HEIC
    return HEIF if major in {b"mif1", b"msf1"} else None


def _refusal(data: bytes) -> str:
    if not data:
        return "The file is empty."
    start = data[:1024].removeprefix(b"\xef\xbb\xbf")
    for form, name in _OTHER_PICTURES_BY_START:
        if form.match(start):
            return _export(name)
    for form, name in _NOT_PICTURES_BY_START:
        if form.match(start):
            return f"This is not a picture but {name}. Easel takes {TAKEN}."
    if start.lstrip().startswith(b"<") and b"<svg" in start:
        return _export("SVG")
    if not _CONTROL.search(start):
        return f"This is not a picture but text. Easel takes {TAKEN}."
    return f"This is not a picture that Easel can read. It takes {TAKEN}."


def _export(name: str) -> str:
    return f"{name} is not supported. Export it as JPEG or PNG."
