"""The page's types are those of the server, and its scripts keep to them."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_types_that_the_page_is_checked_with_are_those_of_the_server() -> None:
    made = subprocess.run(
        [sys.executable, ".ci/page_types.py", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr


def test_every_action_of_the_transcript_is_one_that_the_page_knows() -> None:
    """A button that does nothing is worse than none."""
    known = (ROOT / "assets" / "js" / "actions.js").read_text("utf-8")
    drawn = [path.read_text("utf-8") for path in (ROOT / "chat" / "render").glob("*.py")]
    acts = {
        part.partition('"')[0]
        for source in drawn
        for part in source.split('data-act="')[1:]
        if not part.startswith("{")
    }
    assert acts
    assert [act for act in sorted(acts) if f"{act}:" not in known and f"{act}(" not in known] == []
