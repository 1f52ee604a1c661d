"""What a server answers is read, however it is made."""

import json

import mcp_types as types
import pytest

from chat.mcp.contents import outputs_of


@pytest.mark.parametrize("said", ["[" * 100_000, "{", '{"a": NaN}'])
def test_words_beside_data_may_be_anything(said: str) -> None:
    blocks: list[types.ContentBlock] = [types.TextContent(type="text", text=said)]
    answer = types.CallToolResult(content=blocks, structured_content={"a": 1})
    (told,) = outputs_of(answer, "Mine")
    assert isinstance(told, str)
    assert said in told
    assert json.dumps({"a": 1}) in told
