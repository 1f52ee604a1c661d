"""Doing without rights, also where tests run as root, whom no permission stops."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


@contextmanager
def unprivileged() -> Iterator[None]:
    """Run as a user without rights; nothing changes for one who has none."""
    if not hasattr(os, "seteuid"):
        pytest.skip("this system has no users to change to")
    if os.geteuid() != 0:
        yield
        return
    group = os.getegid()
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that every user may walk into: those of pytest are root's alone."""
    with tempfile.TemporaryDirectory(prefix="easel-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
