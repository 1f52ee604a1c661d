"""The page as it is served, before Gradio has begun: what it shows, and what works there already.

Gradio's modules, its configuration and its components take most of the time of a load. Whatever is
plain HTML of ours need not wait for them: it is served in a copy of the columns in which it will
stand, and our scripts begin on it at once. Gradio builds its page meanwhile, out of sight, with an
empty column in each of those places; once all are there, ``assets/js/gradio.js`` puts ours in, the
very elements, and takes the copy away.

What lies where Gradio builds nothing until it is looked at, as in a tab, a closed accordion or a
column that is not visible, is kept apart, and put in when its place comes.
"""

from html import escape
from typing import Any

import gradio as gr
from gradio.layouts.form import Form

SERVED = "served_html"
"""The attribute of a column that keeps the place of what is served ahead."""
CONTAINER = f"gradio-container gradio-container-{gr.__version__.replace('.', '-')}"
"""What Gradio's own rules for elements without a class go by."""


def place_for(html: str, elem_id: str, *classes: str) -> None:
    """Have this served ahead, to stand here among Gradio's components as ``elem_id``."""
    setattr(gr.Column(elem_id=elem_id, elem_classes=list(classes)), SERVED, html)


def ahead_of(page: gr.Blocks) -> str:
    """The HTML that stands before Gradio's own in the page."""
    return (
        f'<div id="ahead" class="{CONTAINER}">'
        f'<div class="wrap"><main class="column">{_inside(page)}</main></div></div>'
    )


def _drawn(part: Any) -> str:
    if part.visible is not True:
        return _kept(part)
    if hasattr(part, SERVED):
        return _frame(part)
    match part:
        case gr.Sidebar():
            return _sidebar(part)
        case gr.Row():
            return _element(part, "row", _inside(part))
        case gr.Column():
            return _element(part, "column", _inside(part))
        case gr.Checkbox():
            return _switch(part)
        case gr.Group() | Form():
            return _inside(part)
    # Other components come with Gradio, and what they hold with them.
    return _kept(part)


def _kept(part: Any) -> str:
    """What of ours lies in it, where nothing of it is there yet."""
    if hasattr(part, SERVED):
        return f"<template data-kept>{_frame(part)}</template>"
    return "".join(_kept(child) for child in getattr(part, "children", ()))


def _frame(place: Any) -> str:
    inner = f'<div class="html-container"><div>{getattr(place, SERVED)}</div></div>'
    return _element(place, " ".join(["block", "frame", *place.elem_classes]), inner)


def _inside(part: Any) -> str:
    return "".join(_drawn(child) for child in getattr(part, "children", ()))


def _sidebar(bar: Any) -> str:
    right = bar.position == "right"
    inner = (
        '<button type="button" class="toggle-button"></button>'
        f'<div class="sidebar-content"><div class="column">{_inside(bar)}</div></div>'
    )
    style = f"width: {bar.width}px; {'right' if right else 'left'}: -{bar.width}px"
    return _element(bar, f"sidebar{' right' if right else ''}{' open' * bar.open}", inner, style)


def _switch(box: Any) -> str:
    """Its place, with its word: what stands beside it must not move when it comes."""
    label = escape(str(box.label))
    inner = f'<input type="checkbox" disabled><span class="label-text">{label}</span>'
    return _element(box, "block switch", f'<label class="checkbox-container">{inner}</label>')


def _element(part: Any, classes: str, inner: str, style: str = "") -> str:
    named = f' id="{part.elem_id}"' if part.elem_id else ""
    styled = f' style="{style}"' if style else ""
    return f'<div{named} class="{classes}"{styled}>{inner}</div>'
