"""What a process apart is told of its surroundings: where its program is, and no key."""

import os
from pathlib import Path

import chat

_ROOT = Path(chat.__file__).resolve().parent.parent
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
# Matrices are small there, and each thread of OpenBLAS would reserve address space.
_THREADLESS = {"OPENBLAS_NUM_THREADS": "1"}


def bare_environment() -> dict[str, str]:
    """The variables of such a process: keys stay here, the far end opens a stranger's file."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return {**kept, **_THREADLESS, "PYTHONPATH": str(_ROOT)}
