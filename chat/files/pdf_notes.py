"""What a PDF holds beside the text of its pages: fields that were filled in, and notes."""

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_MAX_MARKS = 2_000
"""On one page; more are none that anybody wrote."""
_MAX_CHARS = 4_000
"""Of one field or note."""
_NOTED = frozenset({1, 3, 9, 10, 11, 12, 13, 14})
"""Notes, text on the page, highlights and stamps, by the numbers of PDFium; no links."""
_WIDGET = 20
_TICKED = frozenset({2, 3})
"""Boxes and buttons, which are on or off."""
_UNSEEN = frozenset({1, 7})
"""Buttons to press, and signatures."""


def marks(page: Any, form: Any) -> list[str]:
    """The fields of a page that have a value, and the notes on it, a line each.

    Args:
        page: of pypdfium2.
        form: its document's form environment, raw; ``None``: it has no form.
    """
    import pypdfium2.raw as raw

    fields: dict[str, str] = {}
    notes: list[str] = []
    for at in range(min(raw.FPDFPage_GetAnnotCount(page), _MAX_MARKS)):
        with _annotation(raw, page, at) as mark:
            if not mark:
                continue
            kind = raw.FPDFAnnot_GetSubtype(mark)
            if kind == _WIDGET and form is not None:
                name, value = _field(raw, form, mark)
                if value:
                    fields.setdefault(name, value)
            elif kind in _NOTED:
                words = _text(lambda *to: raw.FPDFAnnot_GetStringValue(mark, b"Contents", *to))
                if words:
                    notes.append(f"[Note] {words}")
    return [*(f"[Field] {name}: {value}" for name, value in fields.items()), *notes]


def _field(raw: Any, form: Any, mark: Any) -> tuple[str, str]:
    """What a field is called, and what stands in it; empty where nothing does."""
    kind = raw.FPDFAnnot_GetFormFieldType(form, mark)
    if kind in _UNSEEN:
        return "", ""
    shown = _text(lambda *to: raw.FPDFAnnot_GetFormFieldAlternateName(form, mark, *to))
    name = shown or _text(lambda *to: raw.FPDFAnnot_GetFormFieldName(form, mark, *to)) or "unnamed"
    value = _text(lambda *to: raw.FPDFAnnot_GetFormFieldValue(form, mark, *to))
    if kind in _TICKED:
        if not raw.FPDFAnnot_IsChecked(form, mark):
            return name, ""
        return name, "checked" if kind == 2 else value or "checked"
    return name, value


@contextmanager
def _annotation(raw: Any, page: Any, at: int) -> Iterator[Any]:
    mark = raw.FPDFPage_GetAnnot(page, at)
    try:
        yield mark
    finally:
        if mark:
            raw.FPDFPage_CloseAnnot(mark)


def _text(ask: Callable[..., int]) -> str:
    """A text that PDFium writes in UTF-16 into as many bytes as it says that it needs."""
    size = ask(None, 0)
    if size <= 2:
        return ""
    room = ctypes.create_string_buffer(size)
    ask(ctypes.cast(room, ctypes.POINTER(ctypes.c_ushort)), size)
    return " ".join(room.raw[: size - 2].decode("utf-16-le", "replace").split())[:_MAX_CHARS]
