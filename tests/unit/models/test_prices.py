"""Prices come from the kept-up list, then from our file; the user's own are never replaced."""

from datetime import UTC, date, datetime

import pytest

from chat.core.models import Endpoint, ModelCard, Prices
from chat.core.provider_spec import UNKNOWN
from chat.models.prices import LIST_NAME, listed_prices, merged
from chat.providers.registry import specs
from tests.unit.models.files import ENDPOINT, MODEL, read, shipped

NOVEMBER = datetime(2026, 11, 26, tzinfo=UTC)
PAINTS = ModelCard("c", "e", "gemini-3-pro-image", "C")
DRAWS_ONLY = ModelCard("c", "e", "gpt-image-2", "C", output_modalities=("image",))


def endpoint(kind: str, base_url: str = "") -> Endpoint:
    return Endpoint("e", kind, "E", base_url, spec=specs().get(kind, UNKNOWN))


def test_the_list_knows_words_and_pictures_apart() -> None:
    assert listed_prices(PAINTS, endpoint("gemini"), at=NOVEMBER) == Prices(
        input_text_usd=2.0,
        input_image_usd=2.0,
        output_text_usd=12.0,
        output_image_usd=120.0,
        source=LIST_NAME,
    )
    assert listed_prices(DRAWS_ONLY, endpoint("openai_images"), at=NOVEMBER) == Prices(
        input_text_usd=5.0,
        input_image_usd=8.0,
        output_image_usd=30.0,
        cached_input_usd=1.25,
        source=LIST_NAME,
    )


def test_prices_that_change_on_a_day_are_those_of_the_day() -> None:
    flash = ModelCard("c", "e", "gemini-3.8-flash", "C", output_modalities=("text",))
    now = listed_prices(flash, endpoint("gemini"), at=NOVEMBER)
    later = listed_prices(flash, endpoint("gemini"), at=datetime(2027, 2, 1, tzinfo=UTC))
    assert (now.input_text_usd, later.input_text_usd) == (0.75, 1.5)


@pytest.mark.parametrize(
    ("kind", "base_url"),
    [
        ("openai_images", "http://127.0.0.1:4000/v1"),  # who knows what this one charges
        ("sketch", ""),
        ("scripted", ""),
    ],
)
def test_what_the_list_does_not_know_stays_unknown(kind: str, base_url: str) -> None:
    assert listed_prices(DRAWS_ONLY, endpoint(kind, base_url)) == Prices()
    unheard = ModelCard("c", "e", "no-such-model", "C")
    assert listed_prices(unheard, endpoint("gemini")) == Prices()


def test_a_model_that_only_sometimes_draws_has_no_guessed_price_for_pictures() -> None:
    speaks = ModelCard("c", "e", "gpt-5.4", "C")
    prices = listed_prices(speaks, endpoint("openai_responses"))
    assert prices.output_text_usd is not None
    assert prices.output_image_usd is None


def test_azure_is_known_by_its_address() -> None:
    azure = endpoint("openai_images", "https://me.openai.azure.com")
    assert listed_prices(DRAWS_ONLY, azure).output_image_usd == 30.0


def test_a_row_may_name_whose_price_it_has() -> None:
    own = ENDPOINT + 'base_url = "http://127.0.0.1:4000/v1"\n' + MODEL
    assert shipped(own).card("m").prices == Prices()
    priced = shipped(own + 'priced_as = "gemini/gemini-3-pro-image"').card("m").prices
    assert (priced.output_image_usd, priced.source) == (120.0, LIST_NAME)
    for unheard in ("gemini/none", "none/gemini-3-pro-image", "gemini-3-pro-image", "/"):
        assert shipped(own + f'priced_as = "{unheard}"').card("m").prices == Prices()


GOOGLE = ENDPOINT.replace("openai_chat", "gemini") + MODEL.replace("wire-m", "gemini-3-pro-image")


def test_the_users_own_figure_wins_and_the_list_fills_the_rest() -> None:
    row = GOOGLE + "prices = { input_text_usd = 9, per_image_usd = 0.5 }"
    prices = shipped(row).card("m").prices
    assert (prices.input_text_usd, prices.per_image_usd) == (9.0, 0.5)
    assert prices.output_image_usd == 120.0
    assert prices.source == f"your own file; {LIST_NAME}"
    # On a row of ours as well.
    ours = '[[model]]\nid = "gemini-3-pro-image"\nprices = { output_image_usd = 1 }\n'
    assert shipped(ours).card("gemini-3-pro-image").prices.output_image_usd == 1.0


def test_our_own_figure_counts_only_where_the_list_has_none() -> None:
    row = GOOGLE + 'prices = { input_text_usd = 9, per_image_usd = 0.5, source = "a bill" }'
    prices = read(row).card("m").prices
    assert (prices.input_text_usd, prices.per_image_usd) == (2.0, 0.5)
    assert prices.source == f"{LIST_NAME}; a bill"


def test_a_source_is_named_only_for_what_it_gave() -> None:
    assert merged(Prices(source="empty"), Prices(input_text_usd=1.0, source="full")) == Prices(
        input_text_usd=1.0, source="full"
    )
    assert merged(Prices(), Prices()) == Prices()


def test_every_model_of_ours_that_is_sold_has_a_price() -> None:
    keys = ("GEMINI_API_KEY", "OPENAI_API_KEY", "GOOGLE_CLOUD_API_KEY", "GOOGLE_CLOUD_PROJECT")
    catalogue = shipped("", **dict.fromkeys(keys, "k"))
    for card in catalogue.usable(date(2026, 11, 26)):
        assert card.prices.source, card.id
        assert card.prices.input_text_usd is not None, card.id
