"""``make dev``: Easel, started anew whenever one of its files is saved. Data stays where it is.

What takes seconds to import, Gradio above all, is imported once, here; each start is a fork of
this process, so that a saved line is served within a second or two. Needs a system that forks.
"""

import os
import signal
import sys
import traceback
from importlib import import_module
from pathlib import Path

from watchfiles import Change, watch

ROOT = Path(__file__).resolve().parents[1]
WATCHED = [ROOT / name for name in ("app.py", "chat", "storage", "assets")]
KINDS = {".py", ".toml", ".html", ".css", ".js"}
HEAVY = (
    "gradio",
    "google.genai",
    "openai",
    "sqlalchemy",
    "alembic",
    "PIL.Image",
    "numpy",
    "uvicorn",
)


def is_source(change: Change, path: str) -> bool:
    """Whether a saved file is one that Easel is made of."""
    del change
    return Path(path).suffix in KINDS and "__pycache__" not in path


def started() -> int:
    """The pid of a fresh Easel."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = import_module("app").main()
    except SystemExit as asked:
        code = asked.code if isinstance(asked.code, int) else 1
    except BaseException:  # a typing mistake in the file that was just saved: shown, then waited on
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def ended(pid: int) -> None:
    """Ask an Easel to end, and wait: its replies are saved then."""
    try:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass  # it had ended by itself


def main() -> None:
    """Start, and start again with each change, until Ctrl+C."""
    sys.path.insert(0, str(ROOT))
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ["EASEL_DEV"] = "1"
    for name in HEAVY:
        import_module(name)
    pid = started()
    try:
        for changes in watch(*WATCHED, watch_filter=is_source, raise_interrupt=False):
            names = sorted({Path(path).name for _, path in changes})
            print(f"Saved: {', '.join(names)}. Starting anew ...", file=sys.stderr, flush=True)
            ended(pid)
            pid = started()
    finally:
        ended(pid)


if __name__ == "__main__":
    main()
