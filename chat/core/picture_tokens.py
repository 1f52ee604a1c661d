"""How many tokens a picture is to a model that is shown it. Pure.

Sources, 2026-11-30:

* OpenAI's “Images and vision”, https://developers.openai.com/api/docs/guides/images-vision: newer
  models cover a picture with patches of 32 px, as many as a budget allows; older ones with tiles of
  512 px, beside a sum for every picture. GPT Image counts tiles of a smaller copy, and at high
  fidelity more for the whole, which depends on the shape.
* Google's “Understand and count tokens”, https://ai.google.dev/gemini-api/docs/tokens: Gemini 2
  cuts a picture into tiles of at most 768 px, none where both sides have at most 384. Gemini 3
  counts the same for every picture, and so do the models that draw, each its own figure:
  https://ai.google.dev/gemini-api/docs/pricing.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureTokens:
    """A rule. A picture is first made to fit, then covered with square cells, which are counted.

    A side of 0 px, or 0 cells, is no bound.
    """

    each: int = 1_120
    """For every picture. That of Gemini 3, and of a model of which nothing is known."""
    cell_px: int = 0
    """The side of a cell; 0: ``each`` is all there is."""
    per_cell: float = 0.0
    longest_px: int = 0
    """What the longer side is brought down to."""
    shortest_px: int = 0
    """What the shorter side is brought down to after that."""
    most_cells: int = 0
    """A picture that needs more is brought down until it does not."""
    across: float = 0.0
    """A cell is at most so small that this many fit the shorter side; 0: it always has its size."""
    single_px: int = 0
    """A picture with no longer side is one cell."""
    square: int = 0
    """For a picture as wide as high, beside all else."""
    oblong: int = 0
    """For any other."""

    def of(self, width_px: int, height_px: int) -> int:
        """The tokens of a picture with these sides."""
        width, height = float(max(1, width_px)), float(max(1, height_px))
        more = self.square if width == height else self.oblong
        if not self.cell_px:
            return self.each + more
        return math.ceil(self.each + more + self.per_cell * self._cells(width, height))

    def _cells(self, width: float, height: float) -> int:
        if max(width, height) <= self.single_px:
            return 1
        for bound, side in ((self.longest_px, max), (self.shortest_px, min)):
            if bound and side(width, height) > bound:
                scale = bound / side(width, height)
                width, height = width * scale, height * scale
        cell = float(self.cell_px)
        if self.across:
            cell = max(1.0, min(cell, math.floor(min(width, height) / self.across)))
        cells = _covering(width, height, cell)
        if not self.most_cells or cells <= self.most_cells:
            return cells
        shrunk = math.sqrt(cell**2 * self.most_cells / (width * height))
        columns, rows = width * shrunk / cell, height * shrunk / cell
        fitting = min(math.floor(columns) / columns, math.floor(rows) / rows)
        # A strip that is thinner than a cell stays one.
        shrunk *= fitting or 1.0
        covered = _covering(math.floor(width * shrunk), math.floor(height * shrunk), cell)
        return min(covered, self.most_cells)


def _covering(width: float, height: float, cell: float) -> int:
    # A side that was brought down to a bound may be off it by the last digit.
    columns, rows = (math.ceil(round(side / cell, 6)) for side in (width, height))
    return max(1, columns) * max(1, rows)
