"""The help on doors cannot drift from what there is, works when it is copied, and keeps secrets."""

import json
from pathlib import Path

from chat.models import read_catalogue
from chat.providers.registry import specs
from chat.web.doors import doors

SHIPPED = (Path(__file__).parents[3] / "assets" / "models.toml").read_text("utf-8")


def test_every_shipped_endpoint_is_told_with_all_its_variables() -> None:
    catalogue = read_catalogue([("models.toml", SHIPPED)], {}, kinds=specs())
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
    told = json.dumps(doors(read_catalogue([("models.toml", SHIPPED)], environ, kinds=specs())))
    assert secret not in told
    assert "secret-path" not in told
    assert json.dumps({"name": "GEMINI_API_KEY", "set": True}) in told
    assert json.dumps({"name": "GOOGLE_API_KEY", "set": False}) in told
