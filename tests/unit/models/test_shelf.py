"""The menu: which models answer, in which order, and what the others wait for."""

import pytest

from chat.core.calling import Listed
from chat.core.models import Deployment
from tests.unit.models.files import ENDPOINT, MODEL, TODAY, ids, read, shipped


def reasons(own: str = "", **environ: str) -> dict[str, str]:
    return {s.endpoint.id: s.reason for s in shipped(own, **environ).shelf(TODAY)}


def test_without_keys_every_endpoint_but_the_painter_says_what_it_waits_for() -> None:
    said = reasons()
    assert said["sketch"] == ""
    assert said["gemini"] == "Set GEMINI_API_KEY or GOOGLE_API_KEY to use it."
    assert said["openai"] == ("Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.")
    assert said["openai-images"] == "Set OPENAI_API_KEY to use it."
    assert said["vertex"] == (
        "Set GOOGLE_CLOUD_API_KEY or GOOGLE_APPLICATION_CREDENTIALS, and GOOGLE_CLOUD_PROJECT "
        "to use it."
    )
    assert said["azure"] == "Set AZURE_OPENAI_API_KEY and AZURE_OPENAI_ENDPOINT to use it."
    assert next(iter(said)) == "sketch"


def test_what_is_still_missing_is_said_alone() -> None:
    assert reasons(AZURE_OPENAI_API_KEY="k")["azure"] == "Set AZURE_OPENAI_ENDPOINT too."
    assert reasons(GEMINI_API_KEY="k")["gemini"] == ""
    environ = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:4000/v1"}
    said = reasons("", **environ)
    assert said["openai-images"] == "Not used while OPENAI_BASE_URL is set."
    assert said["openai"] == ""


def test_shelves_hold_every_card_that_is_not_retired_once() -> None:
    catalogue = shipped("", GEMINI_API_KEY="k")
    shelves = catalogue.shelf(TODAY)
    assert [shelf.endpoint.id for shelf in shelves[:2]] == ["gemini", "sketch"]
    assert {shelf.endpoint.id for shelf in shelves} == set(catalogue.endpoints)
    shown = [card.id for shelf in shelves for card in shelf.cards]
    assert sorted(shown) == sorted(set(catalogue.cards) - {"imagen-4", "gemini-3.1-flash-image"})
    assert [card.id for card in shelves[0].cards] == [i for i in ids(catalogue) if i != "sketch"]


def test_an_endpoint_of_which_everything_is_retired_says_so() -> None:
    environ = {"GOOGLE_CLOUD_API_KEY": "k", "GOOGLE_CLOUD_PROJECT": "p"}
    (imagen,) = (s for s in shipped("", **environ).shelf(TODAY) if s.endpoint.kind == "imagen")
    assert (imagen.cards, imagen.reason) == ((), "Its models were retired.")


def test_a_server_of_ones_own_comes_before_the_painter_and_needs_no_key() -> None:
    catalogue = shipped("", OPENAI_BASE_URL="http://127.0.0.1:11434/v1", OPENAI_MODELS="llama")
    assert ids(catalogue) == ["openai-text:llama", "sketch"]
    server = catalogue.endpoint_of(catalogue.default)
    assert (server.key_optional, server.key_env) == (True, ("OPENAI_API_KEY",))
    # A key that is given is still used.
    keyed = shipped("", OPENAI_BASE_URL="http://x/v1", OPENAI_MODELS="llama", OPENAI_API_KEY="k")
    assert keyed.endpoints["openai"].api_key == "k"


PLACES = (
    ENDPOINT
    + 'key_env = ["ONE"]\n'
    + '[[endpoint]]\nid = "f"\nkind = "openai_images"\nkey_env = ["TWO"]\n'
    + '[[model]]\nid = "m"\ndeployments = [\n'
    + '{ endpoint = "e", wire_name = "a", weight = 3 }, { endpoint = "f", wire_name = "b" }]\n'
)


@pytest.mark.parametrize(
    ("environ", "menu"),
    [({}, []), ({"ONE": "k"}, ["m"]), ({"TWO": "k"}, ["m"]), ({"ONE": "k", "TWO": "k"}, ["m"])],
)
def test_a_model_in_several_places_is_shown_where_one_of_them_is_ready(
    environ: dict[str, str], menu: list[str]
) -> None:
    catalogue = read(PLACES, **environ)
    assert ids(catalogue) == menu
    card = catalogue.card("m")
    assert card.deployments == (Deployment("e", "a", 3), Deployment("f", "b", 1))
    assert (card.endpoint, card.wire_name) == ("e", "a")
    assert catalogue.reason(card) == ("" if menu else "Set ONE to use it.")


def test_wires_without_history_say_so_unless_the_row_knows_better() -> None:
    images = ENDPOINT.replace("openai_chat", "openai_images")
    assert not read(images + MODEL).card("m").history
    assert read(images + MODEL + "history = true").card("m").history
    assert read(ENDPOINT + MODEL).card("m").history
    assert not read(ENDPOINT + MODEL + "history = false").card("m").history
    catalogue = shipped()
    assert not catalogue.card("gpt-image-2").history
    assert catalogue.card("gpt-image-2").mask
    assert not catalogue.card("imagen-4").history
    assert catalogue.card("gemini-3-pro-image").history


def test_a_model_is_found_by_its_old_name() -> None:
    catalogue = read(ENDPOINT + MODEL + 'aliases = ["old"]')
    assert catalogue.card("old").id == "m"
    assert catalogue.resolve("old", TODAY).card.id == "m"
    assert ids(catalogue) == ["m"]


def test_an_endpoint_tells_what_it_looks_up_but_not_what_it_finds() -> None:
    wants = shipped("", AZURE_OPENAI_API_KEY="secret").wants["azure"]
    assert [(v.name, v.filled) for v in wants.key] == [("AZURE_OPENAI_API_KEY", True)]
    assert [(v.name, v.filled) for v in wants.needed] == [("AZURE_OPENAI_ENDPOINT", False)]
    assert [v.name for v in wants.options] == ["OPENAI_API_VERSION"]
    assert "secret" not in repr(wants)


def test_the_first_model_of_the_menu_answers_new_conversations() -> None:
    """Also where a list has joined: the order that is shown is the order that counts."""
    own = (
        '[[endpoint]]\nid = "mine"\nkind = "openai_images"\nbase_url = "http://127.0.0.1:2/v1"\n'
        '[[model]]\nid = "own"\nendpoint = "mine"\nwire_name = "own"\n'
        '[[model]]\nid = "named"\nendpoint = "openai"\nwire_name = "named"\n'
    )
    catalogue = shipped(own, OPENAI_BASE_URL="http://127.0.0.1:1/v1")
    catalogue.adopt("openai", [Listed("found-image")])
    shown = [card.id for shelf in catalogue.shelf(TODAY) for card in shelf.cards]
    assert shown[:4] == ["named", "openai:found-image", "own", "sketch"]
    assert ids(catalogue) == shown[:4]
    assert catalogue.default.id == "named"


@pytest.mark.parametrize("key", ["OPENAI_API_KEY", "GEMINI_API_KEY"])
def test_with_a_makers_key_alone_new_conversations_can_have_pictures(key: str) -> None:
    catalogue = shipped("", **{key: "k"})
    assert "image" in catalogue.default.output_modalities
    assert catalogue.default.history
