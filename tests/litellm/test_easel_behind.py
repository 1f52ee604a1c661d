"""Another gateway has Easel behind it: a real LiteLLM proxy is told its address and a key."""

import base64
import io
import json
import os
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletionChunk
from PIL import Image, ImageChops

from chat.images.dataurl import read_data_url
from tests.litellm.proxy import Proxy
from tests.loopback import Loopback
from tests.process.easel import Easel
from tests.process.upstream import MODEL, Upstream, tool_call

KEY = "sk-easel-for-the-proxy-0123456789"
DRAW: Any = [{"role": "user", "content": "draw a red fox in the snow"}]


TOOLS: Any = [
    {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "The weather at a place.",
            "parameters": {"type": "object", "properties": {"place": {"type": "string"}}},
        },
    }
]


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    """What answers Easel."""
    with Upstream() as server:
        yield server


@pytest.fixture(scope="module")
def client(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[openai.OpenAI]:
    """OpenAI's client of a proxy whose models are Easel's painter, and one behind Easel."""
    program = os.environ.get("EASEL_LITELLM", "")
    if not program:
        pytest.skip("LiteLLM is not installed for tests: run 'make litellm', or '.ci/litellm'")
    folder = tmp_path_factory.mktemp("behind")
    more = {**upstream.environ, "EASEL_API_KEYS": f"proxy={KEY}"}
    with Easel(folder / "data", **more) as easel, Loopback([]) as outside:
        behind = {"api_base": f"{easel.address}/v1", "api_key": KEY}
        models = [
            {"model_name": name, "litellm_params": {"model": f"openai/{model}", **behind}}
            for name, model in {"painter": "sketch", "words": f"openai-text:{MODEL}"}.items()
        ]
        (folder / "proxy").mkdir()
        with Proxy(program, folder / "proxy", models, outside.url) as proxy:
            yield openai.OpenAI(api_key=proxy.key, base_url=f"{proxy.url}/v1", max_retries=0)
        assert outside.requests == []


def size_of(url: str) -> tuple[int, int]:
    return Image.open(io.BytesIO(read_data_url(url, 10**8))).size


def test_a_chat_through_both_has_its_words_and_its_picture(client: openai.OpenAI) -> None:
    made = client.chat.completions.create(model="painter", messages=DRAW)
    message: Any = made.choices[0].message
    assert "red fox" in message.content
    (picture,) = message.images
    assert min(size_of(picture["image_url"]["url"])) > 100


def test_a_stream_through_both_has_its_words_and_its_picture(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(model="painter", messages=DRAW, stream=True)
    chunks: list[ChatCompletionChunk] = list(stream)
    deltas: list[Any] = [choice.delta for chunk in chunks for choice in chunk.choices]
    assert "red fox" in "".join(delta.content or "" for delta in deltas)
    (picture,) = [image for delta in deltas for image in getattr(delta, "images", None) or ()]
    assert min(size_of(picture["image_url"]["url"])) > 100


def test_a_prompt_through_both_is_drawn(client: openai.OpenAI) -> None:
    made = client.images.generate(model="painter", prompt="a red fox in the snow")
    (picture,) = made.data or []
    assert min(Image.open(io.BytesIO(base64.b64decode(picture.b64_json or ""))).size) > 100


def test_a_picture_that_goes_through_both_comes_back_changed(client: openai.OpenAI) -> None:
    given = io.BytesIO()
    Image.new("RGB", (320, 200), (30, 90, 160)).save(given, "PNG")
    given.seek(0)
    given.name = "sea.png"
    made = client.images.edit(model="painter", image=given, prompt="make it black and white")
    (picture,) = made.data or []
    changed = Image.open(io.BytesIO(base64.b64decode(picture.b64_json or ""))).convert("RGB")
    colours = ImageChops.difference(changed, changed.convert("L").convert("RGB"))
    assert max(colours.convert("L").histogram()[12:], default=0) == 0


@pytest.mark.parametrize("streams", [False, True], ids=["whole", "streamed"])
def test_a_tool_of_the_program_is_called_through_both_and_its_answer_goes_back(
    client: openai.OpenAI, upstream: Upstream, streams: bool
) -> None:
    upstream.says(tool_call("weather", place="Bern"), finish="tool_calls")
    upstream.says("It rains.")
    asked: list[Any] = [{"role": "user", "content": "How is the weather in Bern?"}]
    if streams:
        chunks = list(
            client.chat.completions.create(model="words", messages=asked, tools=TOOLS, stream=True)
        )
        choices = [choice for chunk in chunks for choice in chunk.choices]
        called: list[Any] = [call for each in choices for call in each.delta.tool_calls or ()]
        reason = [each.finish_reason for each in choices if each.finish_reason]
    else:
        made = client.chat.completions.create(model="words", messages=asked, tools=TOOLS)
        called = list(made.choices[0].message.tool_calls or ())
        reason = [made.choices[0].finish_reason]
    assert reason == ["tool_calls"]
    assert "".join(call.function.name or "" for call in called) == "weather"
    arguments = "".join(call.function.arguments or "" for call in called)
    assert json.loads(arguments) == {"place": "Bern"}
    function = {"name": "weather", "arguments": arguments}
    call = {"id": called[0].id, "type": "function", "function": function}
    asked += [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": call["id"], "content": "rain, 9 °C"},
    ]
    final = client.chat.completions.create(model="words", messages=asked, tools=TOOLS)
    assert final.choices[0].message.content == "It rains."
    sent = upstream.server.requests[-1].json["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant", "tool"]
    assert sent[2]["content"] == "rain, 9 °C"
    assert sent[2]["tool_call_id"] == sent[1]["tool_calls"][0]["id"]


def test_an_error_of_easel_reaches_the_program_behind_both(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="names no tool"):
        client.chat.completions.create(
            model="words",
            messages=DRAW,
            tools=TOOLS,
            tool_choice={"type": "function", "function": {"name": "launch"}},
        )
