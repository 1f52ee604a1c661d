"""Which Easel this is: said by ``--version``, in Help, and by the server to its pages."""

import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

VERSION = "0.2.0.dev0"
BUILD_CHARACTERS = 16
PAGE_FILES = (".css", ".html", ".js", ".json", ".py")


@dataclass(frozen=True, slots=True)
class Build:
    """What a page and its server must have in common."""

    id: str
    """A page of another build loads itself again."""
    version: str = VERSION
    development: bool = False
    """What nobody expects is an error, and not only a line in the log."""


def this_build(*folders: Path, development: bool = False) -> Build:
    """The build of the page whose files are in these folders.

    In development every start is a new one, so that pages follow what was saved.
    """
    if development:
        return Build(secrets.token_hex(BUILD_CHARACTERS // 2), development=True)
    digest = sha256(VERSION.encode())
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix in PAGE_FILES:
                digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return Build(digest.hexdigest()[:BUILD_CHARACTERS])
