"""What a Google endpoint serves is listed for the wire that can call it."""

from collections.abc import Sequence

import pytest

from chat.core.calling import Listed
from chat.core.errors import AuthFailed, BadReply, ProviderError, Rejected
from chat.core.models import Endpoint
from chat.providers.registry import open_provider
from tests.loopback import Loopback, Reply, Request, json_reply, text_reply
from tests.wire.cloud import express
from tests.wire.talk import KEY, endpoint

DRAWS = {
    "name": "models/gemini-3.1-flash-image",
    "displayName": "Gemini 3.1 Flash Image",
    "supportedGenerationMethods": ["generateContent", "countTokens"],
}
EMBEDS = {"name": "models/embedding-9", "supportedGenerationMethods": ["embedContent"]}
PREDICTS = {"name": "models/imagen-9", "supportedGenerationMethods": ["predict"]}
PROXIED = {
    "data": [
        {"model_name": "gemini-image", "model_info": {"mode": "chat", "supports_vision": True}},
        {"model_name": "embedder", "model_info": {"mode": "embedding"}},
    ]
}


async def listed_at(place: Endpoint) -> Sequence[Listed]:
    """The list of a kind's door."""
    provider = open_provider(place)
    try:
        return await provider.models()
    finally:
        await provider.aclose()


async def test_every_page_is_read_and_each_door_takes_what_it_can_call() -> None:
    def answer(asked: Request) -> Reply:
        if "pageToken=more" in asked.path:
            return json_reply({"models": [PREDICTS]})
        return json_reply({"models": [EMBEDS, DRAWS], "nextPageToken": "more"})

    with Loopback(answer) as server:
        drawn = await listed_at(endpoint("gemini", server.url))
        predicted = await listed_at(endpoint("imagen", server.url))
    assert drawn == (Listed("gemini-3.1-flash-image", "Gemini 3.1 Flash Image", signatures=True),)
    assert predicted == (Listed("imagen-9"),)
    assert len(server.requests) == 4
    assert all(asked.headers["x-goog-api-key"] == KEY for asked in server.requests)


async def test_models_that_only_interact_are_listed_where_they_can_be_asked() -> None:
    newest = {"name": "models/gemini-9", "supportedGenerationMethods": ["createInteraction"]}
    with Loopback(lambda _: json_reply({"models": [EMBEDS, DRAWS, newest]})) as server:
        both = await listed_at(endpoint("gemini_interactions", server.url))
        older = await listed_at(endpoint("gemini", server.url))
    assert [model.wire_name for model in both] == ["gemini-3.1-flash-image", "gemini-9"]
    assert [model.wire_name for model in older] == ["gemini-3.1-flash-image"]


@pytest.mark.parametrize(("kind", "name"), [("gemini", "gemini-9-image"), ("imagen", "imagen-9")])
async def test_the_cloud_tells_no_actions_so_the_name_decides(kind: str, name: str) -> None:
    names = ("veo-9", "gemini-9-image", "imagen-9")
    served = [{"name": f"publishers/google/models/{each}"} for each in names]
    with Loopback([json_reply({"publisherModels": served})]) as server:
        assert await listed_at(express(kind, server.url)) == (Listed(name),)
    assert "/publishers/google/models" in server.requests[0].path


@pytest.mark.parametrize("status", [404, 405])
async def test_a_proxy_without_a_list_on_this_wire_is_asked_for_its_own(status: int) -> None:
    def answer(asked: Request) -> Reply:
        ours = asked.path == "/model/info"
        return json_reply(PROXIED) if ours else json_reply({"detail": "Not Found"}, status)

    with Loopback(answer) as server:
        listed = await listed_at(endpoint("gemini", server.url))
    assert listed == (
        Listed("gemini-image", input_modalities=("text", "image"), output_modalities=("text",)),
    )
    assert server.requests[-1].headers["x-goog-api-key"] == KEY


@pytest.mark.parametrize(
    ("replies", "kind"),
    [
        ([json_reply({"detail": "Not Found"}, 404), json_reply({}, 404)], Rejected),
        ([json_reply({"detail": "Not Found"}, 404), text_reply("<html>Hi</html>")], Rejected),
        ([json_reply({})], BadReply),
        ([json_reply({"hello": "world"})], BadReply),
        ([json_reply({"models": "none"})], BadReply),
        (
            [json_reply({"error": {"code": 400, "details": [{"reason": "API_KEY_INVALID"}]}}, 400)],
            AuthFailed,
        ),
    ],
    ids=["nowhere", "web page beside", "nothing", "foreign", "odd", "wrong key"],
)
async def test_what_is_no_list_is_said_to_be_none(
    replies: Sequence[Reply], kind: type[ProviderError]
) -> None:
    with Loopback(replies) as server, pytest.raises(kind) as caught:
        await listed_at(endpoint("gemini", server.url))
    assert type(caught.value) is kind
    assert "The test server" in str(caught.value)
