"""Which text model runs tools for a picture model: one that the conversation would go to anyway."""

import pytest

from chat.models.tool_relay import how_tools_run
from tests.unit.models.files import read, shipped

AZURE = {
    "AZURE_OPENAI_API_KEY": "k",
    "AZURE_OPENAI_ENDPOINT": "https://me.openai.azure.com",
    "AZURE_OPENAI_DEPLOYMENTS": "my-image-2,chatter",
}
CLOUD = {"GOOGLE_CLOUD_API_KEY": "c", "GOOGLE_CLOUD_PROJECT": "p"}
EVERY = {"GEMINI_API_KEY": "g", "OPENAI_API_KEY": "o", "XAI_API_KEY": "x", **AZURE, **CLOUD}


def test_with_every_key_each_picture_model_of_ours_has_tools_from_its_own_company() -> None:
    catalogue = shipped(
        "", GEMINI_INTERACTIONS_MODELS="gemini-3-pro-image,gemini-3.8-flash", **EVERY
    )
    drawing = [card for card in catalogue.usable() if "image" in card.output_modalities]
    assert {catalogue.endpoint_of(card).id for card in drawing} >= {
        "gemini", "gemini-interactions", "openai-images", "xai-images", "azure-images", "vertex",
    }  # fmt: skip
    for card in drawing:
        route = how_tools_run(card, catalogue)
        assert route.able, card.id
        if route.relay is not None:
            text, here = (catalogue.endpoint_of(each) for each in (route.relay.text, card))
            assert text.key_env == here.key_env, card.id


SERVER = """
[[endpoint]]
id = "pictures"
kind = "openai_images"
base_url = "http://127.0.0.1:4000/v1"
key_env = ["PICTURES_KEY"]

[[model]]
id = "paints"
endpoint = "pictures"
wire_name = "paints"
output_modalities = ["image"]

[[endpoint]]
id = "words"
kind = "openai_chat"
base_url = "{address}"
key_env = ["{key}"]

[[model]]
id = "writes"
endpoint = "words"
wire_name = "writes"
output_modalities = ["text"]
tools = true
"""


@pytest.mark.parametrize(
    ("address", "key", "same"),
    [
        ("http://127.0.0.1:4000/v1", "PICTURES_KEY", True),
        ("http://127.0.0.1:4001/v1", "PICTURES_KEY", False),
        ("http://127.0.0.1:4000/v1", "OTHER_KEY", False),
    ],
)
def test_another_wire_of_the_same_server_helps_and_another_server_does_not(
    address: str, key: str, same: bool
) -> None:
    text = SERVER.format(address=address, key=key)
    catalogue = read(text, PICTURES_KEY="a", OTHER_KEY="a")
    route = how_tools_run(catalogue.cards["paints"], catalogue)
    assert route.able is same
    assert (route.relay.text.id if route.relay else "") == ("writes" if same else "")
    assert (route.how, route.why_not) == ((route.sentence, "") if same else ("", route.sentence))


def test_a_text_model_that_sees_no_pictures_is_named_as_such() -> None:
    paints = 'wire_name = "paints"\n'
    sees = SERVER.replace(paints, paints + 'input_modalities = ["text", "image"]\n')
    blind = f'{sees}input_modalities = ["text"]\n'
    text = blind.format(address="http://127.0.0.1:4000/v1", key="PICTURES_KEY")
    catalogue = read(text, PICTURES_KEY="a")
    route = how_tools_run(catalogue.cards["paints"], catalogue)
    assert route.why_not == (
        "paints cannot call tools. writes can, and sees no pictures, so it cannot run them for it."
    )
