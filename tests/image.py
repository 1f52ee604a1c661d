"""Carries out the steps of docs/deploy/Containerfile in a folder, and starts what they make.

    python -m tests.image

No container is made: the steps are run by the shell of this machine, in an environment of their
own, below ``build/image``. What needs another user is left out, and said. Easel is then started as
the image starts it, in the folder, asked how it is, and asked to end.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.process.easel import Easel

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs" / "deploy" / "Containerfile"
PLACE = ROOT / "build" / "image"
OTHERS = ("useradd", "install --directory --owner")
"""What only the root of a container can do."""


@dataclass(frozen=True)
class Step:
    """An instruction: its name, and the rest of its line, continued lines joined."""

    name: str
    words: str


def say(what: str, value: object) -> None:
    """Print a line at once: steps take their time."""
    sys.stdout.write(f"{what}: {value}\n")
    sys.stdout.flush()


def steps(text: str) -> list[Step]:
    """The instructions of a Containerfile, in order."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    found = (line.partition(" ") for line in joined.splitlines() if line.strip())
    return [Step(name, rest.strip()) for name, _, rest in found]


def environ_of(image: list[Step]) -> dict[str, str]:
    """The variables that the image sets."""
    words = [word for step in image if step.name == "ENV" for word in shlex.split(step.words)]
    return dict(word.split("=", 1) for word in words)


def carry_out(step: Step, place: Path) -> None:
    """Do one step where the image's working folder is."""
    if step.name == "COPY":
        *sources, target = shlex.split(step.words)
        for source in sources:
            there = place / target if target != "./" else place / source
            if (ROOT / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / source, there, ignore=ignored)
            else:
                shutil.copy(ROOT / source, there)
    elif step.name == "RUN" and any(each in step.words for each in OTHERS):
        say("left out", step.words)
    elif step.name == "RUN":
        say("run", step.words)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        kept["PATH"] = f"{Path(sys.executable).resolve().parent}{os.pathsep}{kept['PATH']}"
        subprocess.run(["sh", "-c", step.words], cwd=place, env=kept, check=True)


def main() -> None:
    """Make it, start it, ask it, end it."""
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    image = steps(FILE.read_text(encoding="utf-8"))
    for step in image:
        carry_out(step, PLACE)
    (command,) = (json.loads(step.words) for step in image if step.name == "CMD")
    more = {**environ_of(image), "HOST": "127.0.0.1", "EASEL_TOKEN": "off"}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        program, *arguments = command
        more |= {"EASEL_DATA": str(data)}
        easel = Easel(data, *arguments, "--port", "0", program=str(PLACE / program), **more)
        easel.cwd = PLACE
        with easel:
            say("readyz", easel.http.get("/readyz").json())
            conversation = easel.begin()
            say("asked", easel.ask(conversation, "A lighthouse at sunset")["reply"])
            say("exit status", easel.stop())
            say("log lines", len([json.loads(line) for line in easel.log().splitlines()]))


if __name__ == "__main__":
    main()
