"""The recipes of ``docs/extending.md`` work as they are written: each is carried out in a copy.

The page is read as a person would: a path with a colon after it is a new file, “after the line” is
an addition to one that there is, and a shell block is what to run.
"""

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NO_COMPILER = 3
"""What ``.ci/typescript`` ends with where there is none to be had."""
PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")

_STEP = re.compile(
    r"(?:^`(?P<new>[^`\n]+)`:\n\n"
    r"|^In `(?P<old>[^`\n]+)`, after the line `(?P<line>[^\n]+)`:\n\n)?"
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass
class Recipe:
    """What to write, what to add, what to run."""

    files: dict[str, str] = field(default_factory=dict)
    additions: list[tuple[str, str, str]] = field(default_factory=list)
    """File, the line to add after, and what."""
    commands: list[str] = field(default_factory=list)

    def carry_out(self, copy: Path) -> None:
        for name, text in self.files.items():
            path = copy / name
            assert not path.exists(), f"{name} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        for name, line, text in self.additions:
            path = copy / name
            lines = path.read_text(encoding="utf-8").split("\n")
            places = [number for number, each in enumerate(lines) if each.strip() == line]
            assert len(places) == 1, f"{name} has not one line {line}, but {len(places)}"
            lines.insert(places[0] + 1, text.rstrip("\n"))
            path.write_text("\n".join(lines), encoding="utf-8")


def recipes() -> dict[str, Recipe]:
    found = {}
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        title, _, text = section.partition("\n")
        recipe = found[title] = Recipe()
        for step in _STEP.finditer(text):
            if step["new"]:
                recipe.files[step["new"]] = step["text"]
            elif step["old"]:
                recipe.additions.append((step["old"], step["line"], step["text"]))
            else:
                assert step["language"] == "sh", f"{title}: a block that says not where it goes"
                recipe.commands += step["text"].strip().split("\n")
    return found


RECIPES = recipes()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of Easel."""
    ignored = shutil.ignore_patterns("__pycache__", "screenshots")
    for folder in ("chat", "storage", "tests", "assets", "docs", "words", ".ci"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    for name in ("app.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def run(copy: Path, *command: str) -> str:
    """What a command says, which must succeed."""
    done = subprocess.run(
        command,
        cwd=copy,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "NO_COLOR": "1", "GRADIO_ANALYTICS_ENABLED": "False"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_page_has_a_recipe_for_everything_it_promises() -> None:
    promised = re.findall(r"^- \[(.*?)\]\(#(.*?)\)$", PAGE, re.MULTILINE)
    assert [title for title, _ in promised] == list(RECIPES)
    assert all(anchor == title.lower().replace(" ", "-") for title, anchor in promised)
    assert all(recipe.commands for recipe in RECIPES.values())


@pytest.mark.deep
@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_works_as_it_is_written(title: str, copy: Path) -> None:
    RECIPES[title].carry_out(copy)
    for command in RECIPES[title].commands:
        program, *arguments = shlex.split(command)
        assert program == ".venv/bin/python"
        own = ["-q", "-p", "no:cacheprovider"] if "pytest" in arguments else []
        said = run(copy, sys.executable, *arguments, *own)
        # What only writes has nothing to say.
        assert "passed" in said or "No mistakes." in said or arguments == [".ci/words.py"]


def test_all_recipes_together_keep_the_rules_of_the_house(copy: Path) -> None:
    for recipe in RECIPES.values():
        recipe.carry_out(copy)
    written = [name for recipe in RECIPES.values() for name in recipe.files if name.endswith("py")]
    run(copy, sys.executable, "-m", "ruff", "check", "--no-cache", *written)
    run(copy, sys.executable, "-m", "ruff", "format", "--no-cache", "--check", *written)
    run(copy, str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache")


def test_the_scripts_of_all_recipes_keep_to_the_types_of_the_page(copy: Path) -> None:
    compiler = subprocess.run(
        [".ci/typescript"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if compiler.returncode == NO_COMPILER:
        pytest.skip(f"the types of scripts are not checked: {compiler.stderr.strip()}")
    for recipe in RECIPES.values():
        recipe.carry_out(copy)
    shutil.copy(ROOT / "tsconfig.json", copy)
    tsc = str(ROOT / compiler.stdout.strip())
    run(copy, tsc, "-p", "tsconfig.json")
    strict = subprocess.run(
        [tsc, "-p", "tsconfig.json", "--strict"], cwd=copy, capture_output=True, text=True
    )
    scripts = tuple(name for each in RECIPES.values() for name in each.files if ".js" in name)
    assert scripts
    assert [line for line in strict.stdout.split("\n") if line.startswith(scripts)] == []
