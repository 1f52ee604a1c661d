"""What is written sideways on a page, turned so that it can be read: as a wide table often is."""

from typing import Literal, TypeAlias

from chat.files.pdf_lines import Piece
from chat.files.pdf_rules import Point

Quarter: TypeAlias = Literal[0, 1, 3]
"""Quarters of a circle, clockwise, that writing is turned by: 1 goes down the page, 3 up."""


def turned_point(point: Point, quarter: Quarter) -> Point:
    """A place on the page, turned back."""
    x, y = point
    match quarter:
        case 1:
            return -y, x
        case 3:
            return y, -x
    return point


def upright(piece: Piece, quarter: Quarter) -> Piece:
    """A piece of text, turned back."""
    if quarter == 0:
        return piece
    corners = [
        turned_point(corner, quarter)
        for corner in ((piece.left, piece.bottom), (piece.right, piece.top))
    ]
    across, up = zip(*corners, strict=True)
    return Piece(min(across), min(up), max(across), max(up), piece.text)
