"""What no page can carry is replaced in every block, not only in Markdown."""

from chat.core.display_names import DisplayNames
from chat.core.events import TurnEvent
from chat.core.messages import Finish, Message, new_id
from chat.core.parts import Image, MediaRef, Reasoning, Text, ToolCall, ToolResult, UnknownPart
from chat.render.blocks import question_blocks, reply_blocks
from chat.render.live import LiveBody
from chat.render.messages import message_html

UNFIT = "odd \ud800\x00 end"
PICTURE = Image(MediaRef("0" * 64, "image/png", 1, 1, 1), "model", alt=UNFIT)
CALL = ToolCall("c", UNFIT, {UNFIT: UNFIT})
RESULT = ToolResult("c", UNFIT, (Text(UNFIT), PICTURE))
PARTS = (Text(UNFIT), Reasoning(UNFIT), PICTURE, CALL, RESULT)


def carried(html: str) -> bool:
    """Whether a wire can carry it, and a browser keeps it as it is."""
    return "odd" in html and not any(
        sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in html
    )


def test_every_block_of_a_reply_can_be_sent() -> None:
    for block in reply_blocks(PARTS, {UNFIT: UNFIT}):
        assert carried(block)
    for block in question_blocks((PICTURE, Text(UNFIT))):
        assert carried(block)


def test_what_streams_can_be_sent() -> None:
    body = LiveBody({UNFIT: UNFIT})
    events: list[TurnEvent] = [CALL, RESULT, PICTURE]
    for event in events:
        for change in body.feed([event]):
            assert carried(change.tail) or not change.tail
    assert carried(body.html())


def test_a_whole_message_can_be_sent() -> None:
    finish = Finish("error", "Odd", UNFIT)
    message = Message(new_id(), "c", None, "assistant", PARTS, status="failed", finish=finish)
    assert carried(message_html(message, (), DisplayNames({}, {}), "", running=False))


def test_what_a_newer_easel_made_is_said_to_be_there() -> None:
    """In a question, in a reply and in what a tool answered; nothing of it is drawn."""
    newer = UnknownPart({"kind": "film", "html": "<script>"})
    odd = UnknownPart(7, newer=False)
    inside = ToolResult("c", "projector", (newer, Text("Shown.")))
    for drawn in (question_blocks((newer, odd)), reply_blocks((newer, odd), {})):
        remarks = list(drawn)
        assert "newer Easel" in remarks[0]
        assert "cannot be read" in remarks[1]
        assert "newer" not in remarks[1]
        assert "script" not in "".join(remarks)
    blocks = list(reply_blocks((inside,), {}))
    assert "newer Easel" in blocks[1]
    body = LiveBody({})
    body.feed([inside])
    assert "newer Easel" in body.html()
