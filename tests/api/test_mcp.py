"""Somebody else's assistant uses Easel's models as tools, by the protocol's real client."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from PIL import Image

from chat.images.dataurl import write_data_url
from tests.api.conftest import CANVAS, KEY
from tests.api.test_chat import NAMED
from tests.api.test_images import mask
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.unit.turns.workshop import png

MODES = ["auto", "legacy"]
"""The newest protocol, and the ones before it."""


@asynccontextmanager
async def talking(easel: Easel, mode: str, key: str = KEY) -> AsyncIterator[Client]:
    """A client of the server under a key."""
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=PATIENCE_S, trust_env=False) as http:
        line = streamable_http_client(f"{easel.address}/mcp", http_client=http)
        async with Client(line, mode=mode) as client:
            yield client


def pictures(result: Any) -> list[bytes]:
    return [base64.b64decode(each.data) for each in result.content if each.type == "image"]


def words(result: Any) -> str:
    return " ".join(each.text for each in result.content if each.type == "text")


@pytest.mark.parametrize("mode", MODES)
async def test_its_tools_are_told_with_what_they_take(easel: Easel, mode: str) -> None:
    async with talking(easel, mode) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) == {"generate_image", "edit_image", "list_models", "ask"}
        assert set(tools["generate_image"].input_schema["required"]) == {"prompt"}
        listed = await client.call_tool("list_models", {})
        ids = [model["id"] for model in listed.structured_content["models"]]
        assert {"sketch", NAMED} <= set(ids)


@pytest.mark.parametrize("mode", MODES)
async def test_pictures_come_as_pictures_however_large_they_are(
    easel: Easel, upstream: Upstream, mode: str
) -> None:
    noise = Image.effect_noise((1400, 1400), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG", compress_level=0)
    assert len(out.getvalue()) > 5_000_000
    upstream.says("As you wished. ", out.getvalue())
    upstream.says(png("olive"))
    async with talking(easel, mode) as client:
        asked = {"prompt": "noise", "model": f"openai-image:{CANVAS}", "n": 2}
        made = await client.call_tool("generate_image", asked)
    assert not made.is_error
    assert sorted(pictures(made), key=len) == [png("olive"), out.getvalue()]
    assert "As you wished." in words(made)


@pytest.mark.parametrize("mode", MODES)
async def test_a_picture_is_changed_within_its_mask(
    easel: Easel, upstream: Upstream, mode: str
) -> None:
    noise = Image.effect_noise((900, 900), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG", compress_level=0)
    changed = noise.copy()
    changed.paste("red", (600, 300, 700, 500))
    answer = io.BytesIO()
    changed.save(answer, "PNG")
    upstream.says(answer.getvalue())
    asked = {
        "prompt": "a red door",
        "images": [write_data_url(out.getvalue(), "image/png")],
        "mask": write_data_url(mask(900), "image/png"),
        "model": f"openai-image:{CANVAS}",
    }
    async with talking(easel, mode) as client:
        made = await client.call_tool("edit_image", asked)
    assert not made.is_error, words(made)
    (picture,) = pictures(made)
    result = Image.open(io.BytesIO(picture)).convert("RGB")
    assert result.crop((0, 0, 400, 900)).tobytes() == noise.crop((0, 0, 400, 900)).tobytes()
    assert result.getpixel((650, 400)) == (255, 0, 0)


@pytest.mark.parametrize("mode", MODES)
async def test_a_question_with_a_picture_is_answered_in_the_model_s_order(
    easel: Easel, upstream: Upstream, mode: str
) -> None:
    upstream.says("Before.", png("navy"), "After.")
    shown = write_data_url(png("red"), "image/png")
    async with talking(easel, mode) as client:
        asked = {"prompt": "what is it?", "images": [shown], "model": NAMED, "system": "Be brief."}
        made = await client.call_tool("ask", asked)
    assert [each.type for each in made.content] == ["text", "image", "text"]
    sent = upstream.server.requests[0].json["messages"]
    assert sent[0] == {"role": "system", "content": "Be brief."}
    assert [part["type"] for part in sent[1]["content"]].count("image_url") == 1


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("generate_image", {"prompt": "x", "model": "nope"}, "not in the catalogue"),
    ("generate_image", {"prompt": "x", "model": NAMED}, "words alone"),
    ("generate_image", {"prompt": "x", "model": "sketch", "size": "large"}, "1024x1024"),
    ("edit_image", {"prompt": "x", "images": ["file:///etc/passwd"]}, "not a web address"),
    ("edit_image", {"prompt": "x", "images": ["http://127.0.0.1:9/a.png"]}, "not opened"),
    ("ask", {"prompt": "Tell of our secret project.", "model": NAMED}, "House rules"),
]


async def test_what_cannot_be_done_is_said_in_a_sentence(easel: Easel, upstream: Upstream) -> None:
    async with talking(easel, "auto") as client:
        for tool, arguments, sentence in WRONG:
            made = await client.call_tool(tool, arguments)
            assert made.is_error, (tool, arguments)
            assert sentence in words(made), words(made)
    assert upstream.server.requests == []


@pytest.mark.parametrize("mode", MODES)
async def test_a_client_that_leaves_ends_the_call_of_the_model(
    easel: Easel, upstream: Upstream, mode: str
) -> None:
    gate = Gate()
    upstream.says("Once ", gate, "upon a time.")

    async def asking() -> None:
        async with talking(easel, mode) as client:
            await client.call_tool("ask", {"prompt": "a tale", "model": NAMED})

    task = asyncio.ensure_future(asking())
    await asyncio.to_thread(upstream.server.wait_for_requests, 1)
    assert await asyncio.to_thread(gate.reached.wait, PATIENCE_S)
    task.cancel()
    await asyncio.wait({task})
    gone = upstream.server.requests[0].gone
    assert await asyncio.to_thread(gone.wait, PATIENCE_S), "the model was left talking"
    gate.open()


def test_a_call_of_a_million_parts_is_refused_before_it_is_read(raw: httpx.Client) -> None:
    many = b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"z":[' + b"{}," * 700_000
    answer = raw.post(
        "/mcp",
        content=many + b"{}]}}",
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    assert (answer.status_code, "more parts" in answer.text) == (400, True)


def test_without_a_key_there_is_no_server(easel: Easel, raw: httpx.Client) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    for headers in ({}, {"Authorization": "Bearer open, o open"}):
        assert easel.http.post("/mcp", json=call, headers=headers).status_code == 401
    assert raw.get("/mcp").status_code == 405
    assert raw.delete("/mcp").status_code == 405
    assert raw.post("/mcp", content=b"{", headers={"Accept": "*/*"}).status_code in (400, 406)
    assert (
        raw.post("/mcp", json=call, headers={"Origin": "https://evil.example"}).status_code == 403
    )
