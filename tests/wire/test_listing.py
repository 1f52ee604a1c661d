"""What an OpenAI-shaped endpoint serves is listed whole, with what a proxy tells of it."""

from dataclasses import replace
from typing import Any

import pytest

from chat.core.calling import Listed
from chat.core.errors import CapabilityError
from chat.core.events import ImageBytes
from chat.core.models import Prices
from chat.models import read_catalogue
from chat.models.litellm_backends import family_of
from chat.providers.registry import open_provider, specs
from chat.providers.shared.listing import MAX_LIST_BYTES, MAX_LISTED
from chat.turns.request import prepare
from tests.loopback import Loopback, Reply, Request, json_reply, text_reply
from tests.wire.drawing import answer, encoded
from tests.wire.talk import KEY, Media, endpoint, finished, heard, request, user
from tests.wire_shapes import data_url, tiny_png

PICTURE = tiny_png(200)
LISTED = {
    "object": "list",
    "data": [
        {"id": name, "object": "model", "created": 1677610602, "owned_by": "openai"}
        for name in ("gemini-image", "gpt-5", "gpt-image-2", "embedder", "elsewhere")
    ],
}
INFO = {
    "data": [
        {
            "model_name": "gemini-image",
            "litellm_params": {"model": "gemini/gemini-3.1-flash-image"},
            "model_info": {
                "mode": "image_generation",
                "supported_endpoints": ["/v1/chat/completions", "/v1/images/generations"],
                "supports_vision": True,
                "supports_function_calling": False,
                "input_cost_per_token": 5e-07,
                "output_cost_per_token": 3e-06,
                "output_cost_per_image_token": 6e-05,
                "output_cost_per_image": 0.045,
            },
        },
        {
            "model_name": "gpt-5",
            "model_info": {
                "mode": "chat",
                "supports_vision": False,
                "supports_function_calling": True,
                "input_cost_per_token": 1.25e-06,
                "cache_read_input_token_cost": 1.25e-07,
                "output_cost_per_token": 1e-05,
            },
        },
        {"model_name": "gpt-5", "model_info": {"mode": "embedding"}},
        {
            "model_name": "gpt-image-2",
            "model_info": {
                "mode": "image_generation",
                "input_cost_per_token": 5e-06,
                "input_cost_per_image_token": 8e-06,
                "output_cost_per_token": 0,
                "supported_endpoints": ["/v1/images/generations"],
            },
        },
        {"model_name": "embedder", "model_info": {"mode": "embedding"}},
        {"model_name": "openai/*", "model_info": {"mode": "chat"}},
        {"model_info": {}},
        7,
    ]
}


def proxy(info: Reply, listed: Any = LISTED) -> Loopback:
    """A server with a list, and with this to say at ``/model/info``."""

    def answer(asked: Request) -> Reply:
        return info if asked.path.endswith("/model/info") else json_reply(listed)

    return Loopback(answer)


def gpt_image(url: str) -> Listed:
    """What is listed of a GPT Image; with the address of its proxy, if asked there."""
    listed = Listed(
        "gpt-image-2", output_modalities=("image",), facts=family_of("gpt-image-2").facts()
    )
    return replace(listed, native_kind="openai_images", native_url=f"{url}/v1") if url else listed


async def listed_at(server: Loopback, kind: str = "openai_chat") -> tuple[Listed, ...]:
    """The list of a kind's door."""
    provider = open_provider(endpoint(kind, f"{server.url}/v1"))
    try:
        return tuple(await provider.models())
    finally:
        await provider.aclose()


@pytest.mark.parametrize("kind", ["openai_chat", "openai_images", "openai_responses"])
async def test_the_models_of_a_proxy_come_with_what_they_can_do_and_cost(kind: str) -> None:
    with proxy(json_reply(INFO)) as server:
        listed = await listed_at(server, kind)
    assert listed == (
        Listed(
            "gemini-image",
            input_modalities=("text", "image"),
            output_modalities=("text", "image"),
            tools=False,
            prices=Prices(0.5, 0.5, 3.0, 60.0, per_image_usd=0.045),
            signatures=True,
        ),
        Listed(
            "gpt-5",
            input_modalities=("text",),
            output_modalities=("text",),
            tools=True,
            prices=Prices(1.25, 1.25, 10.0, cached_input_usd=0.125),
        ),
        replace(gpt_image(server.url if kind == "openai_chat" else ""), prices=Prices(5.0, 8.0)),
        Listed("elsewhere"),
    )
    told = ["/v1/models", "/v1/model/info"]
    assert [asked.path for asked in server.requests][:2] == told
    assert all(asked.headers["authorization"] == f"Bearer {KEY}" for asked in server.requests)


WRONG_VERB = json_reply({"detail": "Method Not Allowed"}, 405, {"allow": "POST"})
NATIVE = "/v1beta/models/gemini-image:generateContent"


def two_wires(route: Reply, info: Any = None) -> Loopback:
    """A proxy that answers this where its native route would be."""

    def answer(asked: Request) -> Reply:
        if asked.path.startswith("/v1beta"):
            return route
        told = INFO if info is None else info
        return json_reply(told if asked.path.endswith("/model/info") else LISTED)

    return Loopback(answer)


async def test_a_gemini_that_draws_is_found_to_have_a_wire_of_its_own() -> None:
    with two_wires(WRONG_VERB) as server:
        listed = await listed_at(server)
    natives = {model.wire_name: (model.native_kind, model.native_url) for model in listed}
    assert natives.pop("gemini-image") == ("gemini", server.url)
    assert natives.pop("gpt-image-2") == ("openai_images", f"{server.url}/v1")
    assert set(natives.values()) == {("", "")}
    asked = server.requests[-1]
    assert (asked.method, asked.path) == ("GET", NATIVE), "asking costs nothing"


@pytest.mark.parametrize(
    "route",
    [
        json_reply({"detail": "Not Found"}, 404),
        json_reply({"error": {"message": "No."}}, 401),
        json_reply({"ok": True}),
        text_reply("<html>Welcome</html>"),
        Reply((), cut=True),
    ],
    ids=["404", "401", "something", "web page", "cut"],
)
async def test_a_proxy_without_a_native_route_is_asked_by_its_chat_route(route: Reply) -> None:
    with two_wires(route) as server:
        listed = await listed_at(server)
    assert {model.native_kind for model in listed} == {"", "openai_images"}
    assert listed[0].native_kind == ""
    assert listed[0].signatures is True


async def test_a_name_that_stands_for_several_makers_keeps_the_route_that_leads_to_all() -> None:
    other = {"model_name": "gemini-image", "litellm_params": {"model": "openai/gpt-image-2"}}
    with two_wires(WRONG_VERB, {"data": [*INFO["data"], other]}) as server:
        listed = await listed_at(server)
    assert listed[0].native_kind == ""


@pytest.mark.parametrize("kind", ["openai_images", "openai_responses"])
async def test_a_wire_that_was_chosen_for_what_it_is_stays(kind: str) -> None:
    with two_wires(WRONG_VERB) as server:
        listed = await listed_at(server, kind)
        assert {model.native_kind for model in listed} == {""}
    assert not any(asked.path.startswith("/v1beta") for asked in server.requests)


@pytest.mark.parametrize(
    "info",
    [
        json_reply({"detail": "Not Found"}, 404),
        json_reply({"error": {"message": "Only admins."}}, 401),
        json_reply({}, 405),
        json_reply({"error": "LLM Model List not loaded in."}, 500),
        text_reply("<html>Welcome</html>"),
        json_reply(["what"]),
        text_reply("[" * 100_000, mime="application/json"),
        json_reply({"data": [{"model_name": "gpt-5", "model_info": {"mode": []}}]}),
        text_reply(" " * MAX_LIST_BYTES + '{"data": []}', mime="application/json"),
        Reply((), cut=True),
    ],
    ids=["404", "401", "405", "500", "web page", "foreign", "brackets", "no mode", "long", "cut"],
)
async def test_the_list_stands_where_a_server_tells_no_more(info: Reply) -> None:
    with proxy(info) as server:
        listed = await listed_at(server)
    names = [str(row["id"]) for row in LISTED["data"] if isinstance(row, dict)]
    # Of one it is known by its name that it draws and does not talk.
    by_name = {"gpt-image-2": gpt_image(server.url)}
    assert listed == tuple(by_name.get(name, Listed(name)) for name in names)


@pytest.mark.parametrize("cost", ["1e999", "-1e999", "NaN", "1" + 400 * "0", "1e6", "0", "true"])
async def test_a_price_that_is_none_is_unknown(cost: str) -> None:
    told = "".join(
        f', "{key}": {cost}' for key in ("input_cost_per_token", "output_cost_per_image")
    )
    row = f'{{"model_name": "gpt-5", "model_info": {{"mode": "chat"{told}}}}}'
    info = text_reply(f'{{"data": [{row}]}}', mime="application/json")
    with proxy(info, {"data": [{"id": "gpt-5"}]}) as server:
        assert await listed_at(server) == (Listed("gpt-5", output_modalities=("text",)),)


async def test_routes_that_are_none_say_nothing_of_a_model() -> None:
    told = {"mode": "image_generation", "supported_endpoints": [[], {}, 7]}
    info = json_reply({"data": [{"model_name": "gpt-image-2", "model_info": told}]})
    with proxy(info, {"data": [{"id": "gpt-image-2"}]}) as server:
        assert await listed_at(server) == (gpt_image(server.url),)


PAINTERS = {
    "recraftv3": "n",
    "dall-e-3": "style",
    "imagen-4.0-generate-001": "n",
    "bedrock/amazon.nova-canvas-v1:0": "quality",
    "stability.stable-image-core-v1:1": "aspect_ratio",
    "xinference/stabilityai/sd-turbo": "response_format",
    "qwen-image-3.0-pro": "size",
    "black-forest-labs/FLUX.2-pro": "size",
}


@pytest.mark.parametrize("name", PAINTERS)
@pytest.mark.parametrize("told", [False, True], ids=["by name", "by what stands behind it"])
async def test_what_only_draws_is_asked_on_the_images_routes_with_what_it_takes(
    name: str, told: bool
) -> None:
    """And is drawn by, once the list has filled the menu."""
    offered = "my-painter" if told else name
    row = {"model_name": offered, "litellm_params": {"model": name}, "model_info": {}}
    info = json_reply({"data": [row]}) if told else json_reply({}, 404)

    def server(asked: Request) -> Reply:
        if asked.method == "POST":
            return answer(PICTURE)
        return (
            info if asked.path.endswith("/model/info") else json_reply({"data": [{"id": offered}]})
        )

    with Loopback(server) as proxy:
        text = f'[[endpoint]]\nid = "p"\nkind = "openai_chat"\nbase_url = "{proxy.url}/v1"\n'
        catalogue = read_catalogue([("p.toml", text + "discover = true\n")], {}, kinds=specs())
        catalogue.adopt("p", await listed_at(proxy))
        (card,) = catalogue.usable()
        assert (card.output_modalities, card.history, card.stream) == (("image",), False, False)
        assert PAINTERS[name] in card.images_parameters
        said, error = await heard(
            open_provider(catalogue.endpoint_of(card)), request(card, user("A fox"))
        )
        assert error is None
        assert any(isinstance(event, ImageBytes) for event in said)
        assert proxy.requests[-1].path == "/v1/images/generations"
        assert proxy.requests[-1].json["model"] == offered


async def test_a_painter_that_refuses_a_size_for_a_change_draws_and_changes() -> None:
    """Recraft, through a proxy that says no to what its backend does not take."""

    def server(asked: Request) -> Reply:
        if asked.method == "GET":
            row = {"model_name": "mine", "litellm_params": {"model": "recraft/recraftv3"}}
            info = asked.path.endswith("/model/info")
            return json_reply({"data": [row if info else {"id": "mine"}]})
        changes = asked.path.endswith("/edits")
        if changes and (b'name="size"' in asked.body or asked.body.count(b"filename=") > 1):
            said = "litellm.UnsupportedParamsError: Setting `size` is not supported by recraft"
            return json_reply({"error": {"message": said, "code": "400"}}, 400)
        return answer(PICTURE)

    media = Media()
    shown = [media.image(PICTURE), media.image(tiny_png(9))]
    with Loopback(server) as proxy:
        text = f'[[endpoint]]\nid = "p"\nkind = "openai_chat"\nbase_url = "{proxy.url}/v1"\n'
        catalogue = read_catalogue([("p.toml", text + "discover = true\n")], {}, kinds=specs())
        catalogue.adopt("p", await listed_at(proxy))
        (card,) = catalogue.usable()
        for wish in (user("A fox"), user("Make it red", shown[0])):
            (asked,) = prepare(card, [wish], tools_on=False)
            asked_with = request(card, asked, media=media.bytes, options={"size": "1024x1024"})
            said, error = await heard(open_provider(catalogue.endpoint_of(card)), asked_with)
            assert error is None
            assert any(isinstance(event, ImageBytes) for event in said)
        with pytest.raises(CapabilityError, match="takes at most 1 picture"):
            prepare(card, [user("Join them", *shown)], tools_on=False)
    paths = [asked.path for asked in proxy.requests if asked.method == "POST"]
    assert paths == ["/v1/images/generations", "/v1/images/edits"]


@pytest.mark.parametrize("mode", ["image_generation", "image_edit"])
async def test_a_model_of_ones_own_is_taken_for_what_the_proxy_says_it_is(mode: str) -> None:
    row = {
        "model_name": "mine",
        "litellm_params": {"model": "openai/x"},
        "model_info": {"mode": mode},
    }
    with proxy(json_reply({"data": [row]}), {"data": [{"id": "mine"}]}) as server:
        (listed,) = await listed_at(server)
    assert (listed.native_kind, listed.facts["images_parameters"]) == (
        "openai_images",
        ("size", "n"),
    )
    takes = ("text", "image") if mode == "image_edit" else ("text",)
    assert listed.facts["input_modalities"] == takes


@pytest.mark.parametrize(
    "name", ["low/1024-x-1024/gpt-image-1", "mine/hd/1792-x-1024/dall-e-3", "256-x-256/dall-e-2"]
)
async def test_a_row_of_a_proxys_prices_is_no_model_to_choose(name: str) -> None:
    """A wildcard lists them; a model called by its size is one."""
    rows = [{"id": each} for each in (name, "gpt-image-1", "sd-512-x-512")]
    with proxy(json_reply({"data": []}), {"data": rows}) as server:
        listed = await listed_at(server)
    assert [model.wire_name for model in listed] == ["gpt-image-1", "sd-512-x-512"]


async def test_what_openrouter_tells_beside_a_name_is_kept() -> None:
    row = {
        "id": "google/gemini-3.1-flash-image",
        "name": "Google: Gemini 3.1 Flash Image",
        "architecture": {"input_modalities": ["image", "text", "file"], "output_modalities": []},
        "pricing": {"prompt": "0.0000005", "completion": "0.000003", "request": "0"},
        "supported_parameters": ["temperature", "tools"],
    }
    varying = {"prompt": "-1", "completion": "?", "image_output": 10**400}
    odd = {"id": "auto", "name": None, "pricing": varying}
    with proxy(json_reply({}, 404), {"data": [row, odd]}) as server:
        listed = await listed_at(server)
    assert listed == (
        Listed(
            "google/gemini-3.1-flash-image",
            "Google: Gemini 3.1 Flash Image",
            ("text", "image"),
            (),
            tools=True,
            prices=Prices(0.5, 0.5, 3.0),
        ),
        Listed("auto"),
    )


async def test_every_page_of_a_list_is_read() -> None:
    pages = {
        "/v1/models": {"data": [{"id": "a"}, {"id": "b"}], "has_more": True},
        "/v1/models?after=b": {"data": [{"id": "c d"}], "has_more": True},
        "/v1/models?after=c+d": {"data": [{"id": "c d"}], "has_more": True},  # and round again
    }
    told = {path: json_reply(body) for path, body in pages.items()}
    with Loopback(lambda asked: told.get(asked.path, json_reply({}, 404))) as server:
        listed = await listed_at(server)
    assert [model.wire_name for model in listed] == ["a", "b", "c d"]


async def test_pages_without_end_are_left_at_as_many_models_as_anybody_looks_at() -> None:
    def answer(asked: Request) -> Reply:
        if "/model/info" in asked.path:
            return json_reply({}, 404)
        rows = [{"id": f"{len(server.requests)}-{number}"} for number in range(MAX_LISTED // 2)]
        return json_reply({"data": rows, "has_more": True})

    with Loopback(answer) as server:
        listed = await listed_at(server)
    assert len(listed) == MAX_LISTED
    assert len(server.requests) == 3


@pytest.mark.parametrize("body", [{"object": "list", "data": None}, {"data": []}, []])
async def test_a_server_without_models_still_lets_us_in(body: Any) -> None:
    with proxy(json_reply({}, 404), body) as server:
        assert await listed_at(server) == ()


async def test_a_list_of_bare_rows_is_taken() -> None:
    with proxy(json_reply({}, 404), [{"id": "a", "type": "chat"}, "b", {}]) as server:
        assert await listed_at(server) == (Listed("a"),)


async def test_azure_lists_no_deployments_but_tries_the_key() -> None:
    with Loopback([json_reply({"data": [{"id": "gpt-image-2"}]})]) as server:
        door = open_provider(endpoint("openai_images", server.url, api_version="2026-01-01"))
        assert await door.models() == ()
        await door.aclose()
    (asked,) = server.requests
    assert asked.path == "/openai/models?api-version=2026-01-01"
    assert asked.headers["api-key"] == KEY


DESCRIBED = {
    "id": "black-forest-labs/flux.2-pro",
    "supported_parameters": {
        "aspect_ratio": {"type": "enum", "values": ["1:1", "16:9", "auto"], "default": "auto"},
        "resolution": {"type": "enum", "values": ["1K", "2K"]},
        "n": {"type": "range", "min": 1, "max": 10},
        "input_references": {"type": "range", "min": 0, "max": 8},
        "output_format": {"type": "enum", "values": ["png", 7, "x" * 500, "a\nb"]},
        "quality": {"type": "boolean"},
        "seed": {"type": "boolean"},
    },
}


def draws(name: str, *output: str) -> dict[str, Any]:
    """A row of OpenRouter's list."""
    return {"id": name, "architecture": {"input_modalities": ["text"], "output_modalities": output}}


def router(images: Reply) -> Loopback:
    """A server like OpenRouter, that answers this at ``/images/models``."""
    rows = [
        draws("black-forest-labs/flux.2-pro", "image"),
        draws("google/gemini-3-pro-image", "text", "image"),
        draws("odd/painter", "image"),
    ]

    def answer_of(asked: Request) -> Reply:
        if asked.method == "POST":
            return json_reply({"data": [{"b64_json": encoded(PICTURE)}], "usage": {"cost": 0.03}})
        if asked.path.endswith("/images/models"):
            return images
        return json_reply({}, 404) if asked.path.endswith("info") else json_reply({"data": rows})

    return Loopback(answer_of)


async def test_each_picture_model_of_openrouter_is_asked_for_what_it_takes() -> None:
    media = Media()
    with router(json_reply({"data": [DESCRIBED, {"id": 7}, "odd"]})) as server:
        text = f'[[endpoint]]\nid = "r"\nkind = "openai_chat"\nbase_url = "{server.url}/v1"\n'
        catalogue = read_catalogue([("r.toml", text + "discover = true\n")], {}, kinds=specs())
        catalogue.adopt("r", await listed_at(server))
        cards = {card.wire_name: card for card in catalogue.usable()}
        talks = cards["google/gemini-3-pro-image"]
        assert (talks.endpoint, talks.history) == ("r", True), "where it sees the conversation"
        assert cards["odd/painter"].endpoint == "r", "nothing is told of it there"
        flux = cards["black-forest-labs/flux.2-pro"]
        assert (flux.aspect_ratios, flux.image_sizes) == (("1:1", "16:9"), ("1K", "2K"))
        assert (flux.output_formats, flux.qualities) == (("png",), ())
        assert (flux.n_max, flux.max_input_images, flux.history) == (4, 8, False)
        chosen = {"aspect_ratio": "16:9", "image_size": "2K", "n": "2"}
        last = user("Make it blue", media.image(PICTURE))
        door = open_provider(catalogue.endpoint_of(flux))
        said, error = await heard(door, request(flux, last, media=media.bytes, options=chosen))
        assert error is None
    asked = server.requests[-1]
    assert asked.path == "/v1/images"
    assert asked.json == {
        "model": "black-forest-labs/flux.2-pro",
        "prompt": "Make it blue",
        "aspect_ratio": "16:9",
        "resolution": "2K",
        "n": 2,
        "input_references": [{"type": "image_url", "image_url": {"url": data_url(PICTURE)}}],
    }
    usage = finished(said).usage
    assert usage is not None
    assert usage.reported_cost_usd == 0.03


@pytest.mark.parametrize(
    "images",
    [json_reply({}, 404), json_reply({"data": 7}), json_reply(["odd"]), text_reply("<html>")],
    ids=["404", "no rows", "odd rows", "web page"],
)
async def test_a_server_without_such_a_route_is_asked_where_it_was(images: Reply) -> None:
    with router(images) as server:
        listed = await listed_at(server)
    assert {model.native_kind for model in listed} == {""}
