"""The process that decodes: the only place where a picture's bytes meet a decoder.

It holds no secret, opens no file, may use little memory and little processor time, and ends when
the pipe to its parent does. Started as ``python -m chat.images.worker``.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import IO

from chat.confined.confinement import confine, end_after
from chat.confined.pipe import receive, send
from chat.core.errors import MediaRejected
from chat.core.parts import Json
from chat.images.limits import DAMAGED, TOO_MUCH_MEMORY, TOO_MUCH_TO_DO, UNWORKABLE, Limits
from chat.images.processing import fit, is_large, process

# Work of the studio: task to "module:function", imported when first asked for, so that a process
# that only takes pictures in never loads OpenCV. Each takes the job, its files and the limits,
# and gives what was found, as JSON, and files.
EDITS = {
    "composite": "chat.images.region:composite_task",
    "outside": "chat.images.region:outside_task",
    "marked": "chat.images.masks:marked_task",
    "painted_over": "chat.images.masks:painted_over_task",
    "model_mask": "chat.images.masks:model_mask_task",
    "compare": "chat.images.compare:compare_task",
    "apply": "chat.images.operations.registry:apply_task",
    "thumbnail": "chat.images.operations.registry:thumbnail_task",
    "select": "chat.images.select:select_task",
    "upscale": "chat.images.upscale:upscale_task",
    "palette": "chat.images.palette:palette_task",
    "read_codes": "chat.images.codes:codes_task",
    "contact_sheet": "chat.images.contact_sheet:contact_sheet_task",
    "provenance": "chat.images.provenance:provenance_task",
}
_OPENCV_NO_MEMORY = -4


def main() -> None:
    """Answer jobs until the parent is gone."""
    # Whatever prints must not end up in the pipe.
    jobs, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    head, _ = receive(jobs, 0)
    limits = Limits(**head["limits"])
    confine(limits.address_space_bytes)
    send(answers, {"ready": True})
    with suppress(EOFError, BrokenPipeError):  # that is how a parent goes
        while True:
            job, files = receive(jobs, sys.maxsize)
            end_after(float(job["cpu_s"]))
            _answer(answers, job, files, limits)
            end_after(0)


def _answer(
    answers: IO[bytes], job: Mapping[str, Json], files: list[bytes], limits: Limits
) -> None:
    edit = EDITS.get(job["do"])
    try:
        undrawn = bool(job.get("undrawn"))
        if job["quick"] and not undrawn and any(is_large(data, limits) for data in files):
            send(answers, {"large": True})
            return
        if edit is not None:
            module, _, name = edit.partition(":")
            task = getattr(importlib.import_module(module), name)
            found, blobs = task(job, files, limits)
            send(answers, {"found": found}, *blobs)
            return
        (data,) = files
        if job["do"] == "ingest":
            done = process(data, job["origin"], limits, undrawn=undrawn)
        else:
            done = fit(data, job["max_bytes"], job["max_side_px"], limits)
    except MediaRejected as error:
        send(answers, {"refused": str(error), "cause": repr(error.__cause__ or "")})
        return
    except Exception as error:  # a decoder found a new way to fail
        sentence = DAMAGED if edit is None else UNWORKABLE
        if isinstance(error, MemoryError) or getattr(error, "code", 0) == _OPENCV_NO_MEMORY:
            sentence = TOO_MUCH_MEMORY if edit is None else TOO_MUCH_TO_DO
        send(answers, {"refused": sentence, "cause": traceback.format_exc()})
        return
    found = asdict(done)
    kept, small = found.pop("data"), found.pop("thumbnail")
    same = kept is data
    send(answers, {"found": found, "same": same}, b"" if same else kept, small)


if __name__ == "__main__":
    main()
