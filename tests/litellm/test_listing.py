"""What the proxy says it serves, as a menu and the settings show it."""

import pytest

from chat.core.errors import AuthFailed
from chat.core.models import Prices
from tests.litellm.backends import model_list
from tests.litellm.conftest import Desk

EVERY_WIRE = pytest.mark.parametrize("card", ["chat", "native", "gpt-image"])


@EVERY_WIRE
async def test_every_model_of_the_proxy_is_listed_in_its_order(desk: Desk, card: str) -> None:
    listed = await desk.lists(card)
    assert [model.wire_name for model in listed] == [row["model_name"] for row in model_list("")]
    assert desk.behind.server.requests == [], "a list costs nothing"


@EVERY_WIRE
async def test_what_the_proxy_knows_of_its_models_is_taken_over(desk: Desk, card: str) -> None:
    listed = {model.wire_name: model for model in await desk.lists(card)}
    draws = listed["gemini-image"]
    assert draws.input_modalities == draws.output_modalities == ("text", "image")
    assert draws.tools is False
    assert draws.prices is not None
    assert draws.prices.output_image_usd == 60
    talks = listed["gemini-text"]
    assert talks.output_modalities == ("text",)
    assert talks.tools is True
    assert talks.prices == Prices(0.75, 0.75, 3.75, cached_input_usd=0.075)
    assert listed["gpt-image"].output_modalities == ("image",)
    assert listed["vertex-imagen"].prices is None, "an unknown price is not free"


async def test_what_only_draws_is_asked_on_the_images_routes_of_the_proxy(desk: Desk) -> None:
    listed = {model.wire_name: model for model in await desk.lists("chat")}
    only_draw = {name for name, model in listed.items() if model.native_kind == "openai_images"}
    assert only_draw == set(listed) - {"gemini-image", "gemini-text", "openai-text"}
    assert "size" not in listed["recraft"].facts["edit_parameters"], "it refuses one"
    assert listed["dall-e"].facts["qualities"] == ("standard", "hd")
    assert listed["editor-of-ones-own"].facts["input_modalities"] == ("text", "image")


@EVERY_WIRE
async def test_a_wrong_key_is_said_to_be_wrong(desk: Desk, card: str) -> None:
    """A proxy without a database answers 400, and that it has none."""
    async with desk.opened(card, api_key="sk-not-this-one") as door:
        with pytest.raises(AuthFailed, match="Check MY_PROXY_KEY") as refusal:
            await door.models()
    assert "sk-not-this-one" not in str(refusal.value)
