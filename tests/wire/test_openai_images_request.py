"""What goes out to an images wire: the wish, its pictures, and only what the model takes."""

from typing import Any

import pytest

from chat.core.errors import CapabilityError, ConfigError, Rejected
from chat.core.events import Finished, ImageBytes
from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.shapes import SizeLimits
from chat.providers.openai_images.adapter import OpenAIImages
from tests.loopback import Loopback, Reply, Request, json_reply
from tests.wire.drawing import Field, answer, drawn, form, values
from tests.wire.talk import KEY, Media, assistant, card, endpoint, events_of, request, user
from tests.wire_shapes import tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
SIZES = ("1024x1024", "1536x1024", "1024x1536")
GPT_IMAGE = ("size", "quality", "background", "output_format", "n", "moderation", "input_fidelity")


async def sent(
    *messages: Message, model: ModelCard, configured: dict[str, Any] | None = None, **more: Any
) -> Request:
    """What the server received."""
    drafts = model.stream and "partial_images" in model.images_parameters
    with Loopback([drawn(RED) if drafts else answer(RED)]) as server:
        place = endpoint("openai_images", f"{server.url}/v1", extra_body=configured or {})
        await events_of(OpenAIImages(place), request(model, *messages, **more))
    (only,) = server.requests
    return only


def model(*parameters: str, **more: Any) -> ModelCard:
    told = {"wire_name": "gpt-image-2", "stream": False, "sizes": SIZES, **more}
    return card("openai_images", images_parameters=parameters, **told)


async def test_words_alone_ask_for_a_new_picture_and_nothing_else() -> None:
    only = await sent(user("Draw a fox 🦊"), model=model())
    assert (only.method, only.path) == ("POST", "/v1/images/generations")
    assert only.headers["authorization"] == f"Bearer {KEY}"
    assert only.json == {"model": "gpt-image-2", "prompt": "Draw a fox 🦊"}


async def test_attached_pictures_are_edited_in_their_order_byte_for_byte() -> None:
    media = Media()
    last = user(media.image(BLUE), "Put them together", media.image(RED))
    only = await sent(user("Draw"), assistant("A", by="x"), last, model=model(), media=media.bytes)
    assert only.path == "/v1/images/edits"
    assert values(only) == {"model": "gpt-image-2", "prompt": "Put them together"}
    assert [field for field in form(only) if field.filename] == [
        Field("image[]", BLUE, "picture-1.png", "image/png"),
        Field("image[]", RED, "picture-2.png", "image/png"),
    ]


async def test_one_picture_is_sent_as_old_servers_expect_it() -> None:
    media = Media()
    only = await sent(user("Blue", media.image(RED)), model=model(), media=media.bytes)
    assert [(f.name, f.value) for f in form(only) if f.filename] == [("image", RED)]


async def test_pictures_of_earlier_turns_are_not_sent() -> None:
    media = Media()
    reply = assistant(media.image(RED, "model"), by="openai_images")
    only = await sent(user("A fox"), reply, user("A dog"), model=model(), media=media.bytes)
    assert only.path == "/v1/images/generations"
    assert only.json["prompt"] == "A dog"


@pytest.mark.parametrize("edit", [False, True])
async def test_what_the_user_chose_goes_out_as_the_model_takes_it(edit: bool) -> None:
    media = Media()
    chosen = {
        "aspect_ratio": "16:9",
        "image_size": "1K",
        "quality": "high",
        "background": "transparent",
        "n": "3",
    }
    rich = model(*GPT_IMAGE, qualities=("low", "high"), backgrounds=("transparent",), n_max=4)
    last = user("Blue", media.image(RED)) if edit else user("A fox")
    only = await sent(last, model=rich, media=media.bytes, options=chosen)
    told = values(only) if edit else only.json
    assert {name: told[name] for name in told if name not in {"model", "prompt"}} == {
        "size": "1536x1024",
        "quality": "high",
        "background": "transparent",
        "n": "3" if edit else 3,
    }


@pytest.mark.parametrize(
    "options",
    [
        {"aspect_ratio": "7:3", "quality": "best", "background": ["x"]},
        {"aspect_ratio": ["1:1"], "n": True},
        {"n": "many"},
        {"n": 0},
    ],
)
async def test_what_the_card_does_not_offer_stays_home(options: dict[str, Any]) -> None:
    only = await sent(model=model(*GPT_IMAGE, n_max=4), options=options)
    assert set(only.json) == {"model", "prompt"}


async def test_no_more_pictures_are_asked_for_than_the_model_makes() -> None:
    only = await sent(model=model(*GPT_IMAGE, n_max=4), options={"n": 5})
    assert only.json["n"] == 4


CONFIGURED = {"quality": "low", "output_format": "webp", "n": 2, "seed": 7, "moderation": "low"}
WIDE = {"size": "1536x1024"}


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ((), {}),
        (("size", "n"), {**WIDE, "n": 2}),
        (("aspect_ratio",), {"aspect_ratio": "16:9"}),
        (("n", "size", "response_format"), {**WIDE, "n": 2, "response_format": "b64_json"}),
        (("quality", "seed"), {"quality": "low", "seed": 7}),
        (("output_format", "moderation"), {"output_format": "webp", "moderation": "low"}),
    ],
    ids=["none", "imagen", "bedrock core", "dall-e", "custom", "gpt-image"],
)
async def test_each_backend_of_a_proxy_gets_only_what_it_takes(
    taken: tuple[str, ...], expected: dict[str, Any]
) -> None:
    """LiteLLM answers 400 where a backend is sent one parameter too many."""
    wide = {"aspect_ratio": "16:9"}
    only = await sent(model=model(*taken), configured=CONFIGURED, options=wide)
    assert {k: v for k, v in only.json.items() if k not in {"model", "prompt"}} == expected


async def test_parameters_of_one_verb_are_not_sent_with_the_other() -> None:
    media = Media()
    configured = {"input_fidelity": "high", "moderation": "low"}
    both = model("input_fidelity", "moderation")
    drawn_new = await sent(model=both, configured=configured)
    assert set(drawn_new.json) == {"model", "prompt", "moderation"}
    changed = await sent(
        user("Blue", media.image(RED)), model=both, configured=configured, media=media.bytes
    )
    assert set(values(changed)) == {"model", "prompt", "input_fidelity"}


@pytest.mark.parametrize("edit", [False, True])
async def test_drafts_are_asked_for_only_where_card_and_parameters_say_so(edit: bool) -> None:
    media = Media()
    last = user("Blue", media.image(RED)) if edit else user("A fox")
    only = await sent(last, model=model("partial_images", stream=True), media=media.bytes)
    told = values(only) if edit else only.json
    assert (str(told["stream"]).lower(), str(told["partial_images"])) == ("true", "2")
    plain = await sent(last, model=model("size", "partial_images"), media=media.bytes)
    told = values(plain) if edit else plain.json
    assert set(told) == {"model", "prompt"}


async def test_a_card_that_forgot_to_say_it_does_not_stream_is_asked_plainly() -> None:
    """A LiteLLM proxy answers 500 to a stream of pictures."""
    only = await sent(model=model("size", stream=True))
    assert "stream" not in only.json


@pytest.mark.parametrize("sites", [["http://x:y"], ["127.0.0.1:9"], [5], 5])
def test_a_picture_site_that_is_no_address_is_a_matter_of_configuration(sites: Any) -> None:
    with pytest.raises(ConfigError, match="picture_sites"):
        OpenAIImages(endpoint("openai_images", "http://127.0.0.1:9", picture_sites=sites))


RICH = {
    "styles": ("vivid", "natural"),
    "complexities": ("low", "high"),
    "output_formats": ("png", "jpeg", "webp", "svg", "gif"),
    "backgrounds": ("opaque", "transparent"),
    "negative_prompt": True,
    "n_max": 4,
}
EVERYTHING = (
    "size",
    "n",
    "style",
    "complexity",
    "output_format",
    "output_compression",
    "frame_count",
    "background",
    "negative_prompt",
    "partial_images",
    "resolution",
    "user",
)
LIMITS = SizeLimits(16, 3840, 3, 655_360, 8_294_400)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"style": "vivid"}, {"style": "vivid"}),
        ({"complexity": "high"}, {"complexity": "high"}),
        ({"negative_prompt": "no birds"}, {"negative_prompt": "no birds"}),
        ({"safety_identifier": "reader-7"}, {"user": "reader-7"}),
        ({"image_size": "2K"}, {"resolution": "2k", "size": "1024x1024"}),
        ({"output_format": "webp"}, {"output_format": "webp", "output_compression": 80}),
        ({"output_format": "png"}, {"output_format": "png"}),
        (
            {"output_format": "jpeg", "background": "transparent"},
            {"output_format": "jpeg", "output_compression": 80},
        ),
        ({"output_format": "svg", "n": "3"}, {"output_format": "svg"}),
        ({"output_format": "gif", "n": "3"}, {"output_format": "gif", "n": 3}),
        (
            {"output_format": "gif", "frame_count": "12"},
            {"output_format": "gif", "frame_count": 12},
        ),
        ({"output_format": "gif", "frame_count": "99"}, {"output_format": "gif"}),
        ({"output_format": "png", "frame_count": "12"}, {"output_format": "png"}),
        ({"frame_count": ["12"]}, {}),
        ({"style": 7, "complexity": "most", "negative_prompt": ["x"], "output_format": [1]}, {}),
        ({"safety_identifier": {"x": 1}, "pixels": "1536x864"}, {}),
    ],
)
async def test_what_a_row_offers_more_goes_out_by_its_own_name(
    options: dict[str, Any], told: dict[str, Any]
) -> None:
    configured = {"output_compression": 80}
    only = await sent(
        user("A fox"), model=model(*EVERYTHING, **RICH), configured=configured, options=options
    )
    rest = {name: only.json[name] for name in only.json if name not in {"model", "prompt"}}
    if not options.get("output_format") or options["output_format"] == [1]:
        told = {"output_compression": 80, **told}
    assert rest == told


@pytest.mark.parametrize("output_format", ["svg", "gif"])
async def test_what_comes_in_one_piece_is_asked_for_without_drafts(output_format: str) -> None:
    rich = model(*EVERYTHING, **{**RICH, "stream": True})
    asked = request(rich, user("A fox"), options={"output_format": output_format})
    with Loopback([answer(RED)]) as server:
        await events_of(OpenAIImages(endpoint("openai_images", f"{server.url}/v1")), asked)
    assert not {"stream", "partial_images"} & set(server.requests[0].json)


async def test_the_newer_name_for_a_user_goes_before_the_older() -> None:
    both = model("user", "safety_identifier")
    only = await sent(user("A fox"), model=both, options={"safety_identifier": "reader-7"})
    assert only.json["safety_identifier"] == "reader-7"
    assert "user" not in only.json


@pytest.mark.parametrize("edit", [False, True])
async def test_a_model_may_take_less_for_changing_a_picture_than_for_drawing_one(
    edit: bool,
) -> None:
    media = Media()
    last = user("Blue", media.image(RED)) if edit else user("A fox")
    differs = model("size", "style", edit_parameters=("style",), styles=("vivid",))
    options = {"aspect_ratio": "16:9", "style": "vivid"}
    only = await sent(last, model=differs, media=media.bytes, options=options)
    told = set(values(only) if edit else only.json) - {"model", "prompt"}
    assert told == ({"style"} if edit else {"size", "style"})


async def test_an_exact_size_goes_before_shape_and_scale() -> None:
    free = model("size", sizes=(), size_limits=LIMITS)
    options = {"aspect_ratio": "16:9", "image_size": "2K"}
    asked = [options, {**options, "pixels": "1600x912"}]
    sizes = [(await sent(user("A"), model=free, options=one)).json["size"] for one in asked]
    assert sizes == ["2736x1536", "1600x912"]


async def test_a_size_that_the_model_does_not_draw_is_said_before_anything_is_sent() -> None:
    free = model("size", size_limits=LIMITS)
    with Loopback([]) as server:
        door = OpenAIImages(endpoint("openai_images", f"{server.url}/v1"))
        asked = request(free, user("A"), options={"pixels": "5000x16"})
        with pytest.raises(CapabilityError, match="does not draw 5000x16"):
            await events_of(door, asked)
        assert server.requests == []


@pytest.mark.parametrize("edit", [False, True], ids=["generate", "edit"])
async def test_what_a_server_refuses_by_name_is_left_out_and_said(edit: bool) -> None:
    """LiteLLM 1.110 refuses for DALL-E what 1.106 took."""

    def takes(asked: Request) -> Reply:
        for name in ("response_format", "quality"):
            if name.encode() in asked.body:
                told = f"Setting `{name}` is not supported by openai, dall-e-3."
                return json_reply({"error": {"message": told}}, 400)
        return answer(BLUE)

    media, options = Media(), {"quality": "hd"}
    last = user("Blue", media.image(RED)) if edit else user("A fox")
    card = model("response_format", "quality", qualities=("hd",))
    with Loopback(takes) as server:
        door = OpenAIImages(endpoint("openai_images", f"{server.url}/v1"))
        asked = request(card, last, media=media.bytes, options=options)
        try:
            first, second = [[event async for event in door.stream(asked)] for _ in range(2)]
        finally:
            await door.aclose()
    for events in (first, second):
        assert [event.data for event in events if isinstance(event, ImageBytes)] == [BLUE]
        ended = events[-1]
        assert isinstance(ended, Finished)
        assert "The server does not take “quality” for this model" in ended.finish.message
        assert "response_format" not in ended.finish.message, "nobody chose it"
    assert len(server.requests) == 4, "each is learned, and asked no second time"


@pytest.mark.parametrize(
    "told",
    ["Invalid value: `size` must be 1024x1024.", "`style` is not supported.", "Not supported."],
)
async def test_what_is_no_refusal_of_what_was_sent_is_asked_once(told: str) -> None:
    with Loopback([json_reply({"error": {"message": told}}, 400), answer(RED)]) as server:
        door = OpenAIImages(endpoint("openai_images", f"{server.url}/v1"))
        with pytest.raises(Rejected):
            await events_of(door, request(model("size", sizes=SIZES), user("A fox")))
    assert len(server.requests) == 1
