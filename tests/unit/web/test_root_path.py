"""Below a path, no script and no style asks at the root; and a path that is none is refused."""

import re
from pathlib import Path

import pytest

from chat.core.errors import ConfigError
from chat.settings import read_settings
from chat.ui.page import ASSETS
from chat.web.root_path import below

SOURCES = sorted([*ASSETS.glob("js/**/*.js"), *ASSETS.glob("css/*.css")])
AT_THE_ROOT = re.compile(r"""["'`}]/(?:api|media|easel|live|access)\b""")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_address_gets_the_path_and_nothing_else_does(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    moved = below(text, "/studio")
    assert not AT_THE_ROOT.search(moved)
    assert moved.count("/studio/") == len(AT_THE_ROOT.findall(text))
    assert moved.replace("/studio/", "/") == text


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ""),
        ("/", ""),
        ("studio", "/studio"),
        ("/a/b/", "/a/b"),
        (" /my-art_1.0 ", "/my-art_1.0"),
    ],
)
def test_a_path_is_read_as_people_write_it(text: str, path: str) -> None:
    assert read_settings([], {"EASEL_ROOT_PATH": text}).root_path == path


@pytest.mark.parametrize(
    "text", ["/a b", "/..", "/./a", "https://site.example/a", "/a?b", "/ä", '/"']
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="EASEL_ROOT_PATH"):
        read_settings([], {"EASEL_ROOT_PATH": text})
