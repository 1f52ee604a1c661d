"""Gemini's activity from Google Takeout: ``MyActivity.json`` or ``MyActivity.html``.

Takeout knows no conversations, only an activity for each prompt, the newest first. In JSON it has
``title`` (“Prompted …”), ``time``, ``safeHtmlItem`` with the answer as HTML, ``attachedFiles`` and
``imageFile`` with names of files beside it, and ``header`` or ``products`` that name Gemini. In
HTML the same stands in cells of one class. What follows within half an hour is taken for one
conversation.

An activity of another kind (a Gem made, a page shared) is no prompt. In other languages the verb
is another: then an activity counts as a prompt where it has an answer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Final

from chat.archive.draft import Draft
from chat.archive.readers import building
from chat.archive.readers.building import Gathered, is_picture, list_of, mapping_of, words_of
from chat.archive.readers.markup import Cell, cells_of, markdown_of
from chat.archive.sources import (
    MAX_TEXT_BYTES,
    LoneSource,
    Source,
    first_item,
    json_items,
    read_bytes,
)
from chat.core.messages import Message, now
from chat.core.parts import Json, Part, Text
from chat.core.ports import StoredForm, WholeConversation

GAP: Final = timedelta(minutes=30)
FILE = re.compile(r"my ?activity\.(json|html)", re.IGNORECASE)
PROMPT = re.compile(r"(?:Prompted(?: with:)?|Asked(?: Gemini:| Bard:)?|Said|Branched|Answered)\s+")
OTHER = re.compile(
    r"(?:Created|Used|Added|Gave|Selected|Shared|Deleted|Viewed|Visited|Searched|Edited|Pinned"
    r"|Renamed|Exported|Updated)\b"
)
ATTACHED = re.compile(r"(?<!\s)\s*+Attached \d++ files?\.?\s*+$", re.IGNORECASE)
CELL = "content-cell"
NUMBER = re.compile(r"\b\d{1,4}\b")
CLOCK = re.compile(r"\d:\d\d")
ENGLISH = ("%b %d, %Y, %I:%M:%S %p", "%d %b %Y, %H:%M:%S")


@dataclass(frozen=True, slots=True)
class _Activity:
    at: datetime | None
    asked: str
    answer: str
    files: Sequence[str]
    """Names of pictures and other files that went along."""


class GeminiReader:
    """Reads what Takeout holds of Gemini."""

    title = "Gemini"

    def fits(self, source: Source) -> bool:
        """Whether there is a file of activity in it that names Gemini or Bard."""
        return any(_is_of_gemini(source, name) for name in _files(source))

    def read(self, source: Source, form: StoredForm) -> Draft:
        """Every prompt with its answer, put together by the time between them."""
        del form
        gathered = Gathered()
        found: list[tuple[str, _Activity]] = []
        for name in _files(source):
            if not _is_of_gemini(source, name):
                continue
            read = _of_html if name.lower().endswith(".html") else _of_json
            of_file = list(read(source, name))
            of_file.reverse()  # the oldest first, also where no time can be read
            found += [(name, activity) for activity in of_file]
        wholes = [_whole(group, source, gathered) for group in _grouped(found)]
        return Draft(
            wholes, gathered.pictures, left_out=gathered.left_out, pictures_lost=gathered.lost
        )


def _files(source: Source) -> list[str]:
    if isinstance(source, LoneSource):
        return source.names  # whatever it was called
    return [name for name in source.names if FILE.fullmatch(PurePosixPath(name).name)]


def _is_of_gemini(source: Source, name: str) -> bool:
    if name.lower().endswith(".html"):
        with source.open(name) as file:
            head = file.read(200_000)
        return CELL.encode() in head and (b"Gemini" in head or b"Bard" in head)
    first = first_item(source, name)
    return isinstance(first, dict) and "title" in first and _names_gemini(first)


def _names_gemini(row: dict[str, Json]) -> bool:
    labels = [words_of(row.get("header")), *map(words_of, list_of(row.get("products")))]
    return any("gemini" in label.lower() or "bard" in label.lower() for label in labels)


def _of_json(source: Source, name: str) -> Iterator[_Activity]:
    for item in json_items(source, name):
        row = mapping_of(item)
        if not _names_gemini(row):
            continue
        held = row.get("safeHtmlItem")
        items = [held] if isinstance(held, dict) else list_of(held)
        answer = "\n\n".join(
            markdown_of(words_of(mapping_of(each).get("html"))) for each in items
        ).strip()
        asked = _asked(words_of(row.get("title")), answer)
        files = [words_of(row.get("imageFile")), *map(words_of, list_of(row.get("attachedFiles")))]
        kept = list(dict.fromkeys(filter(None, files)))
        if asked or kept:
            yield _Activity(_moment(row.get("time")), asked, answer, kept)


def _of_html(source: Source, name: str) -> Iterator[_Activity]:
    page = read_bytes(source, name, MAX_TEXT_BYTES).decode("utf-8", "replace")
    for cell in cells_of(page, CELL):
        if activity := _of_cell(cell):
            yield activity


def _of_cell(cell: Cell) -> _Activity | None:
    """The cell of an activity: what was asked, a line that says when, the answer."""
    lines = cell.text.split("\n")
    at = next((k for k, line in enumerate(lines) if _says_when(line)), None)
    if at is None:
        return None
    answer = "\n".join(lines[at + 1 :]).strip()
    asked = _asked("\n".join(lines[:at]).strip(), answer)
    if not asked:
        return None
    return _Activity(_in_english(lines[at]), asked, answer, cell.sources)


def _says_when(line: str) -> bool:
    """Whether a line holds a number of a date and, after it, a time, in whatever language."""
    number, clocks = NUMBER.search(line), list(CLOCK.finditer(line))
    return number is not None and bool(clocks) and number.end() <= clocks[-1].start()


def _asked(title: str, answer: str) -> str:
    if OTHER.match(title):
        return ""
    match = PROMPT.match(title)
    if match is None and not answer:
        return ""
    return ATTACHED.sub("", title[match.end() :] if match else title).strip()


def _moment(value: Json) -> datetime | None:
    never = datetime.min.replace(tzinfo=UTC)
    found = building.moment_of(value, never)
    return None if found == never else found


def _in_english(line: str) -> datetime | None:
    """The moment of a line such as “Apr 12, 2026, 3:34:31 PM EDT”; the zone is not told."""
    plain = " ".join(line.replace("\u202f", " ").replace("Sept ", "Sep ").split())
    for words in (plain, plain.rpartition(" ")[0]):
        for form in ENGLISH:
            try:
                return datetime.strptime(words, form).replace(tzinfo=UTC)
            except ValueError:
                continue
    return None


def _grouped(found: Sequence[tuple[str, _Activity]]) -> Iterator[list[tuple[str, _Activity]]]:
    """Activities that follow one another within the gap, the oldest first."""
    early = datetime.min.replace(tzinfo=UTC)
    group: list[tuple[str, _Activity]] = []
    for name, activity in sorted(found, key=lambda each: each[1].at or early):
        before = group[-1][1].at if group else None
        if group and (before is None or activity.at is None or activity.at - before > GAP):
            yield group
            group = []
        group.append((name, activity))
    if group:
        yield group


def _whole(
    group: Sequence[tuple[str, _Activity]], source: Source, gathered: Gathered
) -> WholeConversation:
    first, last = group[0][1], group[-1][1]
    began = first.at or now()
    of = building.conversation(first.asked, began, last.at or began)
    messages: list[Message] = []
    for name, activity in group:
        at = activity.at or began
        above = messages[-1].id if messages else None
        parts = [*_pictures(name, activity, source, gathered), Text(activity.asked)]
        asked = building.message(of, above, "user", parts, at)
        messages.append(asked)
        if activity.answer:
            told = [Text(activity.answer)]
            reply = building.message(of, asked.id, "assistant", told, at, "", GeminiReader.title)
            messages.append(reply)
    return building.finished(of, messages, None)


def _pictures(name: str, activity: _Activity, source: Source, gathered: Gathered) -> Iterator[Part]:
    """What went along with a prompt, from files that lie beside the activity."""
    folder = PurePosixPath(name).parent
    others = []
    there = set(source.names)
    for file in activity.files:
        if not is_picture(file):
            others.append("files")
            continue
        path = (folder / PurePosixPath(file).name).as_posix()
        if path in there:
            yield gathered.file(source, path, "upload")
        else:
            gathered.lost += 1
            yield Text(building.MISSING)
    gathered.leave_out(others)
