"""Another gateway has Easel behind it: a real LiteLLM proxy is told its address and a key."""

import base64
import io
import os
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletionChunk
from PIL import Image

from chat.images.dataurl import read_data_url
from tests.litellm.proxy import Proxy
from tests.loopback import Loopback
from tests.process.easel import Easel

KEY = "sk-easel-for-the-proxy-0123456789"
DRAW: Any = [{"role": "user", "content": "draw a red fox in the snow"}]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[openai.OpenAI]:
    """OpenAI's client of a proxy whose only model is Easel's painter."""
    program = os.environ.get("EASEL_LITELLM", "")
    if not program:
        pytest.skip("LiteLLM is not installed for tests: run 'make litellm', or '.ci/litellm'")
    folder = tmp_path_factory.mktemp("behind")
    with Easel(folder / "data", EASEL_API_KEYS=f"proxy={KEY}") as easel, Loopback([]) as outside:
        behind = {"api_base": f"{easel.address}/v1", "api_key": KEY}
        models = [
            {"model_name": "painter", "litellm_params": {"model": "openai/sketch", **behind}},
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
