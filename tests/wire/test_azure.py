"""Azure speaks the same wires at addresses of its own: the deployment is part of the path."""

import asyncio
from typing import Any

import pytest

from chat.core.errors import ConfigError, ModelNotFound
from chat.core.events import ImageBytes, TextDelta
from chat.core.models import ModelCard
from chat.providers.openai_chat.adapter import OpenAIChat
from chat.providers.openai_images.adapter import OpenAIImages
from chat.providers.registry import open_provider
from tests.loopback import Loopback, Reply, json_reply
from tests.patience import PATIENCE_S
from tests.wire.drawing import answer, form, values
from tests.wire.talk import KEY, Media, card, endpoint, events_of, heard, request, user
from tests.wire_shapes import openai_stream, tiny_png

RED = tiny_png(200)
VERSION = "2025-04-01-preview"


def deployment(**more: Any) -> ModelCard:
    return card("azure", wire_name="my deploy", **more)


async def asked(kind: str, reply: Reply, model: ModelCard, *parts: Any, slash: str = "") -> Any:
    """The request that came, and the events that were made of the reply."""
    media = Media()
    said = user(*(media.image(part) if isinstance(part, bytes) else part for part in parts))
    with Loopback([reply]) as server:
        place = endpoint(kind, server.url + slash, api_version=VERSION)
        events = await events_of(open_provider(place), request(model, said, media=media.bytes))
    (only,) = server.requests
    assert only.headers["api-key"] == KEY
    assert "authorization" not in only.headers
    return only, events


@pytest.mark.parametrize("slash", ["", "/"])
async def test_a_chat_goes_to_its_deployment(slash: str) -> None:
    only, events = await asked(
        "openai_chat", openai_stream(["Hi"]), deployment(), "Hello", slash=slash
    )
    path = f"/openai/deployments/my%20deploy/chat/completions?api-version={VERSION}"
    assert only.path == path
    assert only.json["messages"] == [{"role": "user", "content": "Hello"}]
    assert events[0] == TextDelta("Hi")


async def test_a_new_picture_is_asked_of_its_deployment() -> None:
    only, events = await asked("openai_images", answer(RED), deployment(), "A fox")
    assert only.path == f"/openai/deployments/my%20deploy/images/generations?api-version={VERSION}"
    assert only.json["prompt"] == "A fox"
    assert events[0] == ImageBytes(RED)


async def test_a_picture_is_changed_by_its_deployment() -> None:
    only, _ = await asked("openai_images", answer(RED), deployment(), "Blue", RED)
    assert only.path == f"/openai/deployments/my%20deploy/images/edits?api-version={VERSION}"
    assert values(only)["prompt"] == "Blue"
    assert [field.value for field in form(only) if field.filename] == [RED]


async def test_a_deployment_that_is_not_there_is_said_so() -> None:
    body = {"error": {"code": "DeploymentNotFound", "message": "No such deployment."}}
    with Loopback([json_reply(body, 404)]) as server:
        place = endpoint("openai_images", server.url, api_version=VERSION)
        _, error = await heard(OpenAIImages(place), request(deployment()))
        assert len(server.requests) == 1
    assert type(error) is ModelNotFound
    assert "No such deployment" in str(error)


@pytest.mark.parametrize("kind", ["openai_chat", "openai_images"])
async def test_a_prompt_that_azure_filters_ends_as_blocked(kind: str) -> None:
    body = {"error": {"code": "content_filter", "message": "Triggered the policy.", "status": 400}}
    _, events = await asked(kind, json_reply(body, 400), deployment(), "A fox")
    (last,) = events
    assert (last.finish.kind, last.finish.native) == ("blocked", "content_filter")
    assert "content rules of The test server" in last.finish.message


@pytest.mark.parametrize("door", [OpenAIChat, OpenAIImages])
@pytest.mark.parametrize(
    ("url", "version"), [("", VERSION), ("http://127.0.0.1:9", ""), ("http://127.0.0.1:9", 2025)]
)
def test_an_address_or_version_that_is_missing_is_said_at_once(
    door: Any, url: str, version: Any
) -> None:
    with pytest.raises(ConfigError, match="needs its address, and an api_version"):
        door(endpoint("openai_chat", url, api_version=version))


async def test_variables_of_the_sdk_do_not_change_where_the_key_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A token in the environment would win over the key of the row."""
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "other-token")
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://elsewhere.invalid")
    monkeypatch.setenv("OPENAI_API_VERSION", "1999-01-01")
    async with asyncio.timeout(PATIENCE_S):
        only, _ = await asked("openai_chat", openai_stream(["Hi"]), deployment(), "Hello")
    assert f"api-version={VERSION}" in only.path
    assert "other-token" not in str(only.headers)
