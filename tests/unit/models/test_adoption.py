"""What a server lists joins the menu; what the files know of it stays as it is."""

import threading
from typing import Any

import pytest

from chat.core.calling import Listed
from chat.core.errors import ConfigError
from chat.core.models import Prices
from chat.models import Catalogue
from chat.models.adoption import MAX_MODELS
from chat.providers.registry import open_provider
from tests.unit.models.files import ENDPOINT, MODEL, TODAY, ids, read, shipped

SERVER = {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:4000/v1"}


def named(*names: str) -> list[Listed]:
    return [Listed(name) for name in names]


def test_a_server_with_only_an_address_fills_the_menu_drawing_models_first() -> None:
    catalogue = shipped("", **SERVER)
    assert ids(catalogue) == ["sketch"]
    made = catalogue.adopt("openai", named("gpt-5.4", "gemini-3-pro-image", "gpt-5.4-mini"))
    assert [card.id for card in made] == [
        "openai:gemini-3-pro-image",
        "openai:gpt-5.4",
        "openai:gpt-5.4-mini",
    ]
    assert ids(catalogue) == [*(card.id for card in made), "sketch"]
    draws, writes = made[:2]
    assert (draws.output_modalities, draws.tools) == (("text", "image"), False)
    assert draws.aspect_ratios
    assert draws.note == "Draws. What it can do is guessed from its name."
    assert (writes.output_modalities, writes.tools) == (("text",), True)
    assert catalogue.shelf(TODAY)[0].cards == made


@pytest.mark.parametrize("name", ["OPENAI_MODELS", "OPENAI_BASE_URL"])
def test_nobody_is_asked_for_models_where_they_are_named_or_are_openais(name: str) -> None:
    environ = {**SERVER, "OPENAI_MODELS": "mine"}
    if name == "OPENAI_BASE_URL":
        environ = {"OPENAI_API_KEY": "k"}
    assert not shipped("", **environ).endpoints["openai"].discover


def test_what_the_list_says_is_not_guessed() -> None:
    listed = Listed(
        "mystery",
        title="Mystery 1",
        input_modalities=("text",),
        output_modalities=("image",),
        tools=True,
        prices=Prices(input_text_usd=1.0),
    )
    (card,) = shipped("", **SERVER).adopt("openai", [listed])
    assert (card.title, card.tools) == ("Mystery 1", True)
    assert (card.input_modalities, card.output_modalities) == (("text",), ("image",))
    assert "guessed" not in card.note
    assert card.prices.input_text_usd == 1.0
    assert card.prices.source == "the list of OpenAI-compatible server"


def test_models_that_are_no_business_of_a_studio_are_left_out() -> None:
    others = ["text-embedding-3-small", "whisper-1", "gpt-4o-mini-tts", "TTS-1", "sora-2", " "]
    made = shipped("", **SERVER).adopt("openai", named(*others, "gpt-5.4"))
    assert [card.wire_name for card in made] == ["gpt-5.4"]
    # Unless the list itself says that they answer in words or pictures.
    said = Listed("tts-poet", output_modalities=("text",))
    assert len(shipped("", **SERVER).adopt("openai", [said])) == 1


def test_of_a_list_without_end_a_menuful_is_taken_and_what_draws_is_in_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    names = [f"parrot-{number}" for number in range(MAX_MODELS)]
    made = shipped("", **SERVER).adopt("openai", named(*names, "gemini-3-pro-image"))
    assert len(made) == MAX_MODELS
    assert made[0].wire_name == "gemini-3-pro-image"
    assert "openai lists 2001 models; 2000 are taken" in caplog.text


@pytest.mark.parametrize("name", ["half \ud800", "a\x00b", "two\nlines", "x" * 201])
def test_a_name_that_nobody_could_ask_for_leaves_the_others_in_the_menu(name: str) -> None:
    catalogue = shipped("", **SERVER)
    made = catalogue.adopt("openai", named("gpt-5.4", name, "x" * 200))
    assert [card.wire_name for card in made] == ["gpt-5.4", "x" * 200]
    with pytest.raises(ConfigError, match="not in the catalogue"):
        catalogue.card(f"openai:{name}")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Half a\ud800 sign", "Half a sign"),
        (" Two\n lines\x00 ", "Two lines"),
        ("x" * 1_000_000, "x" * 200),
        ("\udfff \n", "m"),
    ],
)
def test_an_odd_title_is_shown_as_far_as_it_can_be(title: str, shown: str) -> None:
    (card,) = shipped("", **SERVER).adopt("openai", [Listed("m", title)])
    assert card.title == shown


def test_an_endpoint_may_leave_out_more_by_words() -> None:
    own = '[[endpoint]]\nid = "openai"\nlisted_without = ["Nano"]\n'
    made = shipped(own, **SERVER).adopt("openai", named("gpt-5.4-nano", "gpt-5.4"))
    assert [card.wire_name for card in made] == ["gpt-5.4"]


def test_a_row_of_the_files_is_better_than_the_list() -> None:
    catalogue = read(ENDPOINT + 'base_url = "http://x"\ndiscover = true\n' + MODEL)
    places = '[[model]]\nid = "p"\ndeployments = [{ endpoint = "e", wire_name = "placed" }]\n'
    catalogue = read(ENDPOINT + 'base_url = "http://x"\ndiscover = true\n' + MODEL + places)
    made = catalogue.adopt("e", named("wire-m", "placed", "new"))
    assert [card.wire_name for card in made] == ["new"]
    assert ids(catalogue) == ["m", "p", "e:new"]


def test_a_new_list_takes_the_place_of_the_old_one() -> None:
    catalogue = shipped("", **SERVER)
    catalogue.adopt("openai", named("a", "b"))
    catalogue.adopt("openai", named("b", "c"))
    assert ids(catalogue) == ["openai:b", "openai:c", "sketch"]
    catalogue.adopt("gemini", named("x"))
    assert "gemini:x" in catalogue.cards
    assert "openai:c" in catalogue.cards


def test_a_conversation_goes_on_before_the_list_has_come() -> None:
    """After a restart the model of an old conversation is taken at its word."""
    catalogue = shipped("", **SERVER)
    early = catalogue.resolve("openai:gemini-3-pro-image", TODAY).card
    (late,) = catalogue.adopt("openai", named("gemini-3-pro-image"))
    assert early == late
    assert catalogue.find("openai:other") is None  # and yet nobody may choose it
    with pytest.raises(ConfigError, match="not in the catalogue"):
        catalogue.card("openai:whisper-1")
    with pytest.raises(ConfigError, match="not in the catalogue"):
        catalogue.card("gemini:anything")


@pytest.mark.parametrize(
    ("kind", "history", "output"),
    [
        ("openai_images", False, ("image",)),
        ("imagen", False, ("image",)),
        ("openai_responses", True, ("text", "image")),
        ("gemini", True, ("text",)),
        ("sketch", True, ("text", "image")),
    ],
)
def test_the_wire_decides_where_the_name_says_nothing(
    kind: str, history: bool, output: tuple[str, ...]
) -> None:
    own = f'[[endpoint]]\nid = "e"\nkind = "{kind}"\n'
    (card,) = shipped(own).adopt("e", named("anything"))
    assert (card.history, card.output_modalities) == (history, output)


def test_who_reads_while_a_list_is_taken_in_sees_the_old_or_the_new() -> None:
    catalogue = shipped("", **SERVER)
    own = len(catalogue.cards)
    lists = {"openai": named(*"abcdefgh"), "gemini": named(*"ijklmnop")}
    seen: set[int] = set()
    done = threading.Event()

    def read_on(catalogue: Catalogue) -> None:
        while not done.is_set():
            cards = catalogue.cards
            seen.add(len(cards))
            assert len(cards) == len(list(cards.values()))

    def take_in(endpoint_id: str) -> None:
        for _ in range(200):
            catalogue.adopt(endpoint_id, lists[endpoint_id])

    reader = threading.Thread(target=read_on, args=(catalogue,))
    takers = [threading.Thread(target=take_in, args=(endpoint_id,)) for endpoint_id in lists]
    reader.start()
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()
    done.set()
    reader.join()
    assert len(catalogue.cards) == own + 16
    assert seen <= {own, own + 8, own + 16}


def drawing(**more: Any) -> Listed:
    """A proxy's model, found to have a wire of its own there."""
    told: dict[str, Any] = {
        "native_kind": "gemini",
        "native_url": "http://proxy:4000",
        "signatures": True,
    }
    return Listed("nano", "", ("text", "image"), ("text", "image"), **{**told, **more})


def test_a_proxys_gemini_is_asked_over_its_own_wire_and_stands_where_it_stood() -> None:
    catalogue = shipped("", OPENAI_BASE_URL="http://proxy:4000/v1", OPENAI_API_KEY="k")
    before = catalogue.card("openai:nano")
    made = catalogue.adopt("openai", [drawing(), *named("gpt-5.4")])
    card = catalogue.card("openai:nano")
    assert [one.id for one in made] == ["openai:nano", "openai:gpt-5.4"]
    assert card.id == before.id, "a conversation finds its model again"
    there = catalogue.endpoint_of(card)
    assert (there.kind, there.base_url, there.api_key) == ("gemini", "http://proxy:4000", "k")
    assert there.spec.kind == "gemini"
    assert card.signatures
    assert catalogue.endpoint_of(catalogue.card("openai:gpt-5.4")).kind == "openai_chat"
    shelves = {
        shelf.endpoint.id: [one.id for one in shelf.cards] for shelf in catalogue.shelf(TODAY)
    }
    assert shelves["openai"] == ["openai:nano", "openai:gpt-5.4"]
    assert set(shelves) == set(shipped("").endpoints), "the menu has no group more"
    assert catalogue.reason(card) == ""


def test_a_proxy_without_keys_needs_none_on_its_other_wire() -> None:
    catalogue = shipped("", OPENAI_BASE_URL="http://proxy:4000/v1")
    (card,) = catalogue.adopt("openai", [drawing()])
    assert catalogue.reason(card) == ""
    open_provider(catalogue.endpoint_of(card))


def test_a_list_without_the_other_wire_leads_back_to_the_first() -> None:
    catalogue = shipped("", OPENAI_BASE_URL="http://proxy:4000/v1")
    catalogue.adopt("openai", [drawing()])
    catalogue.adopt("openai", [drawing(native_kind="", native_url="")])
    card = catalogue.card("openai:nano")
    assert catalogue.endpoint_of(card).kind == "openai_chat"
    assert card.signatures


def test_a_wire_that_nobody_speaks_is_not_taken() -> None:
    catalogue = shipped("", OPENAI_BASE_URL="http://proxy:4000/v1")
    (card,) = catalogue.adopt("openai", [drawing(native_kind="smoke_signals")])
    assert catalogue.endpoint_of(card).kind == "openai_chat"
