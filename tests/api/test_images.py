"""A program has pictures drawn and changed through OpenAI's client."""

import base64
import io
from typing import Any

import httpx
import openai
import pytest
from openai.types import ImagesResponse
from PIL import Image

from tests.api.conftest import CANVAS
from tests.api.test_chat import NAMED
from tests.process.upstream import Upstream
from tests.unit.turns.workshop import png


def pictures(made: ImagesResponse) -> list[bytes]:
    return [base64.b64decode(each.b64_json or "", validate=True) for each in made.data or []]


def opened(made: ImagesResponse) -> Image.Image:
    """The one picture that came."""
    (data,) = pictures(made)
    return Image.open(io.BytesIO(data)).convert("RGB")


def mask(side: int = 64) -> bytes:
    """A mask whose right half may change."""
    out = io.BytesIO()
    picture = Image.new("RGBA", (side, side), (0, 0, 0, 255))
    picture.paste((0, 0, 0, 0), (side // 2, 0, side, side))
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def draws(upstream: Upstream) -> str:
    """A model behind the wire of chats that draws."""
    del upstream
    return f"openai-image:{CANVAS}"


def test_a_prompt_is_drawn_by_the_first_model_that_draws(
    client: openai.OpenAI, upstream: Upstream, draws: str
) -> None:
    upstream.says(png("teal"))
    made = client.images.generate(prompt="a pond", size="1024x1024", quality="standard")
    assert pictures(made) == [png("teal")]
    assert made.output_format == "png"
    assert made.model_extra is not None
    assert made.model_extra["model"] == draws


def test_the_offline_painter_draws_for_programs(client: openai.OpenAI) -> None:
    made = client.images.generate(prompt="a red fox in the snow", model="sketch")
    assert min(opened(made).size) > 100


def test_as_many_pictures_come_as_were_asked_for(
    client: openai.OpenAI, upstream: Upstream, draws: str
) -> None:
    """The model makes one at a time, so it is asked three times."""
    for _ in range(3):
        upstream.says("Here: ", png("teal"))
    made = client.images.generate(prompt="a pond", model=draws, n=3)
    assert pictures(made) == [png("teal")] * 3
    assert len(upstream.server.requests) == 3
    assert made.usage is not None
    assert made.usage.output_tokens == 3 * 1429


def test_what_came_is_given_though_one_of_several_questions_failed(
    client: openai.OpenAI, upstream: Upstream, draws: str
) -> None:
    upstream.says(png("teal"))
    upstream.says("Not again.")
    made = client.images.generate(prompt="a pond", model=draws, n=2)
    assert pictures(made) == [png("teal")]


def test_pictures_are_changed_by_words(
    client: openai.OpenAI, upstream: Upstream, draws: str
) -> None:
    upstream.says(png("green", 64))
    two = [("a.png", png("red", 64)), ("b.png", png("blue", 64))]
    made = client.images.edit(image=two, prompt="mix them", model=draws)
    assert opened(made).getpixel((1, 1)) == (0, 128, 0)
    (asked,) = upstream.server.requests
    kinds = [part["type"] for part in asked.json["messages"][-1]["content"]]
    assert kinds.count("image_url") == 2
    assert "mix them" in asked.body.decode()


def test_outside_the_mask_nothing_changes_whatever_the_model_makes(
    client: openai.OpenAI, upstream: Upstream, draws: str
) -> None:
    stripes = Image.new("RGB", (64, 64), "white")
    for x in range(0, 64, 8):
        stripes.paste("black", (x, 0, x + 4, 64))
    changed = stripes.copy()
    changed.paste("red", (40, 20, 56, 44))
    changed.paste("lime", (0, 0, 4, 4))
    files = []
    for picture in (stripes, changed):
        out = io.BytesIO()
        picture.save(out, "PNG")
        files.append(out.getvalue())
    upstream.says(files[1])
    made = client.images.edit(image=("a.png", files[0]), mask=mask(), prompt="red", model=draws)
    result = opened(made)
    left = (0, 0, 24, 64)
    assert result.crop(left).tobytes() == stripes.crop(left).tobytes()
    assert result.getpixel((48, 32)) == (255, 0, 0)


def test_the_offline_painter_changes_a_picture_behind_a_mask(client: openai.OpenAI) -> None:
    source = png("white", 64)
    made = client.images.edit(
        image=("a.png", source), mask=("m.png", mask()), prompt="make it warmer", model="sketch"
    )
    assert opened(made).getpixel((2, 2)) == (255, 255, 255)


def test_a_model_that_answers_in_words_is_quoted(
    client: openai.OpenAI, upstream: Upstream, draws: str
) -> None:
    upstream.says("I would rather not.")
    with pytest.raises(openai.InternalServerError, match="I would rather not"):
        client.images.generate(prompt="a pond", model=draws)


WRONG: list[tuple[dict[str, Any], str | None]] = [
    ({"prompt": "x", "response_format": "url"}, "response_format"),
    ({"prompt": "x", "n": 11}, "n"),
    ({"prompt": ""}, "prompt"),
    ({"prompt": "x", "size": "large"}, None),
    ({"prompt": "x", "model": NAMED}, "model"),
    ({"prompt": "x", "stream": True}, "stream"),
]


@pytest.mark.parametrize(("body", "param"), WRONG)
def test_what_cannot_be_drawn_is_said_in_words(
    raw: httpx.Client, body: dict[str, Any], param: str | None
) -> None:
    answer = raw.post("/v1/images/generations", json={"model": "sketch", **body})
    error = answer.json()["error"]
    assert (answer.status_code, error["param"]) == (400, param)
    assert "traceback" not in error["message"].lower()


def test_an_edit_without_a_picture_or_with_a_broken_one_is_refused(raw: httpx.Client) -> None:
    def told(**files: Any) -> dict[str, Any]:
        form = {"prompt": "x", "model": "sketch"}
        answer = raw.post("/v1/images/edits", data=form, files=files)
        assert answer.status_code == 400, answer.text
        error: dict[str, Any] = answer.json()["error"]
        return error

    assert told(mask=("m.png", mask()))["param"] == "image"
    assert told(image=("a.png", b"GIF89a no picture"))["code"] == "invalid_image"
    assert told(image=("a.png", png("red", 64)), mask=("m.png", b"x" * 100))["code"]
    answer = raw.post("/v1/images/edits", content=b"--x", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 400
