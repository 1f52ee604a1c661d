"""What Imagen answers: every picture, a plain sentence for a refusal, one request at any price."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest

from chat.core.errors import (
    AuthFailed,
    BadReply,
    ChatError,
    RateLimited,
    Rejected,
    Unavailable,
)
from chat.core.events import Finished, ImageBytes, ProviderEvent
from chat.core.messages import Finish, Message
from chat.core.models import ModelCard
from chat.providers.imagen.adapter import Imagen
from tests.loopback import Gate, Loopback, Reply, json_reply, text_reply
from tests.patience import PATIENCE_S
from tests.wire.cloud import PROJECT, TOKEN, account, account_file, cloud, express
from tests.wire.talk import assistant, card, events_of, heard, request, user
from tests.wire_shapes import imagen_answer, tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
REASON = "Unable to show generated images. Support codes: 56562880"
BLOCKED = (
    f"The model's safety rules refused this picture. Try another description. It said: “{REASON}”."
)


def imagen() -> ModelCard:
    return card("imagen", wire_name="imagen-4.0-generate-001", stream=False, n_max=4)


async def said(answer: Any, *messages: Message, **more: Any) -> list[ProviderEvent]:
    with Loopback([json_reply(answer)]) as server:
        return await events_of(
            Imagen(express("imagen", server.url)), request(imagen(), *messages, **more)
        )


async def test_every_picture_comes_with_the_words_it_was_drawn_from() -> None:
    answer = imagen_answer(RED, BLUE)
    answer["predictions"][1]["prompt"] = "A blue fox in the snow"
    assert await said(answer, options={"n": 2}) == [
        ImageBytes(RED),
        ImageBytes(BLUE, alt="A blue fox in the snow"),
        Finished(Finish("stop")),
    ]


@pytest.mark.parametrize(
    ("before", "more"),
    [((user("A fox"), assistant("Here.", by="gemini")), {}), ((), {"system": "Be brief."})],
    ids=["history", "system prompt"],
)
async def test_what_was_left_out_is_said(before: tuple[Message, ...], more: Any) -> None:
    picture, end = await said(imagen_answer(RED), *before, user("A cat"), **more)
    assert picture == ImageBytes(RED)
    sentence = "Imagen sees the last message alone, and nothing that was said before it."
    assert end == Finished(Finish("stop", message=sentence))


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"predictions": [{"raiFilteredReason": REASON}]}, BLOCKED),
        ({"predictions": [{"mimeType": "image/png"}]}, BLOCKED.partition(" It said")[0]),
        ({"predictions": []}, BLOCKED.partition(" It said")[0]),
        ({}, BLOCKED.partition(" It said")[0]),
    ],
    ids=["reason", "null picture", "no predictions", "nothing"],
)
async def test_no_picture_is_a_refusal_in_plain_words(answer: Any, sentence: str) -> None:
    (only,) = await said(answer, user("A fox"), assistant("Here."), user("Another"))
    assert only == Finished(
        Finish("blocked", "rai_filtered", sentence, "no", ("reword", "other_model"))
    )


@pytest.mark.parametrize("wrap", ["\n", "\r\n"])
async def test_base64_that_is_wrapped_or_in_a_data_url_is_read(wrap: str) -> None:
    answer = imagen_answer(RED, BLUE)
    first, second = answer["predictions"]
    digits = first["bytesBase64Encoded"]
    first["bytesBase64Encoded"] = wrap.join(
        digits[at : at + 20] for at in range(0, len(digits), 20)
    )
    second["bytesBase64Encoded"] = f"data:image/png;base64,{second['bytesBase64Encoded']}"
    *pictures, _ = await said(answer, options={"n": 2})
    assert pictures == [ImageBytes(RED), ImageBytes(BLUE)]


async def test_pictures_that_were_held_back_are_counted() -> None:
    answer = imagen_answer(RED)
    answer["predictions"] += [{"raiFilteredReason": REASON}, {}]
    picture, end = await said(answer, options={"n": 3})
    assert picture == ImageBytes(RED)
    assert end == Finished(Finish("stop", message="2 of 3 pictures were held back."))


async def failed(reply: Reply) -> ChatError:
    with Loopback([reply]) as server:
        events, error = await heard(Imagen(express("imagen", server.url)), request(imagen()))
    assert len(server.requests) == 1, "a picture is paid for each time it is asked for"
    assert events == []
    assert isinstance(error, ChatError)
    return error


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Rejected), (403, AuthFailed), (404, Rejected), (429, RateLimited), (503, Unavailable)],
)
async def test_each_status_is_its_own_error_after_one_request(
    status: int, kind: type[ChatError]
) -> None:
    body = {"error": {"code": status, "message": "Told.", "status": "X"}}
    error = await failed(json_reply(body, status))
    assert type(error) is kind
    assert "“Told.”" in str(error)


@pytest.mark.parametrize(
    "reply",
    [
        text_reply("<html>Welcome to the hotel network</html>"),
        json_reply({"predictions": 5}),
        json_reply({"predictions": [{"bytesBase64Encoded": "%"}]}),
        Reply((b'{"predi',), headers={"content-type": "application/json"}, promised_bytes=7),
    ],
    ids=["html", "number", "no base64", "half"],
)
async def test_what_is_not_an_answer_is_a_bad_reply(reply: Reply) -> None:
    assert isinstance(await failed(reply), BadReply)


async def test_a_cut_connection_may_be_tried_again() -> None:
    reply = Reply((b'{"predi',), headers={"content-type": "application/json"}, cut=True)
    assert type(await failed(reply)) is Unavailable


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        _, error = await heard(Imagen(express("imagen", url)), request(imagen()))
    assert type(error) is Unavailable


async def test_stopping_hangs_up() -> None:
    gate = Gate()
    waiting = Reply((gate,), headers={"content-type": "application/json"})
    with Loopback([waiting]) as server:
        provider = Imagen(express("imagen", server.url))
        turn = asyncio.create_task(heard(provider, request(imagen())))
        await asyncio.to_thread(gate.reached.wait, PATIENCE_S)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)


async def test_a_service_account_draws_in_its_project_and_region(tmp_path: Path) -> None:
    with cloud([json_reply(imagen_answer(RED))]) as server:
        key = account_file(tmp_path, server)
        place = account("imagen", server.url, key, **PROJECT)
        first, _ = await events_of(Imagen(place), request(imagen()))
    assert first == ImageBytes(RED)
    _, asked = server.requests
    project = "/v1beta1/projects/easel-test/locations/europe-west4/publishers/google/models"
    assert asked.path == f"{project}/imagen-4.0-generate-001:predict"
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
