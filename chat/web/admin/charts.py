"""Bars, drawn as SVG: small, without a script, and never the only place where a figure stands.

Only the bars are in the picture, which takes the width there is; words around it are HTML, so that
they stay as large as the reader wants them. Every page with a chart has its table, too.
"""

from collections.abc import Callable, Sequence
from html import escape

WIDTH, GAP, HEIGHT = 10, 2, 100
"""Of a bar, between two, and of the highest one, in units of the picture."""


def bars(
    name: str,
    title: str,
    values: Sequence[tuple[str, float]],
    told: Callable[[float], str],
) -> str:
    """A figure with a bar for each value, in order.

    Args:
        name: its id on the page.
        title: what is shown.
        values: what each bar stands for, and how high it is; at least one.
        told: a value in words.
    """
    most = max(value for _, value in values)
    highest = max(values, key=lambda each: each[1])[0]
    drawn = "".join(
        f'<rect class="bar" x="{at * WIDTH}" y="{HEIGHT - high:.2f}" width="{WIDTH - GAP}" '
        f'height="{high:.2f}"><title>{escape(each)}: {escape(told(value))}</title></rect>'
        for at, (each, value) in enumerate(values)
        if (high := HEIGHT * value / most if most else 0.0) > 0
    )
    described = (
        f"{len(values)} days from {values[0][0]} to {values[-1][0]}; the most is {told(most)} on "
        f"{highest}. The table by day has every figure."
        if most
        else f"Nothing from {values[0][0]} to {values[-1][0]}."
    )
    return (
        f'<figure><figcaption id="{name}">{escape(title)}</figcaption>'
        f'<div class="ends"><span>{escape(told(most))}</span></div>'
        f'<svg viewBox="0 0 {len(values) * WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-labelledby="{name}" aria-describedby="{name}-more">'
        f'<title>{escape(title)}</title><desc id="{name}-more">{escape(described)}</desc>'
        f'{drawn}</svg><div class="ends"><span>{escape(values[0][0])}</span>'
        f"<span>{escape(values[-1][0])}</span></div></figure>"
    )


def share(value: float, most: float) -> str:
    """A small bar below a name in a table, whose other columns say the figure."""
    wide = WIDTH * WIDTH * value / most if most else 0.0
    return (
        f'<svg class="share" viewBox="0 0 {WIDTH * WIDTH} 6" preserveAspectRatio="none" '
        f'aria-hidden="true"><rect class="bar" width="{wide:.2f}" height="6"></rect></svg>'
    )
