"""The help on doors cannot drift from what there is, works when it is copied, and keeps secrets."""

import json
from pathlib import Path

import pytest

from chat.models import read_catalogue
from chat.providers.registry import KINDS
from chat.web.doors import WIRES, doors

SHIPPED = (Path(__file__).parents[3] / "assets" / "models.toml").read_text("utf-8")
FOR_TESTS = {"scripted"}


def test_every_wire_that_people_can_name_is_explained() -> None:
    assert set(WIRES) == set(KINDS) - FOR_TESTS


@pytest.mark.parametrize("kind", WIRES)
def test_an_example_can_be_copied_into_a_file_and_used(kind: str) -> None:
    own = ("mine.toml", WIRES[kind].example)
    catalogue = read_catalogue([("models.toml", SHIPPED), own], {"MY_KEY": "k"}, kinds=KINDS)
    assert catalogue.endpoints["mine"].kind == kind
    assert "my-model" in {card.id for card in catalogue.usable()}
    assert WIRES[kind].what.endswith(".")


def test_every_shipped_endpoint_is_told_with_all_its_variables() -> None:
    catalogue = read_catalogue([("models.toml", SHIPPED)], {}, kinds=KINDS)
    told = doors(catalogue)
    assert {door["id"] for door in told} == set(catalogue.endpoints)
    for door in told:
        named = {v["name"] for group in door["wants"] for v in group["variables"]}
        assert set(catalogue.endpoints[door["id"]].key_env) <= named
        assert door["example"]


def test_what_a_variable_holds_is_never_told() -> None:
    secret = "sk-0123456789"
    names = ("GEMINI_API_KEY", "OPENAI_API_KEY", "GOOGLE_CLOUD_PROJECT")
    environ = {**dict.fromkeys(names, secret), "OPENAI_BASE_URL": "http://127.0.0.1:9/secret-path"}
    told = json.dumps(doors(read_catalogue([("models.toml", SHIPPED)], environ)))
    assert secret not in told
    assert "secret-path" not in told
    assert json.dumps({"name": "GEMINI_API_KEY", "set": True}) in told
    assert json.dumps({"name": "GOOGLE_API_KEY", "set": False}) in told
