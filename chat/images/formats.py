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

    @property
    def called(self) -> str:
        """What people call it."""
        return _CALLED.get(self.name, self.name)


_CALLED = {"JPEG2000": "JPEG 2000", "PPM": "PNM"}

PNG = Format("PNG", "image/png", lossless=True)
JPEG = Format("JPEG", "image/jpeg")
WEBP = Format("WEBP", "image/webp")
GIF = Format("GIF", "image/gif", lossless=True)
AVIF = Format("AVIF", "image/avif")
HEIC = Format("HEIF", "image/heic")
HEIF = Format("HEIF", "image/heif")

BMP = Format("BMP", "image/bmp", lossless=True)
TIFF = Format("TIFF", "image/tiff", lossless=True)
"""As uploads both are kept as PNG: browsers and models do not open them."""

JPEG_2000 = Format("JPEG2000", "image/jp2", lossless=True)
ICO = Format("ICO", "image/vnd.microsoft.icon", lossless=True)
ICNS = Format("ICNS", "image/icns", lossless=True)
PNM = Format("PPM", "image/x-portable-anymap", lossless=True)
QOI = Format("QOI", "image/qoi", lossless=True)
DDS = Format("DDS", "image/vnd-ms.dds", lossless=True)
PSD = Format("PSD", "image/vnd.adobe.photoshop", lossless=True)
"""Taken of models and tools alone: a user can export what has a bad record with its parsers."""

JPEG_XL = Format("JPEG XL", "image/jxl")
OPEN_EXR = Format("OpenEXR", "image/x-exr")
RADIANCE = Format("HDR", "image/vnd.radiance")
UNOPENED = frozenset({JPEG_XL, OPEN_EXR, RADIANCE})
"""Nothing here opens them. What a model made is kept for download all the same."""

SVG = Format("SVG", "image/svg+xml", lossless=True)
"""Taken of models and tools alone; what is shown of it is drawn anew."""

DISPLAYED = frozenset(form.mime for form in (PNG, JPEG, WEBP, GIF, AVIF))
"""What every browser shows. Of anything else pixels are shown, and sent to models; the file that a
model made is kept as it came, for download."""

TAKEN = "PNG, JPEG, WebP, GIF, AVIF, HEIC, BMP or TIFF"

_JPEG_XL = r"\xff\x0a|\x00\x00\x00\x0cJXL "
_PNM = r"P[1-6]\s(?:\s|#[^\n]{0,200}\n){0,99}[0-9]{1,9}\s{1,9}[0-9]{1,9}\s"

# Pictures that exist but are not taken from users: some because their parsers have a bad record,
# some because they are programs (SVG, EPS), the rest because nothing here can open them.
_OTHER_PICTURES: tuple[tuple[str, str], ...] = (
    (_JPEG_XL, "JPEG XL"),
    (r"\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51", "JPEG 2000"),
    (r"II\*\x00.{4}CR", "camera raw"),
    (r"8BPS", "PSD"),
    (r"%PDF-", "PDF"),
    (r"%!PS|\xc5\xd0\xd3\xc6", "EPS"),
    (r"\x00\x00[\x01\x02]\x00[^\x00]\x00", "ICO"),
    (r"DDS \x7c\x00\x00\x00", "DDS"),
    (r"qoif\x00", "QOI"),
    (r"\x76\x2f\x31\x01", "OpenEXR"),
    (r"#\?RADIANCE|#\?RGBE", "HDR"),
    (_PNM, "PNM"),
    (r"icns\x00", "ICNS"),
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
_BMP = re.compile(rb"BM.{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\x00\x00\x00", re.DOTALL)
"""With the size of its second header: what stands before that programs fill as they like."""
_TIFF = re.compile(rb"II[*+]\x00|MM\x00[*+]")
_MADE = tuple(
    (re.compile(pattern, re.DOTALL), form)
    for pattern, form in (
        (rb"\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51", JPEG_2000),
        (rb"\x00\x00\x01\x00[^\x00]\x00", ICO),
        (rb"icns\x00", ICNS),
        (_PNM.encode(), PNM),
        (rb"qoif\x00", QOI),
        (rb"DDS \x7c\x00\x00\x00", DDS),
        (rb"8BPS\x00\x01", PSD),
        (_JPEG_XL.encode("latin-1"), JPEG_XL),
        (rb"\x76\x2f\x31\x01", OPEN_EXR),
        (rb"#\?RADIANCE|#\?RGBE", RADIANCE),
    )
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(data: bytes) -> Format:
    """Name the format of a picture.

    Raises:
        MediaRejected: it is none that Easel takes; the sentence says what it is instead.
    """
    taken = _taken(data) or _converted(data)
    if taken is None:
        raise MediaRejected(_refusal(data))
    return taken


def sniff_made(data: bytes) -> Format:
    """Name the format of a picture that a model or a tool made, an SVG or what a user may not add.

    Raises:
        MediaRejected: it is none that Easel keeps; the sentence says what it is instead.
    """
    made = SVG if is_svg(data) else _with_pixels(data)
    if made is None:
        # Nobody can export what a model made.
        what = _refusal(data).partition(" is not supported.")[0].rstrip(".")
        raise MediaRejected(what.join(_OF_A_MODEL))
    return made


_OF_A_MODEL = ("It is not one that Easel can show: ", ".")


def sniff_pixels(data: bytes) -> Format:
    """Name the format of a file for its decoder, whoever it is from. Raises ``MediaRejected``."""
    form = _with_pixels(data)
    if form is None or form in UNOPENED:
        raise MediaRejected(_refusal(data))
    return form


_PROLOG = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->|<!(?!--)[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
"""What may stand before the first element of a document in XML."""
_SVG = re.compile(rb"<(?:\w{1,20}:)?svg[\s>/]")


def is_svg(data: bytes) -> bool:
    """Whether a model's or a tool's bytes are a drawing, or have one in a page around it."""
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    wrapped = start.startswith(b"<") and _SVG.search(start) is not None
    return wrapped or is_svg_document(data)


def is_svg_document(data: bytes) -> bool:
    """Whether it is a drawing in XML, plain or in UTF-16; a page with one in it is a page."""
    start = data[:65_536]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.replace(b"\0", b"")[2:]
    start, at = start.removeprefix(b"\xef\xbb\xbf"), 0
    while (passed := _PROLOG.match(start, at)) is not None:
        at = passed.end()
    return _SVG.match(start, at) is not None


def is_other_picture(data: bytes) -> bool:
    """Whether it is a picture of a format that exists and is not taken from users."""
    return _other_picture(data) != ""


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


def _converted(data: bytes) -> Format | None:
    if _BMP.match(data):
        return BMP
    # Canon's raw files call themselves TIFF and say what they are behind it.
    return TIFF if _TIFF.match(data) and data[8:10] != b"CR" else None


def _with_pixels(data: bytes) -> Format | None:
    """What has pixels; all but ``UNOPENED`` has a decoder."""
    found = _taken(data) or _converted(data)
    return found or next((form for start, form in _MADE if start.match(data)), None)


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
    if other := _other_picture(data):
        return _export(other)
    for form, name in _NOT_PICTURES_BY_START:
        if form.match(start):
            return f"This is not a picture but {name}. Easel takes {TAKEN}."
    if is_svg_document(data):
        return _export("SVG")
    if not _CONTROL.search(start):
        return f"This is not a picture but text. Easel takes {TAKEN}."
    return f"This is not a picture that Easel can read. It takes {TAKEN}."


def _other_picture(data: bytes) -> str:
    """The name of the format of a picture that is not taken from users; empty: it is none."""
    start = data[:1024].removeprefix(b"\xef\xbb\xbf")
    return next((name for form, name in _OTHER_PICTURES_BY_START if form.match(start)), "")


def _export(name: str) -> str:
    return f"{name} is not supported. Export it as JPEG or PNG."
