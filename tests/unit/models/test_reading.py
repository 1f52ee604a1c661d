"""Keys and addresses decide which models are shown; a later file changes rows key by key."""

from datetime import date
from typing import get_args

import pytest

from chat.core.errors import ConfigError
from chat.core.models import Cause, Prices
from chat.models import read_catalogue
from chat.providers.registry import specs
from tests.unit.models.files import ENDPOINT, MODEL, SHIPPED, ids, mistakes, read, shipped


def test_without_keys_the_painter_answers() -> None:
    catalogue = read_catalogue([SHIPPED], {})
    assert ids(catalogue) == ["sketch"]
    assert catalogue.default.id == "sketch"


@pytest.mark.parametrize("name", ["GEMINI_API_KEY", "GOOGLE_API_KEY"])
def test_with_a_key_its_models_come_first(name: str) -> None:
    catalogue = read_catalogue([SHIPPED], {name: " key \n"})
    assert catalogue.default.id == "gemini-nano-banana-2.1"
    assert catalogue.endpoint_of(catalogue.default).api_key == "key"
    assert ids(catalogue)[-1] == "sketch"
    assert len(ids(catalogue)) == len(set(ids(catalogue)))


def test_a_blank_key_is_no_key() -> None:
    assert ids(read_catalogue([SHIPPED], {"GEMINI_API_KEY": "  "})) == ["sketch"]


CLOUD = """
[[endpoint]]
id = "cloud"
kind = "gemini"
key_env = ["CLOUD_KEY"]
needs_env = ["CLOUD_PROJECT"]
options = { enterprise = true, location = "global" }
options_env = { project = "CLOUD_PROJECT", location = "CLOUD_LOCATION" }

[[model]]
id = "c"
endpoint = "cloud"
wire_name = "c"
"""


@pytest.mark.parametrize(
    ("environ", "shown"),
    [
        ({}, []),
        ({"CLOUD_KEY": "k"}, []),
        ({"CLOUD_PROJECT": "p"}, []),
        ({"CLOUD_KEY": "k", "CLOUD_PROJECT": " "}, []),
        ({"CLOUD_KEY": "k", "CLOUD_PROJECT": "p"}, ["c"]),
    ],
)
def test_a_model_that_needs_more_than_a_key_waits_for_it(
    environ: dict[str, str], shown: list[str]
) -> None:
    assert ids(read(CLOUD, **environ)) == shown


def test_an_option_may_come_from_the_environment() -> None:
    given = read(CLOUD, CLOUD_PROJECT="p").endpoints["cloud"].options
    assert given == {"enterprise": True, "location": "global", "project": "p"}
    moved = read(CLOUD, CLOUD_LOCATION="europe-west4").endpoints["cloud"].options
    assert moved == {"enterprise": True, "location": "europe-west4"}


def test_a_cloud_project_and_its_credentials_show_its_models() -> None:
    environ = {"GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_APPLICATION_CREDENTIALS": "/keys/sa.json"}
    catalogue = read_catalogue([SHIPPED], environ, kinds=specs())
    *cloud, painter = catalogue.usable()
    assert painter.id == "sketch"
    assert {card.endpoint for card in cloud} == {"vertex"}  # Imagen is gone
    endpoint = catalogue.endpoint_of(cloud[0])
    assert endpoint.options == {"enterprise": True, "location": "global", "project": "p"}
    assert ids(read_catalogue([SHIPPED], {"GOOGLE_CLOUD_PROJECT": "p"})) == ["sketch"]


def test_responses_models_are_those_that_the_user_lists() -> None:
    environ = {"OPENAI_API_KEY": "k", "OPENAI_RESPONSES_MODELS": "gpt-5.4"}
    catalogue = read_catalogue([SHIPPED], environ, kinds=specs())
    (card,) = (c for c in catalogue.usable() if c.endpoint == "openai-responses")
    assert (card.wire_name, card.output_modalities) == ("gpt-5.4", ("text", "image"))


def test_a_proxys_own_model_names_become_rows_of_the_menu() -> None:
    catalogue = read_catalogue(
        [SHIPPED],
        {
            "OPENAI_API_KEY": "key",
            "OPENAI_BASE_URL": "http://127.0.0.1:4000/v1",
            "OPENAI_MODELS": "gemini-image, gpt-5,,gpt-5",
        },
    )
    drawing, writing, painter = catalogue.usable()
    assert (drawing.wire_name, drawing.output_modalities) == ("gemini-image", ("text", "image"))
    assert (writing.wire_name, writing.output_modalities) == ("gpt-5", ("text",))
    assert painter.id == "sketch"
    assert catalogue.endpoint_of(drawing).base_url == "http://127.0.0.1:4000/v1"
    assert drawing.id != writing.id


def test_every_shipped_row_is_whole() -> None:
    google = ("GEMINI_API_KEY", "GOOGLE_CLOUD_API_KEY", "GOOGLE_CLOUD_PROJECT")
    keys = (*google, "OPENAI_API_KEY", "XAI_API_KEY", "OPENROUTER_API_KEY")
    azure = {"AZURE_OPENAI_API_KEY": "k", "AZURE_OPENAI_ENDPOINT": "https://me.openai.azure.com"}
    drawing = "gemini-nano-banana-2.1,gemini-3-pro-image,gemini-3.8-flash"
    named = {**dict.fromkeys(keys, "k"), "GEMINI_INTERACTIONS_MODELS": drawing}
    catalogue = read_catalogue([SHIPPED], named | azure, kinds=specs())
    every = {card.id for card in catalogue.usable(date(2026, 1, 1))}
    assert every == set(catalogue.cards)
    assert {endpoint.kind for endpoint in catalogue.endpoints.values()} <= set(specs())
    for card in catalogue.cards.values():
        assert card.title
        assert card.note.endswith(".")
        if card.endpoint in {"gemini", "vertex"}:
            assert card.prices.input_text_usd is not None
            assert card.prices.output_text_usd is not None
            assert ("image" in card.output_modalities) == (card.prices.output_image_usd is not None)


def test_a_row_may_say_everything() -> None:
    row = MODEL + (
        'title = "M"\ntools = true\nstream = false\nimage_sizes = ["1K"]\nmax_input_images = 0\n'
        'qualities = ["low"]\nbackgrounds = ["opaque"]\nn_max = 4\n'
        'output_modalities = ["image"]\nretires_on = 2027-03-15\nprices = { input_text_usd = 0 }\n'
    )
    card = read(ENDPOINT + row).card("m")
    assert (card.wire_name, card.title, card.tools, card.stream) == ("wire-m", "M", True, False)
    assert (card.image_sizes, card.max_input_images) == (("1K",), 0)
    assert (card.qualities, card.backgrounds, card.n_max) == (("low",), ("opaque",), 4)
    assert card.output_modalities == ("image",)
    assert card.retires_on == date(2027, 3, 15)
    assert card.prices == Prices(input_text_usd=0.0, source="Easel's own file")


def test_a_later_file_changes_key_by_key_and_adds() -> None:
    later = '[[model]]\nid = "m"\ntitle = "Mine"\n[[endpoint]]\nid = "e"\nbase_url = "http://x"\n'
    more = '[[model]]\nid = "n"\nendpoint = "e"\nwire_name = "n"\n'
    catalogue = read(ENDPOINT + MODEL, later + more)
    assert catalogue.card("m").title == "Mine"
    assert catalogue.card("m").wire_name == "wire-m"
    assert catalogue.endpoints["e"].base_url == "http://x"
    assert ids(catalogue) == ["m", "n"]


def test_a_model_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(ConfigError, match="“nobody” is not in the catalogue"):
        read(ENDPOINT + MODEL).card("nobody")


def test_a_catalogue_of_which_nothing_can_be_used_says_why() -> None:
    with pytest.raises(ConfigError, match="lacks its key"):
        _ = read(ENDPOINT + 'key_env = ["K"]\n' + MODEL).default


def test_what_our_file_says_that_a_row_may_say_can_be_said() -> None:
    """Who copies the keys from the comments gets a model, not a mistake."""
    comment = SHIPPED[1].partition("#   aliases")[2].partition("#\n# An endpoint with")[0]
    keys = "\n".join(line.removeprefix("#") for line in f"# aliases{comment}".splitlines())
    own = MODEL.replace('"e"', '"openai-images"') + keys
    assert mistakes(own) == []
    card = shipped(own).card("old-name")
    assert len(card.deployments) == 2
    assert set(card.fallbacks) == set(get_args(Cause))
    assert card.prices.output_image_usd == 120.0
