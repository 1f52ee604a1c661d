"""Files read for whoever has an event loop: each in a process of its own, a few at a time."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec

from chat.confined.once import NoAnswerError, done_once
from chat.core.errors import ToolFailed
from chat.core.parts import Json
from chat.core.tools import GivenFile
from chat.files.limits import CPU_S, MAX_ANSWER_BYTES, MAX_FILE_BYTES, PATIENCE_S, TOO_MUCH_MEMORY
from chat.files.wanted import Extract, Wanted

log = logging.getLogger(__name__)

_AT_ONCE = 2

TOO_MUCH_WORK = "The file takes too long to read. Ask for a smaller part of it."
ENDLESS_QUERY = "The query takes too long. Ask for less, or join on columns that match."
DIED = "The file is made so that it cannot be read here, or takes more memory than there is for it."


class FileProcess:
    """Has tasks done in processes of their own; more than a few wait for each other."""

    def __init__(self, cpu_s: float = CPU_S) -> None:
        """Nothing is started before the first task comes; each may take so much processor time."""
        self._cpu_s = cpu_s
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def ask(
        self,
        job: Mapping[str, Json],
        *files: bytes,
        too_long: str = TOO_MUCH_WORK,
        died: str = DIED,
    ) -> tuple[Mapping[str, Json], list[bytes]]:
        """Have one done; what was found. Cancelling this ends the process.

        Args:
            job: what to do; ``do`` names the task.
            files: what to do it with.
            too_long: the sentence for one that does not end.
            died: the sentence for one that its process did not survive.

        Raises:
            ToolFailed: it was refused, or the process did not survive it.
        """
        if any(len(data) > MAX_FILE_BYTES for data in files):
            raise ToolFailed(f"A file that is read has at most {MAX_FILE_BYTES // 1_000_000} MB.")
        try:
            async with self._at_once:
                answer, blobs = await done_once(
                    "chat.files.worker",
                    {**job, "cpu_s": self._cpu_s},
                    *files,
                    within_s=PATIENCE_S,
                    max_answer_bytes=MAX_ANSWER_BYTES,
                )
        except NoAnswerError as error:
            log.warning("the process of files %s", error)
            raise ToolFailed(too_long if error.out_of_time else died) from error
        if "refused" in answer:
            log.info(
                "a file is not read: %s %s", answer["refused"], answer["cause"] or "(no cause)"
            )
            raise ToolFailed(str(answer["refused"]))
        return answer["found"], blobs


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What SQL found."""

    text: str
    """A table in Markdown, or what tables there are."""
    note: str
    """How much of the result that is."""
    table: bytes
    """All of it as CSV, where that is more; else empty."""
    failed: bool
    """It names what is not there: the text says so, and what there is."""


def can_query() -> bool:
    """Whether the extra ``data`` is installed."""
    return find_spec("duckdb") is not None


class DataQueries:
    """Answers SQL over the tables of files."""

    def __init__(self, process: FileProcess) -> None:
        """Work in these processes."""
        self._process = process

    async def ask(self, files: Sequence[GivenFile], sql: str) -> QueryResult:
        """Run one query. Cancelling this ends it.

        Args:
            files: those whose tables it may name.
            sql: the query; empty: which tables there are.

        Raises:
            ToolFailed: it is no query, or takes too much; the sentence says what is wrong.
        """
        job = {"do": "query", "sql": sql, "names": [file.name for file in files]}
        data = [file.data for file in files]
        found, tables = await self._process.ask(
            job, *data, too_long=ENDLESS_QUERY, died=TOO_MUCH_MEMORY
        )
        return QueryResult(
            str(found["text"]), str(found["note"]), b"".join(tables), bool(found["failed"])
        )


class FileReader:
    """Reads files: bytes and a name in, text out."""

    def __init__(self, process: FileProcess) -> None:
        """Read in these processes."""
        self._process = process

    async def read(self, data: bytes, name: str, wanted: Wanted) -> Extract:
        """What is told of a file.

        Args:
            data: all of it.
            name: what it is called, with its ending.
            wanted: which part of it.

        Raises:
            ToolFailed: it cannot be read; the sentence says why.
        """
        job = {"do": "read", "name": name, "wanted": asdict(wanted)}
        found, pictures = await self._process.ask(job, data)
        numbers = [int(number) for number in found["pictures"]]
        return Extract(
            str(found["kind"]),
            str(found["about"]),
            str(found["text"]),
            str(found["note"]),
            list(zip(numbers, pictures, strict=True)),
        )

    async def text(self, data: bytes, name: str, most_bytes: int) -> tuple[str, bool]:
        """All that stands in a file, every sheet of it, from its beginning.

        Args:
            data: all of it.
            name: what it is called, with its ending.
            most_bytes: of the text, as UTF-8; what comes after is left out.

        Returns:
            The text, and whether it is all of it.

        Raises:
            ToolFailed: it cannot be read; the sentence says why.
        """
        job = {"do": "text", "name": name, "most_bytes": most_bytes}
        found, _ = await self._process.ask(job, data)
        return str(found["text"]), bool(found["whole"])
