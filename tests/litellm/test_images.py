"""Pictures by /v1/images/generations, from each backend that a proxy fronts on this wire."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from chat.core.events import ImageBytes
from tests.litellm.backends import digits, gemini_answer
from tests.litellm.conftest import Desk
from tests.loopback import Reply, json_reply
from tests.wire.drawing import USAGE, answer
from tests.wire.talk import finished
from tests.wire_shapes import imagen_answer, tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
WIDE = {"aspect_ratio": "16:9", "quality": "high", "n": "2"}
"""What is wished for; a model whose row does not list a parameter is not sent it."""


@dataclass(frozen=True)
class Backend:
    """How a backend draws, and what it is asked where a wide picture of an otter is wished for."""

    draw: Callable[[bytes], Reply]
    path: str
    asked: Mapping[str, Any]
    wish: Mapping[str, Any] = field(default_factory=lambda: WIDE)


def predicted(picture: bytes) -> Reply:
    return json_reply(imagen_answer(picture))


def sdxl(picture: bytes) -> Reply:
    made = {"seed": 1, "base64": digits(picture), "finishReason": "SUCCESS"}
    return json_reply({"result": "success", "artifacts": [made]})


def core(picture: bytes) -> Reply:
    return json_reply({"seeds": [1], "finish_reasons": [None], "images": [digits(picture)]})


OPENAI = "/v1/images/generations"
AZURE = "/openai/deployments/gpt-image-2/images/generations?api-version=2025-04-01-preview"
CLOUD = "/v1/projects/easel-test/locations/us-central1/publishers/google/models"
SMALL = {"size": "1344x768", "response_format": "b64_json"}

BACKENDS: dict[str, Backend] = {
    "imagen": Backend(
        predicted,
        "/v1beta/models/imagen-4.0-generate-001:predict",
        {
            "instances": [{"prompt": "An otter"}],
            "parameters": {"sampleCount": 2, "aspectRatio": "16:9", "imageSize": "1K"},
        },
    ),
    "vertex-imagen": Backend(
        predicted,
        f"{CLOUD}/imagegeneration@006:predict",
        {
            "instances": [{"prompt": "An otter"}],
            # The proxy tells its own settings along with ours.
            "parameters": {
                "sampleCount": 2,
                "aspectRatio": "16:9",
                "vertex_project": "easel-test",
                "vertex_location": "us-central1",
            },
        },
    ),
    "gemini": Backend(
        lambda picture: gemini_answer("Here: ", picture),
        "/v1beta/models/gemini-3.1-flash-image:generateContent",
        {
            "contents": [{"parts": [{"text": "An otter"}]}],
            "generationConfig": {
                "response_modalities": ["IMAGE", "TEXT"],
                "imageConfig": {"aspectRatio": "3:2", "imageSize": "1K"},
                "candidateCount": 2,
            },
        },
        {**WIDE, "aspect_ratio": "3:2"},
    ),
    "gpt-image": Backend(
        lambda picture: answer(picture, usage=USAGE),
        OPENAI,
        {
            "model": "gpt-image-2",
            "prompt": "An otter",
            "size": "1536x1024",
            "quality": "high",
            "n": 2,
            "background": "opaque",
        },
        {**WIDE, "aspect_ratio": "3:2"},
    ),
    "dall-e": Backend(
        answer,
        OPENAI,
        {
            "model": "dall-e-3",
            "prompt": "An otter",
            "size": "1792x1024",
            "quality": "hd",
            # This release of the proxy refuses a style for it, and is asked again without one.
        },
        {**WIDE, "quality": "hd"},
    ),
    "azure": Backend(
        lambda picture: answer(picture, usage=USAGE),
        AZURE,
        {"prompt": "An otter", "size": "1536x1024", "quality": "high", "n": 2},
        {**WIDE, "aspect_ratio": "3:2"},
    ),
    "sdxl": Backend(
        sdxl,
        "/model/stability.stable-diffusion-xl-v0/invoke",
        {"text_prompts": [{"text": "An otter", "weight": 1}], "width": 1344, "height": 768},
    ),
    "core": Backend(
        core,
        "/model/stability.stable-image-core-v1:1/invoke",
        {"prompt": "An otter", "aspect_ratio": "16:9"},
    ),
    "nova": Backend(
        lambda picture: json_reply({"images": [digits(picture)]}),
        "/model/amazon.nova-canvas-v1:0/invoke",
        {
            "taskType": "TEXT_IMAGE",
            "textToImageParams": {"text": "An otter"},
            "imageGenerationConfig": {
                "width": 1280,
                "height": 720,
                "numberOfImages": 2,
                "quality": "premium",
            },
        },
        {**WIDE, "quality": "premium"},
    ),
    "recraft": Backend(
        answer,
        OPENAI,
        {
            "model": "recraftv3",
            "prompt": "An otter",
            "size": "1820x1024",
            "n": 2,
            "style": "vivid",
            "response_format": "b64_json",
        },
    ),
    "xinference": Backend(
        answer,
        OPENAI,
        {"model": "stabilityai/stable-diffusion-3.5-large", "prompt": "An otter", "n": 2, **SMALL},
    ),
    "nscale": Backend(
        answer,
        OPENAI,
        {
            "model": "stabilityai/stable-diffusion-xl-base-1.0",
            "prompt": "An otter",
            "n": 2,
            **SMALL,
        },
    ),
}


@pytest.mark.parametrize("name", BACKENDS)
async def test_a_wish_reaches_every_backend_in_its_own_terms(desk: Desk, name: str) -> None:
    backend = BACKENDS[name]
    desk.behind.says(backend.draw(RED))
    events = await desk.hears(name, "An otter", options=backend.wish)
    assert [event.data for event in events if isinstance(event, ImageBytes)] == [RED]
    assert finished(events).finish.kind == "stop"
    (asked,) = desk.behind.asked
    assert asked.path == backend.path
    assert asked.json == backend.asked


@pytest.mark.parametrize("name", BACKENDS)
async def test_without_a_wish_nothing_is_asked_but_the_prompt(desk: Desk, name: str) -> None:
    """A proxy answers 400 to one parameter too many, so each that is sent must be meant."""
    backend = BACKENDS[name]
    desk.behind.says(backend.draw(RED))
    events = await desk.hears(name, "An otter")
    assert [event.data for event in events if isinstance(event, ImageBytes)] == [RED]


@pytest.mark.parametrize("name", ["imagen", "gpt-image", "recraft", "xinference"])
async def test_two_pictures_are_two_pictures(desk: Desk, name: str) -> None:
    two = json_reply(imagen_answer(RED, BLUE)) if name == "imagen" else answer(RED, BLUE)
    desk.behind.says(two)
    events = await desk.hears(name, "Otters", options={"n": "2"})
    assert [event.data for event in events if isinstance(event, ImageBytes)] == [RED, BLUE]


@pytest.mark.parametrize("name", ["gpt-image", "gemini"])
async def test_tokens_are_told_where_the_backend_counts_them(desk: Desk, name: str) -> None:
    desk.behind.says(BACKENDS[name].draw(RED))
    usage = finished(await desk.hears(name, "An otter")).usage
    assert usage is not None
    assert (usage.input_text_tokens, usage.input_image_tokens) == (10, 258)
    assert (usage.output_text_tokens, usage.output_image_tokens) == (9, 1290)


async def test_a_backend_that_counts_nothing_is_not_called_free(desk: Desk) -> None:
    desk.behind.says(BACKENDS["sdxl"].draw(RED))
    usage = finished(await desk.hears("sdxl", "An otter")).usage
    assert usage is None or usage.output_image_tokens is None
