"""A real file system with little room, and ballast to fill it with."""

import errno
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

SIZE_BYTES = 8_000_000


class SmallDisk:
    """A disk that can be full and have room again."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._ballast = root / "ballast"

    def fill(self, leaving_bytes: int = 0) -> None:
        """Leave no room at all, or so much."""
        block = b"x" * 4096
        with self._ballast.open("ab", buffering=0) as file:
            try:
                while True:
                    file.write(block)
            except OSError as error:
                assert error.errno == errno.ENOSPC  # noqa: PT017 - it always comes
            file.truncate(max(0, file.tell() - leaving_bytes))

    def free(self) -> None:
        """Make room again."""
        self._ballast.unlink()


@contextmanager
def small_disk() -> Iterator[SmallDisk]:
    """Mounted for as long as the block lasts; needs the right to mount."""
    with tempfile.TemporaryDirectory(prefix="easel-disk-") as folder:
        size = f"size={SIZE_BYTES}"
        command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", folder]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            pytest.skip("mounting a small disk needs root on Linux")
        try:
            yield SmallDisk(Path(os.path.realpath(folder)))
        finally:
            # Lazily: what a killed Easel had started may hold a file for a moment longer.
            subprocess.run(["umount", "--lazy", folder], check=True)
