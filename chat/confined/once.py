"""One task in a process of its own, which ends with it, whatever becomes of it.

What is made to break a parser breaks nothing else, what runs for ever is killed with the call, and
what a file leaves behind in memory is gone before the next one.
"""

import asyncio
import io
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress

from chat.confined.environment import bare_environment
from chat.confined.pipe import receive, send
from chat.core.parts import Json

# What a process dies of when its processor time is over. Windows counts none.
_OUT_OF_TIME = -signal.SIGPROF if hasattr(signal, "SIGPROF") else None


class NoAnswerError(Exception):
    """The process died, spoke gibberish or was ended for being slow."""

    def __init__(self, status: int | None, late: bool) -> None:
        super().__init__("ended for being slow" if late else f"ended with {status}")
        self.out_of_time = late or (status is not None and status == _OUT_OF_TIME)
        """Whether it was at work for too long, by its own clock or by ours."""


async def done_once(
    module: str, head: Mapping[str, Json], *blobs: bytes, within_s: float, max_answer_bytes: int
) -> tuple[dict[str, Json], list[bytes]]:
    """Have one task done; its answer. Cancelling this ends the process.

    Args:
        module: is started as ``python -m``; it reads one parcel and writes one.
        head: what is asked.
        blobs: the files that go with it.
        within_s: of the clock on the wall.
        max_answer_bytes: more than this is a fault.

    Raises:
        NoAnswerError: nothing that makes sense came back.
    """
    asked = io.BytesIO()
    send(asked, head, *blobs)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=bare_environment(),
        start_new_session=True,  # Ctrl-C in a terminal is for the parent to handle
    )
    late = False
    told = b""
    try:
        async with asyncio.timeout(within_s):
            told = await _exchanged(process, asked.getbuffer(), max_answer_bytes)
            # Its pipe is closed a moment before the system tells how it ended.
            await process.wait()
    except TimeoutError:
        late = True
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    try:
        return receive(io.BytesIO(told), max_answer_bytes)
    except (EOFError, ValueError) as error:
        raise NoAnswerError(process.returncode, late) from error


async def _exchanged(
    process: asyncio.subprocess.Process, asked: memoryview, max_answer_bytes: int
) -> bytes:
    """All that it writes while it is told what to do; nothing where that is too much."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the process was started without pipes")
    writing = asyncio.create_task(_written(process.stdin, asked))
    try:
        await process.stdout.readexactly(max_answer_bytes + 1)
    except asyncio.IncompleteReadError as answer:
        return answer.partial
    finally:
        writing.cancel()
        await asyncio.wait({writing})
    process.kill()
    return b""


async def _written(stream: asyncio.StreamWriter, asked: memoryview) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it had read all
        stream.write(asked)
        await stream.drain()
        stream.close()
