"""What is counted in sentences of Easel: so many of a thing, as a part of another sentence.

A sentence that was made in English is known again by them in another language, which counts in its
own way (:func:`chat.core.languages.resaid`).
"""

COUNTS: tuple[tuple[str, str], ...] = (
    ("{n} second", "{n} seconds"),
    ("{n} minute", "{n} minutes"),
    ("{n} hour", "{n} hours"),
    ("{n} day", "{n} days"),
    ("{n} time", "{n} times"),
    ("{n} file", "{n} files"),
    ("{n} conversation", "{n} conversations"),
    ("{n} reply", "{n} replies"),
    ("in {n} minute", "in {n} minutes"),
    ("in {n} hour", "in {n} hours"),
    ("in {n} day", "in {n} days"),
    ("make {n} picture", "make {n} pictures"),
    ("{n} more", "{n} more"),
)
"""Singular and plural; ``{n}`` is the number."""
