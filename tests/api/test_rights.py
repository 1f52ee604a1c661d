"""Programs use what the host lets their keys use, by whatever door they come in."""

from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from chat.core.rights import NO_UPLOADS
from chat.images.dataurl import write_data_url
from tests.api.conftest import KEY
from tests.api.test_mcp import pictures, talking, words
from tests.process.easel import Easel
from tests.unit.turns.workshop import png

RIGHTS = """
[role.key]
models = ["sketch"]
uploads = false
"""
ROWS = """
[[endpoint]]
id = "other"
kind = "sketch"
title = "Another house"

[[model]]
id = "secret"
endpoint = "other"
wire_name = "sketch"
title = "The Secret"
input_modalities = ["text", "image"]
output_modalities = ["text", "image"]
"""


@pytest.fixture
def ruled(tmp_path: Path) -> Iterator[Easel]:
    """An Easel with two models, of which the keys may use one, and add nothing."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "rights.toml").write_text(RIGHTS, encoding="utf-8")
    (folder / "models.toml").write_text(ROWS, encoding="utf-8")
    with Easel(folder, EASEL_API_KEYS=f"laptop={KEY}", EASEL_LOGIN="users") as easel:
        yield easel


async def test_a_key_has_the_models_of_its_role_by_the_api_and_by_mcp(ruled: Easel) -> None:
    with openai.OpenAI(api_key=KEY, base_url=f"{ruled.address}/v1", max_retries=0) as client:
        assert [model.id for model in client.models.list()] == ["sketch"]
        for model in ("secret", "nobody"):
            with pytest.raises(openai.NotFoundError) as refused:
                client.images.generate(model=model, prompt="a fox")
            assert refused.value.code == "model_not_found"
            assert f"“{model}” is not in the catalogue" in str(refused.value)
        async with talking(ruled, "auto") as mcp:
            listed = await mcp.call_tool("list_models", {})
            assert [each["id"] for each in listed.structured_content["models"]] == ["sketch"]
            for tool in ("ask", "generate_image"):
                asked = await mcp.call_tool(tool, {"prompt": "a fox", "model": "secret"})
                assert asked.is_error
                assert "is not in the catalogue" in words(asked)
            made = await mcp.call_tool("generate_image", {"prompt": "a fox"})
            assert len(pictures(made)) == 1, "the first that is theirs"
            url = write_data_url(png(), "image/png")
            for tool in ("ask", "edit_image"):
                added = await mcp.call_tool(tool, {"prompt": "bluer", "images": [url]})
                assert added.is_error
                assert NO_UPLOADS in words(added)
