"""The card of a running tool shows how far it is, and forgets it once there is an answer."""

from chat.core.events import ToolProgress
from chat.core.parts import Text, ToolCall, ToolResult
from chat.render.live_body import LiveBody

CALL = ToolCall("c1", "mine", {})


def test_progress_stands_in_the_card_until_the_answer() -> None:
    body = LiveBody({"mine": "My tool"})
    body.feed([CALL])
    assert "<progress" not in body.html()
    body.feed([ToolProgress("c1", "Page <3>", 0.25)])
    assert '<progress value="0.250" aria-label="Page &lt;3&gt;">' in body.html()
    assert '<span class="note">Page &lt;3&gt;</span>' in body.html()
    body.feed([ToolProgress("c1", "Page 4")])
    assert "<progress aria-label" in body.html()
    assert "Page &lt;3&gt;" not in body.html()
    body.feed([ToolResult("c1", "mine", (Text("Done."),))])
    assert "<progress" not in body.html()
    assert "Done." in body.html()


def test_progress_of_one_tool_leaves_the_card_of_another_alone() -> None:
    body = LiveBody({})
    body.feed([CALL, ToolCall("c2", "other", {}), ToolProgress("c2", "Half", 0.5)])
    first, second = body.html().split("</details>")[:2]
    assert "<progress" not in first
    assert "<progress" in second
