"""Programs spend no more than the host lets them, by whatever door they come in."""

from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from tests.api.conftest import KEY
from tests.api.test_mcp import pictures, talking, words
from tests.process.easel import Easel


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Easel]:
    """An Easel with one picture a day, of which each key has its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    budgets = "[role.key]\npictures_a_day = 1\n"
    (folder / "budgets.toml").write_text(budgets, encoding="utf-8")
    with Easel(folder, EASEL_API_KEYS=f"laptop={KEY}", EASEL_LOGIN="users") as easel:
        yield easel


async def test_a_picture_that_is_one_too_many_is_refused_by_the_api_and_by_mcp(
    limited: Easel,
) -> None:
    with openai.OpenAI(api_key=KEY, base_url=f"{limited.address}/v1", max_retries=0) as client:
        async with talking(limited, "auto") as mcp:
            made = await mcp.call_tool("generate_image", {"prompt": "a fox", "model": "sketch"})
            assert len(pictures(made)) == 1
            more = await mcp.call_tool("generate_image", {"prompt": "a fox", "model": "sketch"})
            assert more.is_error
            assert "You have made the 1 picture you may make today" in words(more)
        with pytest.raises(openai.RateLimitError) as refused:
            client.images.generate(model="sketch", prompt="a fox")
        assert refused.value.code == "insufficient_quota"
        said = client.chat.completions.create(
            model="sketch",
            messages=[{"role": "user", "content": "Hello"}],
            modalities=["text"],
        )
        assert said.choices[0].message.content
