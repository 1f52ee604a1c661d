"""The types of columns whose cells came as text: what holds for every cell of one, exactly.

Numbers with decimals are exact where they can be, so that sums of money are right. What begins with
a zero or a plus, such as the code of a place or the number of a phone, is none.
"""

from dataclasses import dataclass
from typing import Any

_WHOLE = r"-?(0|[1-9]\d{0,17})"
_LARGE = r"-?(0|[1-9]\d{0,36})"
_PLAIN = r"-?(0|[1-9]\d{0,17})(\.\d{1,10})?"
_FLOAT = r"-?((0|[1-9]\d{0,17})(\.\d*)?|\.\d+|(0|[1-9]\d{0,8})?(\.\d*)?[eE][+-]?[12]?\d{1,2})"
_COMMA = r"-?(0|[1-9]\d{0,2}(\.\d{3}){1,5}|[1-9]\d{0,17})(,\d{1,10})?"
_DATE = r"\d{4}-\d{2}-\d{2}"
_MOMENT = rf"{_DATE}([ T]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d{{1,6}})?)?)?Z?"
_TRUTH = r"(?i)true|false"

MEASURES = 11
"""Figures of each column."""


@dataclass(frozen=True, slots=True)
class ColumnType:
    """What a column holds, and the expression that reads it from text."""

    name: str
    read: str


def measures(column: str) -> str:
    """What is counted of a column of text, as expressions of SQL.

    Args:
        column: its name, quoted.
    """

    def fits(form: str) -> str:
        return f"count(*) FILTER (regexp_full_match({column}, '{form}'))"

    def casts(form: str, kind: str) -> str:
        # What has not the form is not tried: a cast may take more than is meant.
        formed = f"CASE WHEN regexp_full_match({column}, '{form}') THEN {column} END"
        return f"count(TRY_CAST({formed} AS {kind}))"

    def behind(point: str) -> str:
        return f"max(length(split_part({column}, '{point}', 2)))"

    return ", ".join(
        (
            f"count({column})",
            *map(fits, (_WHOLE, _LARGE, _PLAIN, _COMMA, _TRUTH)),
            casts(_FLOAT, "DOUBLE"),
            casts(_DATE, "DATE"),
            casts(_MOMENT, "TIMESTAMP"),
            behind("."),
            behind(","),
        )
    )


def column_type(column: str, counted: tuple[Any, ...], *, decimal_comma: bool) -> ColumnType:
    """The type that every cell has.

    Args:
        column: its name, quoted.
        counted: the figures of :func:`measures`.
        decimal_comma: whether numbers may be written as 1.234,5.
    """
    filled, whole, large, plain, comma, truth, number, day, moment, points, commas = counted
    if not filled:
        return ColumnType("VARCHAR", column)
    if decimal_comma and comma == filled and whole != filled:
        # 1.234 may be a thousand and more, or little more than one: nobody but the reader knows.
        if not commas:
            return ColumnType("VARCHAR", column)
        kind = f"DECIMAL(38, {min(10, commas)})"
        english = f"replace(replace({column}, '.', ''), ',', '.')"
        return ColumnType(kind, f"CAST({english} AS {kind})")
    kinds = {
        "DATE": day,
        "TIMESTAMP": moment,
        "BOOLEAN": truth,
        "BIGINT": whole,
        "HUGEINT": large,
        f"DECIMAL(38, {min(10, points)})": plain,
        "DOUBLE": number,
    }
    for kind, fitting in kinds.items():
        if fitting == filled:
            return ColumnType(kind, f"CAST({column} AS {kind})")
    return ColumnType("VARCHAR", column)
