"""Answers packed as the browser would have them.

Only what holds nothing of a person is packed, such as the page and its files: where a secret stands
beside what a stranger may have put there, the packed length tells of the secret.
"""

import gzip
from collections.abc import Callable

import brotli

Packers = dict[str, Callable[[bytes], bytes]]

PACKERS: Packers = {
    "br": lambda data: brotli.compress(data, quality=5),
    "gzip": lambda data: gzip.compress(data, compresslevel=6),
}
"""By the name of the coding; the better one first."""

ONCE: Packers = {
    "br": lambda data: brotli.compress(data, quality=9),
    "gzip": lambda data: gzip.compress(data, compresslevel=9),
}
"""For what is packed once and sent often: 50 ms for the page's script, 11 would take a second."""


def coding_for(accepted: str) -> str:
    """The coding for a request with this ``Accept-Encoding``; empty: none."""
    refused = {"0", "0.0", "0.00", "0.000"}
    wanted: set[str] = set()
    for each in accepted.lower().split(","):
        name, _, weight = each.replace(" ", "").partition(";q=")
        if weight not in refused:
            wanted.add(name)
    return next((name for name in PACKERS if name in wanted), "")
