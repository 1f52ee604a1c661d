"""Programs that tests start as processes of their own, to lock, to crash and to share files."""

import subprocess
import sys
from pathlib import Path

from tests.patience import PATIENCE_S

REPOSITORY = Path(__file__).resolve().parents[3]


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Start Python code; it talks over its standard input and output, line by line."""
    return subprocess.Popen(
        [sys.executable, "-u", "-c", code, *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def line_of(process: subprocess.Popen[str]) -> str:
    """The next line it says; empty when it has ended."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> int:
    """Let it go on by closing its input, and wait until it has ended; its exit status."""
    process.communicate(timeout=PATIENCE_S)
    return process.returncode


def kill(process: subprocess.Popen[str]) -> list[str]:
    """End it as a crash would, at once; what it had said before that was not yet read."""
    process.kill()
    rest, _ = process.communicate(timeout=PATIENCE_S)
    # A last line without its end was not said.
    return [line.strip() for line in rest.splitlines(keepends=True) if line.endswith("\n")]
