"""Which variables show which of OpenAI's and Azure's models, and that their rows are true."""

import pytest

from chat.core.models import ModelCard
from chat.models import Catalogue, read_catalogue
from chat.providers.openai_images.sizes import best_size
from chat.providers.registry import specs
from tests.unit.models.files import SHIPPED, TODAY, shipped

AZURE = {"AZURE_OPENAI_API_KEY": "k", "AZURE_OPENAI_ENDPOINT": "https://me.openai.azure.com"}


def of(catalogue: Catalogue, endpoint: str) -> list[ModelCard]:
    return [card for card in catalogue.usable(TODAY) if card.endpoint == endpoint]


def test_openais_own_key_shows_models_that_converse_first_and_then_its_picture_models() -> None:
    catalogue = shipped(OPENAI_API_KEY="k")
    assert catalogue.endpoint_of(catalogue.default).kind == "openai_responses"
    assert {card.id for card in of(catalogue, "openai-images")} >= {
        "gpt-image-2",
        "gpt-image-1.5",
        "gpt-image-1-mini",
    }


def test_a_compatible_server_is_not_asked_for_openais_models() -> None:
    catalogue = shipped(OPENAI_API_KEY="k", OPENAI_BASE_URL="http://127.0.0.1:4000/v1")
    assert of(catalogue, "openai-images") == of(catalogue, "openai-responses") == []
    # What it serves only it can say: OpenAI's own names would be a guess.
    assert of(catalogue, "openai") == []
    assert catalogue.endpoints["openai"].discover


@pytest.mark.parametrize("missing", list(AZURE))
def test_azure_waits_for_both_its_key_and_its_address(missing: str) -> None:
    catalogue = shipped("", **{**AZURE, missing: " "})
    assert [card.id for card in catalogue.usable()] == ["sketch"]


def test_azures_deployments_are_called_as_the_user_calls_them() -> None:
    catalogue = shipped(**AZURE, AZURE_OPENAI_DEPLOYMENTS="my-image-2, chatter")
    (draws,), (writes,) = of(catalogue, "azure-images"), of(catalogue, "azure")
    assert (draws.wire_name, writes.wire_name) == ("my-image-2", "chatter")
    endpoint = catalogue.endpoint_of(draws)
    assert endpoint.base_url == AZURE["AZURE_OPENAI_ENDPOINT"]
    assert endpoint.options["api_version"] == "2025-04-01-preview"
    newer = shipped(**AZURE, OPENAI_API_VERSION="2026-10-01")
    assert newer.endpoints["azure"].options["api_version"] == "2026-10-01"


def test_every_shape_and_size_on_offer_has_pixels_that_the_model_makes() -> None:
    catalogue = shipped(OPENAI_API_KEY="k", **AZURE)
    cards = [*of(catalogue, "openai-images"), *of(catalogue, "azure-images")]
    assert len(cards) >= 4
    for card in cards:
        assert {"size", "quality", "background"} <= set(card.images_parameters)
        assert "response_format" not in card.images_parameters
        assert ("input_fidelity" in card.images_parameters) == (card.id == "gpt-image-1.5")
        for ratio in card.aspect_ratios:
            wide, high = map(int, ratio.split(":"))
            for size in card.image_sizes or ("",):
                limits = card.size_limits
                named = best_size(card.sizes, ratio, size)
                pixels = named or (limits.nearest(ratio, size) if limits else "")
                width_px, height_px = map(int, pixels.split("x"))
                if named:
                    assert width_px * high == height_px * wide, (card.id, ratio, size)
                assert width_px / height_px == pytest.approx(wide / high, rel=0.02)
                assert width_px % 16 == height_px % 16 == 0
                assert limits is None or limits.wrong_with(width_px, height_px) == ""


def test_the_rows_for_a_proxy_that_the_file_explains_can_be_read() -> None:
    """Who copies the example from the comments gets a model, not a mistake."""
    comment = SHIPPED[1].partition("#   [[endpoint]]")[2].partition("#\n#   Imagen, Gemini")[0]
    example = "\n".join(line.removeprefix("#") for line in ("#[[endpoint]]" + comment).splitlines())
    catalogue = read_catalogue([("mine.toml", example)], {"MY_PROXY_KEY": "k"}, kinds=specs())
    card = catalogue.default
    assert catalogue.endpoint_of(card).kind == "openai_images"
    assert card.images_parameters == ("size", "n")
    assert best_size(card.sizes, "16:9") == "1792x1024"
