"""A file read, as the process of files is asked to."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from chat.core.parts import Json
from chat.files.extract import extract, whole_text
from chat.files.wanted import Wanted


def read_task(
    job: Mapping[str, Json], files: Sequence[bytes]
) -> tuple[dict[str, Json], list[bytes]]:
    """What is told of a file, and pictures of its pages. Raises ``ToolFailed``."""
    (data,) = files
    found = extract(data, str(job["name"]), Wanted(**job["wanted"]))
    numbers = [number for number, _ in found.pictures]
    told = {**asdict(found), "pictures": numbers}
    return told, [picture for _, picture in found.pictures]


def text_task(
    job: Mapping[str, Json], files: Sequence[bytes]
) -> tuple[dict[str, Json], list[bytes]]:
    """All that stands in a file, as far as there is room. Raises ``ToolFailed``."""
    (data,) = files
    text, whole = whole_text(data, str(job["name"]), int(job["most_bytes"]))
    return {"text": text, "whole": whole}, []
