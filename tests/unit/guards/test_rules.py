"""A file of guards is read as it stands, or refused with the row and the key that are wrong."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from chat.core.errors import ConfigError
from chat.core.models import Endpoint
from chat.guards.checks import Check
from chat.guards.deny_list import DenyList
from chat.guards.registry import GUARDS, check_class
from chat.guards.rules import Rule, read_rules

ENDPOINTS = {
    "local": Endpoint("local", "openai_chat", "Local", base_url="http://127.0.0.1:9/v1"),
    "google": Endpoint("google", "gemini", "Google"),
}


def rules(toml: str) -> tuple[Rule, ...]:
    return read_rules("guards.toml", toml, ENDPOINTS)


def test_rows_become_rules_in_their_order() -> None:
    first, second = rules(
        """
        [[guard]]
        kind = "deny_list"
        title = "House rules"
        words = ["spoiler"]
        when = ["before", "after"]
        mode = "mask"

        [[guard]]
        kind = "max_length"
        max_chars = 500
        """
    )
    assert first == Rule("House rules", DenyList(("spoiler",)), ("before", "after"), "mask")
    assert (second.title, second.when, second.mode) == ("Max length", ("before",), "block")


def test_no_rows_are_no_rules() -> None:
    assert rules("") == ()


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ('kind = "magic"', "the kind “magic” is unknown"),
        ("", "“kind” is missing"),
        ('kind = "deny_list"', "“words” or “pictures” must name something"),
        ('kind = "deny_list"\nwords = "x"', "“words” must be a list of texts"),
        ('kind = "deny_list"\nwords = [" "]', "“words” must not hold an empty word"),
        ('kind = "deny_list"\npictures = ["abc"]', "64 hexadecimal digits"),
        ('kind = "deny_list"\nwords = ["x"]\nmode = "burn"', "“mode” must be one of"),
        ('kind = "deny_list"\nwords = ["x"]\nwhen = ["never"]', "“when” must name"),
        ('kind = "deny_list"\nword = ["x"]\nwords = ["y"]', "Did you mean “words”?"),
        ('kind = "max_length"\nmax_chars = -1', "“max_chars” must be a whole number"),
        ('kind = "max_length"\nmax_chars = 0', "“max_chars” must be 1 or more"),
        ('kind = "max_length"\nwhen = ["after"]', "stands before only"),
        ('kind = "personal_data"\nkinds = ["name"]', "“kinds” must name one or more of"),
        ('kind = "moderation"', "“endpoint” is missing"),
        ('kind = "moderation"\nendpoint = "nowhere"', "there is no endpoint “nowhere”"),
        ('kind = "moderation"\nendpoint = "google"', "speaks no moderation"),
    ],
)
def test_a_wrong_row_is_named_with_its_key(row: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rules(f"[[guard]]\n{row}")
    assert str(caught.value).startswith("guards.toml, line ")
    assert "guard number 1: " in str(caught.value)
    assert sentence in str(caught.value)


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    with pytest.raises(ConfigError) as caught:
        rules('[[guard]]\nkind = "magic"\n' * 3)
    lines = str(caught.value).split("\n")
    assert [line.partition(": the kind “magic”")[0] for line in lines] == [
        f"guards.toml, line {2 * number}: guard number {number}" for number in (1, 2, 3)
    ]
    with pytest.raises(ConfigError, match=r"There are 80 more\.$"):
        rules('[[guard]]\nkind = "magic"\n' * 100)


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ("[[guard]", "this is not valid TOML"),
        ("[guard]\nkind = 1", "“guard” must be written as [[guard]]"),
        ('[[guards]]\nkind = "x"', "there is guard. Did you mean “guard”?"),
        ('[[model]]\nid = "x"', "“model” is not a table that Easel knows here; there is guard."),
        ("guard = [1]", "“guard” must be written as [[guard]]"),
    ],
)
def test_a_file_of_something_else_is_refused(toml: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=r"guards\.toml") as caught:
        rules(toml)
    assert sentence in str(caught.value)


def test_the_readmes_example_can_be_copied() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    (example,) = [
        b for b in re.findall(r"```toml\n(.*?)```", readme, re.DOTALL) if "[[guard]]" in b
    ]
    openai = Endpoint("openai", "openai_chat", "OpenAI", api_key="k", key_env=("K",))
    kinds = [type(rule.check) for rule in read_rules("README.md", example, {"openai": openai})]
    assert kinds == [check_class(kind) for kind in GUARDS]


@dataclass(frozen=True)
class Tabular(Check):
    """Has an option that no row can give."""

    table: dict[str, str] = field(default_factory=dict)


def test_an_option_of_a_type_that_no_row_can_give_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GUARDS, "tabular", f"{__name__}:Tabular")
    with pytest.raises(TypeError, match="“table” of the guard “tabular” has a type that no row"):
        read_rules("guards.toml", '[[guard]]\nkind = "tabular"\n', {})
