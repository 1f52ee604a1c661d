"""Matplotlib, kept in one room: a chart's data to PNG bytes.

Uses figures of its own and no ``pyplot``, so nothing is shared between calls but the fonts,
and those are guarded by a lock.
"""

import io
import logging
import threading
from dataclasses import replace
from typing import Literal

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.layout_engine import ConstrainedLayoutEngine

from chat.tools.chart_data import Data, positions

WIDTH_PX, HEIGHT_PX, DPI = 1200, 750, 150
_MARGIN_IN = 0.2

_INKS = ("#2f5d8c", "#d9822b", "#4f8a5b", "#a8486a", "#7a6bb0", "#3f9aa6")
_INK, _SOFT, _PAPER = "#22262b", "#c9ccd1", "#ffffff"
_HEAT = "viridis"
_DARK = 0.6
_TOLD_COLUMNS, _TOLD_ROWS = 12, 14
_NAMELESS = {"Date": None, "Creator": None}
_CROWDED = 8
_MAX_TICKS = 24
_SHORT_CHARS = 24

_drawing = threading.Lock()

_FONT_NAME = "DejaVu Sans"
_font = get_font(findfont(_FONT_NAME))

# Where it may not write its font cache, it says so at each start, and goes on without.
logging.getLogger("matplotlib").setLevel(logging.ERROR)


def drawn(data: Data, form: Literal["png", "svg"]) -> bytes:
    """The chart as a PNG of 1200 by 750 px, or as an SVG of that shape whose letters are curves."""
    data = replace(
        data,
        title=_drawable(data.title),
        labels=tuple(map(_drawable, data.labels)) if data.kind != "scatter" else data.labels,
        names=tuple(map(_drawable, data.names)),
    )
    style = rc_context(
        {
            "font.family": _FONT_NAME,
            "font.size": 10,
            "text.color": _INK,
            "text.parse_math": False,
            "text.usetex": False,
            "svg.fonttype": "path",
            "svg.hashsalt": "chart",
            "axes.labelcolor": _INK,
            "xtick.color": _INK,
            "ytick.color": _INK,
        }
    )
    with _drawing, style:
        size_in = (WIDTH_PX / DPI, HEIGHT_PX / DPI)
        figure = Figure(
            size_in,
            DPI,
            facecolor=_PAPER,
            layout=ConstrainedLayoutEngine(h_pad=_MARGIN_IN, w_pad=_MARGIN_IN),
        )
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.set_title(data.title, fontsize=13, pad=14, wrap=True)
        _FORMS[data.kind](axes, data)
        written = io.BytesIO()
        # Without the time: the same numbers make the same file.
        figure.savefig(written, format=form, metadata=_NAMELESS if form == "svg" else None)
    made = written.getvalue()
    # Whatever stands before the drawing names a type of document, which no reader here takes.
    return made[made.index(b"<svg") :] if form == "svg" else made


def _drawable(text: str) -> str:
    """The text with a box for every letter that the font lacks."""
    return "".join(letter if _font.get_char_index(ord(letter)) else "□" for letter in text)


def _bars(axes: Axes, data: Data) -> None:
    width = 0.8 / len(data.rows)
    for number, row in enumerate(data.rows):
        shift = (number - (len(data.rows) - 1) / 2) * width
        spots = [spot + shift for spot in range(len(row))]
        axes.bar(spots, row, width * 0.94, color=_INKS[number])
    _label(axes, data)
    _frame(axes, data)


def _lines(axes: Axes, data: Data) -> None:
    for number, row in enumerate(data.rows):
        marker = "o" if len(row) <= _MAX_TICKS else ""
        axes.plot(
            range(len(row)),
            row,
            color=_INKS[number],
            marker=marker,
            lw=2,
        )
    _label(axes, data)
    _frame(axes, data)


def _dots(axes: Axes, data: Data) -> None:
    for number, row in enumerate(data.rows):
        axes.scatter(positions(data), row, color=_INKS[number], s=36)
    _frame(axes, data)


def _slices(axes: Axes, data: Data) -> None:
    (values,) = data.rows
    inks = [_INKS[number % len(_INKS)] for number in range(len(values))]
    axes.pie(
        values,
        labels=[_short(label) for label in data.labels],
        colors=inks,
        autopct="%1.0f %%",
        pctdistance=0.78,
        startangle=90,
        counterclock=False,
        wedgeprops={"width": 0.45, "edgecolor": _PAPER, "linewidth": 2},
    )


def _cells(axes: Axes, data: Data) -> None:
    """A heat map: the first row above, numbers in the cells where there is room for them."""
    low, high = min(map(min, data.rows)), max(map(max, data.rows))
    mesh = axes.pcolormesh(data.rows, cmap=_HEAT, edgecolors=_PAPER, linewidth=0.5)
    axes.invert_yaxis()
    _label(axes, data, middle=0.5)
    step = -(-len(data.rows) // _MAX_TICKS)
    axes.set_yticks(
        [row + 0.5 for row in range(0, len(data.rows), step)],
        [_short(data.name(row)) for row in range(0, len(data.rows), step)],
    )
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.figure.colorbar(mesh, ax=axes).outline.set_visible(False)
    if len(data.labels) > _TOLD_COLUMNS or len(data.rows) > _TOLD_ROWS:
        return
    for row, values in enumerate(data.rows):
        for column, value in enumerate(values):
            dark = high > low and (value - low) / (high - low) < _DARK
            ink = _PAPER if dark else _INK
            place = (column + 0.5, row + 0.5)
            axes.text(*place, f"{value:.3g}", color=ink, ha="center", va="center", fontsize=9)


def _label(axes: Axes, data: Data, middle: float = 0.0) -> None:
    """Labels under the axis: slanted where they crowd, some left out where they would touch."""
    step = -(-len(data.labels) // _MAX_TICKS)
    crowded = len(data.labels) > _CROWDED or max(map(len, data.labels)) > _CROWDED * 2
    axes.set_xticks(
        [spot + middle for spot in range(0, len(data.labels), step)],
        [_short(label) for label in data.labels[::step]],
        rotation=35 if crowded else 0,
        ha="right" if crowded else "center",
    )


def _short(label: str) -> str:
    return label if len(label) <= _SHORT_CHARS else label[: _SHORT_CHARS - 1] + "…"


def _frame(axes: Axes, data: Data) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_SOFT)
    axes.grid(axis="y", color=_SOFT, linewidth=0.7, alpha=0.7)
    axes.set_axisbelow(True)
    if any(data.names):
        drawn = axes.containers or axes.lines or axes.collections
        # As many as there are: one name may stand for the first of several rows. A space before it:
        # Matplotlib drops names that begin with an underscore.
        named = [(row, f" {name}") for row, name in zip(drawn, data.names, strict=False) if name]
        axes.legend(*zip(*named, strict=True), frameon=False)


_FORMS = {"bar": _bars, "line": _lines, "pie": _slices, "scatter": _dots, "heatmap": _cells}
