"""The packages that only some want: what each part of Easel needs of them, and how they come in.

The same requirements are the optional dependencies of ``pyproject.toml``. A command names the
packages themselves: an index of packages knows another project as "easel".
"""

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

REQUIREMENTS: Mapping[str, tuple[str, ...]] = {
    "keyring": ("keyring>=25.7",),
    "postgres": ("psycopg[binary]>=3.3",),
    "redis": ("redis>=6.2,<9",),
    "bucket": ("obstore>=0.12.1,<1",),
    "provenance": ("c2pa-python>=0.38,<1",),
    "web": ("trafilatura>=2.3.1", "lxml-html-clean>=0.4.6"),
    "data": ("duckdb>=2.0.1",),
}
"""The extra -> its requirements."""


def pip_command(*arguments: str) -> str:
    """Pip of the Python that Easel runs on, as somebody in Easel's folder types it."""
    return f"{_python()} -m pip {shlex.join(arguments)}"


def install_command(extra: str) -> str:
    """What installs an extra: ``.venv/bin/python -m pip install 'duckdb>=2.0.1'``."""
    return pip_command("install", *REQUIREMENTS[extra])


def _python() -> str:
    """Without the folders above it: a page tells nobody where Easel lies."""
    environment = Path(sys.prefix)
    if sys.prefix == sys.base_prefix or environment.name != ".venv":
        return "python"
    return str(Path(environment.name, Path(sys.executable).parent.name, "python"))
