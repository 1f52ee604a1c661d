"""The process that opens one file of a conversation: the only place where it meets a parser.

It holds no secret, opens no file, may use little memory and little processor time, and ends with
its task. Started as ``python -m chat.files.worker``.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Mapping

from chat.confined.confinement import confine, end_after
from chat.confined.pipe import receive, send
from chat.core.errors import ToolFailed
from chat.files.limits import ADDRESS_SPACE_BYTES

TASKS: Mapping[str, str] = {
    "read": "chat.files.read_task:read_task",
    "query": "chat.files.query_task:query_task",
    "text": "chat.files.read_task:text_task",
}
"""Task -> ``module:function``. Each takes what is asked and the files, and gives what was found, as
JSON, and files."""

TOO_LARGE = "The file takes more memory than Easel gives to one."
UNREADABLE = "The file is damaged, or made so that it cannot be read here."


def main() -> None:
    """Do the one task, and end."""
    # Whatever prints must not end up in the pipe.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confine(ADDRESS_SPACE_BYTES)
    job, files = receive(sys.stdin.buffer, sys.maxsize)
    end_after(float(job["cpu_s"]))
    try:
        module, _, name = TASKS[job["do"]].partition(":")
        found, blobs = getattr(importlib.import_module(module), name)(job, files)
    except ToolFailed as error:
        send(
            answers,
            {"refused": str(error), "cause": repr(error.__cause__) if error.__cause__ else ""},
        )
    except MemoryError:
        send(answers, {"refused": TOO_LARGE, "cause": "MemoryError"})
    except Exception:  # a parser found a new way to fail
        send(answers, {"refused": UNREADABLE, "cause": traceback.format_exc()})
    else:
        send(answers, {"found": found}, *blobs)


if __name__ == "__main__":
    main()
