"""A program with a key of somebody's own uses the API and MCP as them, for what the key is for."""

import re
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from tests.api.test_mcp import pictures, talking, words
from tests.process.easel import Easel
from tests.unit.web.signed_in import PASSWORD, Browser

MESSAGES: list[openai.types.chat.ChatCompletionMessageParam] = [
    {"role": "user", "content": "Draw a fox"}
]


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[tuple[Easel, Browser]]:
    """An Easel without a key of the host's, and its administrator."""
    with Easel(tmp_path / "data", EASEL_LOGIN="users") as easel:
        link = easel.printed().partition("setup=")[2].split()[0]
        with Browser(easel.port) as ada:
            fields = {"password": PASSWORD, "again": PASSWORD, "title": "Ada"}
            assert ada.form("/access/begin", setup=link, name="ada", **fields).status_code == 303
            yield easel, ada


def key(browser: Browser, name: str, *scopes: str) -> str:
    chosen = {f"scope_{scope}": "1" for scope in scopes}
    page = browser.form("/account/keys", key_name=name, lasts="7", **chosen).text
    found = re.search(r"<b>(sk-easel-[\w-]+)</b>", page)
    assert found is not None, page
    return found[1]


async def test_what_a_key_is_for_holds_at_every_door(shared: tuple[Easel, Browser]) -> None:
    easel, ada = shared
    talks, draws = key(ada, "talks", "chat"), key(ada, "draws", "images", "read")
    url = f"{easel.address}/v1"
    with openai.OpenAI(api_key=talks, base_url=url, max_retries=0) as client:
        said = client.chat.completions.create(model="sketch", messages=MESSAGES)
        assert said.choices[0].message.content
        assert not getattr(said.choices[0].message, "images", None), "it is for words alone"
        with pytest.raises(openai.PermissionDeniedError, match="not made to make pictures"):
            client.images.generate(model="sketch", prompt="a fox")
        with pytest.raises(openai.PermissionDeniedError):
            client.models.list()
    with openai.OpenAI(api_key=draws, base_url=url, max_retries=0) as client:
        assert client.images.generate(model="sketch", prompt="a fox").data
        assert "sketch" in {model.id for model in client.models.list()}
        with pytest.raises(openai.PermissionDeniedError):
            client.chat.completions.create(model="sketch", messages=MESSAGES)
    async with talking(easel, "auto", talks) as mcp:
        for tool, asked in (
            ("generate_image", {"prompt": "a fox"}),
            ("edit_image", {"prompt": "blue", "images": ["data:image/png;base64,AAAA"]}),
            ("list_models", {}),
        ):
            refused = await mcp.call_tool(tool, asked)
            assert refused.is_error
            assert "was not made" in words(refused)
        told = await mcp.call_tool("ask", {"prompt": "Draw a fox", "model": "sketch"})
        assert not told.is_error
        assert pictures(told) == []
    async with talking(easel, "auto", draws) as mcp:
        assert len(pictures(await mcp.call_tool("generate_image", {"prompt": "a fox"}))) == 1
        assert (await mcp.call_tool("ask", {"prompt": "Hello"})).is_error
    for path in ("/api/conversations", "/account", "/"):
        assert easel.http.get(path, headers={"Authorization": f"Bearer {draws}"}).status_code == 401
