"""What goes out to Imagen: the last question's words, and only settings that the card has."""

from typing import Any

import pytest

from chat.core.errors import CapabilityError
from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.providers.imagen.adapter import Imagen
from tests.loopback import Loopback, Request, json_reply
from tests.wire.cloud import express
from tests.wire.talk import KEY, Media, assistant, card, endpoint, events_of, heard, request, user
from tests.wire_shapes import imagen_answer, tiny_png

RED = tiny_png(200)


def imagen(**more: Any) -> ModelCard:
    told: dict[str, Any] = {"wire_name": "imagen-4.0-generate-001", "stream": False, "n_max": 4}
    return card("imagen", title="Imagen 4", **{**told, **more})


async def sent(*messages: Message, **more: Any) -> Request:
    """What the server received."""
    model = more.pop("model", imagen())
    options = more.pop("endpoint_options", {})
    with Loopback([json_reply(imagen_answer(RED))]) as server:
        provider = Imagen(express("imagen", server.url, **options))
        await events_of(provider, request(model, *messages, **more))
    (only,) = server.requests
    return only


async def refused(asked_of: Imagen, *messages: Message, media: Media | None = None) -> str:
    """The sentence of the refusal."""
    asked = request(imagen(), *messages, media=(media or Media()).bytes)
    said, error = await heard(asked_of, asked)
    assert said == []
    assert type(error) is CapabilityError
    return str(error)


async def test_a_plain_request_asks_for_one_picture_and_nothing_else() -> None:
    only = await sent(user("A fox 🦊"))
    assert only.path == "/v1beta1/publishers/google/models/imagen-4.0-generate-001:predict"
    assert only.headers["x-goog-api-key"] == KEY
    assert only.json == {
        "instances": [{"prompt": "A fox 🦊"}],
        "parameters": {"sampleCount": 1, "includeRaiReason": True},
    }


async def test_people_and_what_to_leave_out_go_along_where_the_model_has_them() -> None:
    rich = imagen(person_generations=("ALLOW_ALL", "DONT_ALLOW"), negative_prompt=True)
    options = {"person_generation": "DONT_ALLOW", "negative_prompt": "birds", "n": "2"}
    endpoint_options = {"person_generation": "ALLOW_ALL"}
    for model, told in ((rich, True), (imagen(), False)):
        only = await sent(
            user("A sky"), model=model, options=options, endpoint_options=endpoint_options
        )
        parameters = only.json["parameters"]
        assert parameters["personGeneration"] == ("DONT_ALLOW" if told else "ALLOW_ALL")
        assert parameters.get("negativePrompt") == ("birds" if told else None)
        assert parameters["sampleCount"] == 2


async def test_only_the_last_question_is_asked() -> None:
    media = Media()
    before = (user("A fox"), assistant("Here.", media.image(RED, "model"), by="gemini"))
    only = await sent(*before, user("A cat"), system="Be brief.", media=media.bytes)
    assert only.json["instances"] == [{"prompt": "A cat"}]


async def test_picture_options_go_out_only_where_the_card_has_them() -> None:
    only = await sent(options={"aspect_ratio": "16:9", "image_size": "4K", "n": 2})
    assert only.json["parameters"] == {
        "sampleCount": 2,
        "aspectRatio": "16:9",
        "includeRaiReason": True,
    }
    only = await sent(options={"aspect_ratio": "7:5", "image_size": "2K"})
    assert only.json["parameters"]["sampleImageSize"] == "2K"
    assert "aspectRatio" not in only.json["parameters"]


@pytest.mark.parametrize(
    ("wanted", "n_max", "asked"),
    [
        (3, 4, 3),
        ("4", 4, 4),
        (9, 4, 4),
        (9, 12, 4),
        (0, 4, 1),
        (-2, 4, 1),
        (4, 1, 1),
        ("many", 4, 1),
        (None, 4, 1),
        (2.5, 4, 1),
    ],
)
async def test_as_many_pictures_are_asked_for_as_may_be(
    wanted: object, n_max: int, asked: int
) -> None:
    only = await sent(options={"n": wanted}, model=imagen(n_max=n_max))
    assert only.json["parameters"]["sampleCount"] == asked


async def test_who_is_drawn_and_in_which_format_is_the_endpoints_choice() -> None:
    choice = {"person_generation": "DONT_ALLOW", "output_mime_type": "image/jpeg"}
    only = await sent(endpoint_options=choice)
    assert only.json["parameters"]["personGeneration"] == "DONT_ALLOW"
    assert only.json["parameters"]["outputOptions"] == {"mimeType": "image/jpeg"}


async def test_a_plain_key_is_told_what_it_can_draw_with_and_nothing_is_sent() -> None:
    with Loopback([]) as server:
        sentence = await refused(Imagen(endpoint("imagen", server.url)))
    assert "Choose a Gemini image model" in sentence
    assert server.requests == []


async def test_a_picture_to_edit_is_sent_elsewhere() -> None:
    media = Media()
    with Loopback([]) as server:
        question = user("Make it blue", media.image(RED))
        sentence = await refused(Imagen(express("imagen", server.url)), question, media=media)
    assert "Gemini image model or an OpenAI image model" in sentence
    assert server.requests == []


async def test_no_words_are_no_prompt() -> None:
    with Loopback([]) as server:
        sentence = await refused(Imagen(express("imagen", server.url)), user(" \n"))
    assert "Say what it shall draw" in sentence
    assert server.requests == []
