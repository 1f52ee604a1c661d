"""A mistake is looked for on the line it is said to be on."""

import tomllib
from typing import Any

import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from chat.models.lines import Path, TomlFile

TEXT = '''# A comment
title = "x"

[[model]]            # the first
id = "a"
note = """
[[model]]
id = "not this one"
"""
prices = { input_text_usd = 1, output_text_usd = 2 }

[[model]]
  "id" = 'b'
  deployments = [
    { endpoint = "e", wire_name = "w" },
  ]

  [model.prices]
  per_image_usd = 3

[[model.steps]]
n = 1
[[model.steps]]
n = 2

[[endpoint]]
id = "e"
[endpoint.options.extra_body]
quality = "high"
[single]
key.inner = 1
'''


def test_every_key_is_found_where_it_is_written() -> None:
    tomllib.loads(TEXT)
    file = TomlFile("x.toml", TEXT, own=True)
    expected: dict[Path, int] = {
        ("title",): 2,
        ("model", 0): 4,
        ("model", 0, "id"): 5,
        ("model", 0, "note"): 6,
        ("model", 0, "prices", "output_text_usd"): 10,
        ("model", 1): 12,
        ("model", 1, "id"): 13,
        ("model", 1, "deployments", 0, "wire_name"): 14,
        ("model", 1, "prices"): 18,
        ("model", 1, "prices", "per_image_usd"): 19,
        ("model", 1, "steps", 0, "n"): 22,
        ("model", 1, "steps", 1, "n"): 24,
        ("endpoint", 0, "id"): 27,
        ("endpoint", 0, "options", "extra_body", "quality"): 29,
        ("single",): 30,
        ("single", "key", "inner"): 31,
    }
    assert {path: file.line(path) for path in expected} == expected


def test_what_is_missing_is_looked_for_at_its_row() -> None:
    file = TomlFile("x.toml", TEXT, own=True)
    assert file.line(("model", 1, "title")) == 12
    assert file.line(("model", 1, "prices", "input_text_usd")) == 18
    assert file.line(("nowhere",)) == 1


keys = st.from_regex(r"[a-z]{1,4}", fullmatch=True)
values = st.one_of(st.integers(), st.text(), st.lists(st.text(), max_size=3), st.booleans())
rows = st.lists(st.dictionaries(keys, values, min_size=1, max_size=4), min_size=1, max_size=4)


@given(st.dictionaries(keys, rows, min_size=1, max_size=3))
def test_a_file_cut_before_a_key_lacks_it_and_after_it_has_it(document: dict[str, Any]) -> None:
    text = tomlkit.dumps(document)
    file = TomlFile("x.toml", text, own=True)
    lines = text.split("\n")
    for kind, tables in document.items():
        for place, table in enumerate(tables):
            assert f"[[{kind}]]" in lines[file.line((kind, place)) - 1]
            for key in table:
                before = "\n".join(lines[: file.line((kind, place, key)) - 1])
                assert key not in tomllib.loads(before)[kind][place]
                assert lines[file.line((kind, place, key)) - 1].startswith(f"{key} =")
