"""Draws an SVG: the pixels that stand for it wherever a picture is shown or sent.

An SVG is a program as much as a picture. It is drawn in the worker process, by resvg, which runs
no script and opens no connection; what would make it open a file is taken out before. Entities are
refused: expanded, a kilobyte of them fills any memory.
"""

import importlib.util
import math
import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

from PIL import Image

from chat.core.errors import MediaRejected
from chat.images.declared import UNKNOWN_PX

LEAST_SIDE_PX, MOST_SIDE_PX = 1024, 2048
"""Of the longer side of what is drawn: a drawing has no pixels of its own."""
MAX_ELEMENTS = 200_000
MAX_LEVELS = 100

_NO_DRAWING = "The drawing is damaged or takes too much to show."

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "http://www.w3.org/1999/xlink"
_NEVER = frozenset({"script", "foreignObject", "iframe", "audio", "video"})
_INSIDE = re.compile(r"\s*(?:#|data:image/(?:png|jpe?g|gif|webp)[;,])", re.IGNORECASE)
_LENGTH = re.compile(r"([0-9]{1,7}(?:\.[0-9]{1,6})?|\.[0-9]{1,6})(px|pt|pc|mm|cm|in)?")
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_DPI = 96
"""CSS pixels of an inch. The library takes lengths in mm, pt and in for nothing unless told."""
_NUMBER = re.compile(r"-?[0-9]{0,9}(?:\.[0-9]{1,9})?(?:e[0-9])?")


def drawn(data: bytes) -> bytes:
    """The drawing as a PNG.

    Raises:
        MediaRejected: it is damaged, or asks for what is not given.
    """
    import resvg_py  # most pictures never need it in memory

    try:
        root = _read(data)
        width, height = _size(root)
        fonts = _fonts() if any(_name(e) == "text" for e in root.iter()) else None
        png = resvg_py.svg_to_bytes(
            svg_string=ET.tostring(root, encoding="unicode"),
            width=width,
            height=height,
            dpi=_DPI,
            skip_system_fonts=fonts is None,
            font_dirs=fonts,
        )
    except (ValueError, ET.ParseError, RecursionError) as error:
        raise MediaRejected(_NO_DRAWING) from error
    return bytes(png)


def blank() -> bytes:
    """What stands for a picture that cannot be drawn or opened: an empty sheet, as a PNG."""
    out = BytesIO()
    Image.new("RGB", UNKNOWN_PX, (238, 238, 238)).save(out, "PNG")
    return out.getvalue()


def _read(data: bytes) -> ET.Element:
    """The drawing without what it must not do."""
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = data.decode("utf-16" if wide else "utf-8-sig")
    if re.search(r"<!(?:ENTITY|ATTLIST)", text, re.IGNORECASE):
        raise MediaRejected(_NO_DRAWING)
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    if "xlink:" in text and "xmlns:xlink" not in text:  # models forget to declare it, too
        text = text.replace("<svg", f'<svg xmlns:xlink="{_XLINK}"', 1)
    # Entities are refused above, and this process is confined in memory, time and files.
    root = ET.fromstring(text)  # noqa: S314
    if _name(root) != "svg":
        raise MediaRejected(_NO_DRAWING)
    if not root.tag.startswith("{"):  # models forget the namespace
        for element in root.iter():
            if not element.tag.startswith("{"):
                element.tag = _SVG + element.tag
    _clean(root)
    return root


def _clean(root: ET.Element) -> None:
    """Take out scripts, and every reference that leads out of the file."""
    level, elements = [root], 0
    for _ in range(MAX_LEVELS):
        elements += len(level)
        if elements > MAX_ELEMENTS:
            raise MediaRejected(_NO_DRAWING)
        for element in level:
            for child in [c for c in element if _name(c) in _NEVER]:
                element.remove(child)
            for name in [name for name in element.attrib if _leads_out(name, element.attrib[name])]:
                del element.attrib[name]
        level = [child for element in level for child in element]
        if not level:
            return
    raise MediaRejected(_NO_DRAWING)


def _leads_out(name: str, value: str) -> bool:
    plain = name.rpartition("}")[2].lower()
    return plain.startswith("on") or (plain in {"href", "src"} and not _INSIDE.match(value))


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _size(root: ET.Element) -> tuple[int, int]:
    """Width and height to draw at, in pixels."""
    box = [float(found or 0) for found in _numbers(root.get("viewBox", ""))]
    width, height = _length(root.get("width")), _length(root.get("height"))
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        shape = box[2] / box[3]
        if not (width and height):
            width = width or (height * shape if height else box[2])
            height = width / shape
    width, height = width or 512.0, height or 512.0
    longer = max(width, height)
    factor = min(max(longer, LEAST_SIDE_PX), MOST_SIDE_PX) / longer
    return max(1, math.floor(width * factor + 0.5)), max(1, math.floor(height * factor + 0.5))


def _numbers(text: str) -> list[str]:
    parts = re.split(r"[\s,]", text[:200])
    return [part for part in parts if part and _NUMBER.fullmatch(part)]


def _length(value: str | None) -> float:
    found = _LENGTH.fullmatch((value or "")[:40].strip())
    if found is None:
        return 0.0
    return float(found[1]) * _UNITS[found[2] or ""]


def _fonts() -> list[str]:
    """Fonts that are always there, beside those of the system: the chart tool's own."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        return []
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return [str(folder)] if folder.is_dir() else []
