"""Gemini on Google Cloud: signed in as a service account or with an express key, else the same."""

import base64
from pathlib import Path
from typing import Any

import pytest

from chat.core.errors import AuthFailed, ChatError, ConfigError, Rejected, Unavailable
from chat.core.events import ImageBytes, TextDelta
from chat.core.models import Endpoint
from chat.core.parts import Echo
from chat.providers.gemini.adapter import Gemini
from tests.loopback import Loopback, json_reply
from tests.wire.cloud import PROJECT, TOKEN, account, account_file, cloud, express
from tests.wire.talk import (
    KEY,
    Media,
    assistant,
    card,
    endpoint,
    events_of,
    finished,
    heard,
    request,
    user,
)
from tests.wire_shapes import gemini_stream, tiny_png

RED = tiny_png(200)
SIGNED = Echo("gemini", {"thought_signature": base64.b64encode(b"\xfbsigned").decode()})
MODEL = "gemini-3.1-flash-image:streamGenerateContent?alt=sse"
VERTEX = card("gemini", signatures=False)


@pytest.fixture
def crowded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK reads the environment by itself; what it finds there must not win."""
    monkeypatch.setenv("GOOGLE_API_KEY", "AIzaOfAnotherEndpoint")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "another-project")
    monkeypatch.setenv("GOOGLE_CLOUD_LOCATION", "mars-north1")


@pytest.mark.usefixtures("crowded")
async def test_a_service_account_signs_in_once_and_draws_in_its_project_and_region(
    tmp_path: Path,
) -> None:
    with cloud([gemini_stream(["A fox", RED]), gemini_stream(["Another"])]) as server:
        key = account_file(tmp_path, server)
        provider = Gemini(account("gemini", server.url, key, **PROJECT))
        first = [event async for event in provider.stream(request(VERTEX))]
        assert (await events_of(provider, request(VERTEX)))[0] == TextDelta("Another")
    words, picture, _ = first
    assert words == TextDelta("A fox")
    assert isinstance(picture, ImageBytes)
    assert picture.data == RED
    assert finished(first).finish.kind == "stop"
    sign_in, *asked = server.requests
    assert b"assertion=" in sign_in.body
    place = "/v1beta1/projects/easel-test/locations/europe-west4/publishers/google/models"
    for call in asked:
        assert call.path == f"{place}/{MODEL}"
        assert call.headers["authorization"] == f"Bearer {TOKEN}"
        assert "x-goog-api-key" not in call.headers
    assert len(asked) == 2


@pytest.mark.usefixtures("crowded")
async def test_an_express_key_needs_neither_project_nor_sign_in() -> None:
    with cloud([gemini_stream(["A fox"])]) as server:
        await events_of(Gemini(express("gemini", server.url)), request(VERTEX))
    (asked,) = server.requests
    assert asked.path == f"/v1beta1/publishers/google/models/{MODEL}"
    assert asked.headers["x-goog-api-key"] == KEY


async def test_who_is_drawn_and_in_which_format_is_asked_only_of_the_cloud() -> None:
    choice: dict[str, Any] = {"person_generation": "ALLOW_ADULT", "output_mime_type": "image/jpeg"}
    with cloud([gemini_stream(["ok"])]) as server:
        provider = Gemini(express("gemini", server.url, **choice))
        await events_of(provider, request(VERTEX, options={"aspect_ratio": "16:9"}))
    assert server.requests[0].json["generationConfig"]["imageConfig"] == {
        "aspectRatio": "16:9",
        "personGeneration": "ALLOW_ADULT",
        "imageOutputOptions": {"mimeType": "image/jpeg"},
    }
    with Loopback([gemini_stream(["ok"])]) as server:
        await events_of(Gemini(endpoint("gemini", server.url, **choice)), request(VERTEX))
    assert "imageConfig" not in server.requests[0].json["generationConfig"]


async def test_an_unsigned_picture_of_its_own_stays_in_the_reply_it_belongs_to() -> None:
    """The cloud does not insist on signatures; one that is there goes back all the same."""
    media = Media()
    replies = (
        assistant(media.image(RED, "model"), by="gemini"),
        assistant(media.image(tiny_png(1), "model", echo=SIGNED), by="gemini"),
    )
    asked = request(
        VERTEX, user("Draw"), replies[0], user("More"), replies[1], user("Blue"), media=media.bytes
    )
    with cloud([gemini_stream(["ok"])]) as server:
        await events_of(Gemini(express("gemini", server.url)), asked)
    _, first, _, second, last = server.requests[0].json["contents"]
    assert [set(part) for part in first["parts"]] == [{"inlineData"}]
    assert [set(part) for part in second["parts"]] == [{"inlineData", "thoughtSignature"}]
    assert last["parts"] == [{"text": "Blue"}]


async def failed(place: Endpoint) -> ChatError:
    said, error = await heard(Gemini(place), request(VERTEX))
    assert said == []
    assert isinstance(error, ChatError)
    return error


async def test_refused_credentials_are_said_to_be_refused(tmp_path: Path) -> None:
    refusal = json_reply({"error": "invalid_grant", "error_description": "Gone."}, 400)
    with cloud([], sign_in=refusal) as server:
        key = account_file(tmp_path, server)
        error = await failed(account("gemini", server.url, key, **PROJECT))
    assert type(error) is AuthFailed
    assert "Check CLOUD_KEY or CLOUD_FILE." in str(error)
    assert str(tmp_path) not in str(error)


async def test_a_sign_in_that_is_not_there_may_be_tried_again(tmp_path: Path) -> None:
    with cloud([]) as gone:
        key = account_file(tmp_path, gone)
    with cloud([]) as server:
        error = await failed(account("gemini", server.url, key, **PROJECT))
    assert type(error) is Unavailable
    assert server.requests == []


async def test_a_model_that_a_region_lacks_is_a_refusal(tmp_path: Path) -> None:
    missing = json_reply({"error": {"code": 404, "message": "Not found.", "status": "X"}}, 404)
    with cloud([missing]) as server:
        key = account_file(tmp_path, server)
        error = await failed(account("gemini", server.url, key, **PROJECT))
    assert type(error) is Rejected


@pytest.mark.parametrize(
    ("key", "options", "sentence"),
    [
        ("", PROJECT, "needs a key. Set CLOUD_KEY or CLOUD_FILE"),
        ("no/such/account.json", PROJECT, "not the JSON file of a service account"),
        ("broken.json", PROJECT, "not the JSON file of a service account"),
        ("account.json", {"enterprise": True}, "needs a project. Set GOOGLE_CLOUD_PROJECT"),
    ],
    ids=["key", "file", "content", "project"],
)
def test_what_is_missing_is_said_before_anything_is_sent(
    tmp_path: Path, key: str, options: dict[str, Any], sentence: str
) -> None:
    with cloud([]) as server:
        if key == "account.json":
            key = account_file(tmp_path, server)
        elif key == "broken.json":
            key = str(tmp_path / key)
            Path(key).write_text('{"type": "authorized_user"}', encoding="utf-8")
        with pytest.raises(ConfigError, match=sentence):
            Gemini(account("gemini", server.url, key, **options))
    assert server.requests == []
