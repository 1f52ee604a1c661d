"""Forms that are read off the rows, and the rows that filled forms become."""

from pathlib import Path

import pytest

from chat.core.errors import CapabilityError
from chat.models.added_rows import added_tables, laid_over, written
from chat.models.setups import Setup, filled_in, named, rows_of, setups, values_of
from chat.models.source import CatalogueSource
from chat.providers.registry import KINDS, specs

SHIPPED = ("models.toml", (Path(__file__).parents[3] / "assets" / "models.toml").read_text("utf-8"))
KEY = "sk-form-0123456789"


def source(**environ: str) -> CatalogueSource:
    return CatalogueSource([SHIPPED], [], environ, specs())


def form(setup_id: str) -> Setup:
    return next(each for each in setups(source().tables(), {}, specs()) if each.id == setup_id)


def test_every_row_with_a_key_and_every_kind_with_servers_of_ones_own_has_a_form() -> None:
    tables = source().tables()
    forms = setups(tables, {}, specs())
    shown = [endpoint for each in forms for endpoint in each.endpoints]
    with_key = {name for name, row in tables["endpoint"].items() if row.get("key_env")}
    assert set(shown) == with_key
    assert len(shown) == len(set(shown))
    new = {each.kind for each in forms if not each.endpoints}
    assert new == {kind for kind in KINDS if specs()[kind].own_servers}
    titles = [each.title for each in forms]
    assert {"Google AI Studio", "OpenAI", "OpenRouter", "Azure OpenAI", "LiteLLM proxy"} <= set(
        titles
    )


FILLED = {
    "gemini": {},
    "azure-images": {
        "AZURE_OPENAI_ENDPOINT": "https://mine.example",
        "AZURE_OPENAI_DEPLOYMENTS": "my-image, my-words",
        "OPENAI_API_VERSION": "2026-01-01",
    },
    "vertex": {"GOOGLE_CLOUD_PROJECT": "my-project", "GOOGLE_CLOUD_LOCATION": "europe-west4"},
    "openrouter": {},
    "new:openai_chat:1": {"address": "http://127.0.0.1:9/v1", "title": "Café"},
}


@pytest.mark.parametrize("setup_id", FILLED)
def test_a_filled_form_is_rows_that_work_with_its_key_and_can_be_changed(setup_id: str) -> None:
    setup, values = form(setup_id), FILLED[setup_id]
    if not setup.endpoints:
        setup = named(setup, values["title"], source().tables(), {})
    found = filled_in(setup, values)
    added = laid_over({}, *rows_of(setup, found, source().tables(), None))
    text = written(added)
    assert added_tables(text) == {kind: rows for kind, rows in added.items() if rows}
    catalogue = source().catalogue(text, {setup.key_env[0]: KEY})
    endpoint = catalogue.endpoints[setup.endpoints[0]]
    assert catalogue.lacks(endpoint.id) == ""
    assert endpoint.api_key == KEY
    assert KEY not in text
    again = next(each for each in setups(source().tables(), added, specs()) if each.id == setup.id)
    assert values_of(again, source().tables(), added).items() >= values.items()
    off = laid_over({}, *rows_of(setup, found, source().tables(), None, off=True))
    closed = source().catalogue(written(off), {setup.key_env[0]: KEY})
    assert closed.lacks(endpoint.id) == "It is switched off."


def test_a_form_that_is_changed_shows_what_was_set_up_and_no_other_server() -> None:
    setup = named(form("new:openai_chat:1"), "127.0.0.1:9", source().tables(), {})
    values = {"address": "http://127.0.0.1:9/v1"}
    added = laid_over({}, *rows_of(setup, values, source().tables(), None))
    again = next(each for each in setups(source().tables(), added, specs()) if each.id == setup.id)
    shown = {field.use: field.example for field in again.fields}
    assert (shown["address"], shown["title"]) == ("http://127.0.0.1:9/v1", "127.0.0.1:9")
    # It is called by its address, and goes on to be when that changes.
    assert values_of(again, source().tables(), added)["title"] == ""


def test_a_key_of_the_environment_wins_over_a_kept_one_under_any_of_its_names() -> None:
    kept = {"GEMINI_API_KEY": KEY}
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY"):
        assert source(**{name: "set"}).catalogue("", kept).endpoints["gemini"].api_key == "set"
    assert source().catalogue("", kept).endpoints["gemini"].api_key == KEY


def test_chosen_models_are_in_the_menu_before_the_server_has_listed_them() -> None:
    setup = named(form("new:openai_chat:1"), "Mine", source().tables(), {})
    values = {"address": "http://127.0.0.1:9/v1"}
    added = laid_over({}, *rows_of(setup, values, source().tables(), ["a-image", "b"]))
    catalogue = source().catalogue(written(added), {})
    assert [card.id for card in catalogue.usable()][:2] == ["mine:a-image", "mine:b"]


def test_two_servers_of_one_name_and_a_variable_that_is_taken_stay_apart() -> None:
    new = form("new:openai_chat:1")
    first = named(new, "Mine", source().tables(), {"MINE_KEY": "x"})
    assert (first.id, first.key_env) == ("mine-2", ("MINE_2_KEY",))
    assert named(new, "御伽", source().tables(), {}).id == "openai-chat"


@pytest.mark.parametrize(
    ("setup_id", "values", "said"),
    [
        ("azure-images", {}, "“Address” is missing."),
        ("new:openai_chat:1", {"address": "localhost"}, "must begin with"),
        ("gemini", {"GEMINI_API_KEY": "'quoted'"}, "has quotes around it"),
        ("vertex", {"GOOGLE_CLOUD_PROJECT": "a\nb"}, "cannot be shown"),
    ],
)
def test_what_is_wrong_in_a_form_is_said(setup_id: str, values: dict[str, str], said: str) -> None:
    with pytest.raises(CapabilityError, match=said):
        filled_in(form(setup_id), values)
