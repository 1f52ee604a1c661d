"""The wheel runs as the checkout does: ``pip install easel-*.whl && easel``."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from chat.version import VERSION
from tests.program import ROOT, Program

pytestmark = pytest.mark.process

SERVED = ("css", "icons", "js", "samples")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of an environment that has the wheel, and what it needs."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    wheels = list((folder / "dist").glob("easel-*.whl"))
    assert len(wheels) == 1
    environment = folder / "environment"
    venv.create(environment, symlinks=True, with_pip=False)
    packages = next((environment / "lib").glob("python*")) / "site-packages"
    # What Easel needs is there already, beside these tests; Easel itself is not.
    (packages / "needed.pth").write_text(sysconfig.get_paths()["purelib"], encoding="utf-8")
    python = environment / "bin" / "python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", *wheels],
        check=True,
        capture_output=True,
        cwd=folder,
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )
    return environment / "bin"


def test_the_command_says_which_easel_it_is(installed: Path) -> None:
    said = subprocess.run(
        [installed / "easel", "--version"], capture_output=True, text=True, check=True, cwd="/"
    )
    assert said.stdout == f"Easel {VERSION}\n"


def test_the_command_serves_the_page_with_all_its_files(installed: Path, tmp_path: Path) -> None:
    command = str(installed / "easel")
    with Program(tmp_path / "data", "--port", "0", program=command) as easel:
        named = re.findall(r'(?:src|href)="(easel/[^"]+)"', easel.http.get("/").text)
        # Two icons, what an app is, the script and the style, and four pictures of examples.
        assert len(named) == 9, named
        for name in named:
            assert easel.http.get(f"/{name}").status_code == 200, name
        ours = [path for kind in SERVED for path in (ROOT / "assets" / kind).rglob("*.*")]
        assert len(ours) > 30
        for path in ours:
            served = easel.http.get(f"/easel/{path.relative_to(ROOT / 'assets').as_posix()}")
            assert served.content == path.read_bytes(), path.name
