"""The help on endpoints cannot drift from them, works when it is copied, and keeps secrets."""

from pathlib import Path

from chat.models import read_catalogue
from chat.providers.registry import specs
from chat.web.api.answers import answer
from chat.web.endpoint_help import endpoint_help

SHIPPED = (Path(__file__).parents[3] / "assets" / "models.toml").read_text("utf-8")


def test_every_shipped_endpoint_is_told_with_all_its_variables() -> None:
    catalogue = read_catalogue([("models.toml", SHIPPED)], {}, kinds=specs())
    told = endpoint_help(catalogue)
    assert {endpoint.id for endpoint in told} == set(catalogue.endpoints)
    for endpoint in told:
        named = {v.name for group in endpoint.wants for v in group.variables}
        assert set(catalogue.endpoints[endpoint.id].key_env) <= named
        assert endpoint.example


def test_what_a_variable_holds_is_never_told() -> None:
    secret = "sk-0123456789"
    names = ("GEMINI_API_KEY", "OPENAI_API_KEY", "GOOGLE_CLOUD_PROJECT")
    environ = {**dict.fromkeys(names, secret), "OPENAI_BASE_URL": "http://127.0.0.1:9/secret-path"}
    catalogue = read_catalogue([("models.toml", SHIPPED)], environ, kinds=specs())
    told = bytes(answer(endpoint_help(catalogue)).body).decode()
    assert secret not in told
    assert "secret-path" not in told
    assert '{"name":"GEMINI_API_KEY","set":true}' in told
    assert '{"name":"GOOGLE_API_KEY","set":false}' in told
