"""Commands that install what is missing name the packages that this project means."""

import shlex
import tomllib
from pathlib import Path

import pytest

from chat.core.extras import REQUIREMENTS, install_command
from chat.images.extras import INSTALL_COMMANDS

PROJECT = Path(__file__).resolve().parents[3] / "pyproject.toml"


def test_what_a_command_installs_is_what_the_project_declares() -> None:
    declared = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    extras = {name: tuple(wanted) for name, wanted in declared["optional-dependencies"].items()}
    del extras["subject"]  # whose pins forbid to install it with them
    assert extras == dict(REQUIREMENTS)


@pytest.mark.parametrize(
    "command", [*map(install_command, REQUIREMENTS), *INSTALL_COMMANDS.values()]
)
def test_no_command_asks_an_index_for_easel(command: str) -> None:
    """Another project has that name there."""
    for part in command.split(" && "):
        python, *words = shlex.split(part)
        assert python in {"python", ".venv/bin/python"}
        assert words[:3] == ["-m", "pip", "install"]
        assert not [word for word in words if word.startswith("easel")]
