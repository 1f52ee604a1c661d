"""What no page can carry is replaced in every block, not only in Markdown."""

from chat.core.display_names import DisplayNames
from chat.core.events import TurnEvent
from chat.core.messages import Finish, Message, new_id
from chat.core.parts import (
    File,
    Image,
    MediaRef,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UnknownPart,
)
from chat.render.blocks import question_blocks, reply_blocks
from chat.render.live_body import LiveBody
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


def test_a_file_has_its_name_its_size_and_a_way_to_download_it() -> None:
    ref = MediaRef("e" * 64, "application/pdf", 25_340, 0, 0)
    inside = ToolResult("c", "invoice_pdf", (Text("Ready."), File(ref, "<b>Ü & 7.pdf")))
    _, html = reply_blocks((inside,), {})
    assert '<span class="words" dir="auto">&lt;b&gt;Ü &amp; 7.pdf</span>' in html
    assert '<span class="size">PDF · 25 kB</span>' in html
    address = f"media/{'e' * 64}?download=1&amp;title=%3Cb%3E%C3%9C%20%26%207.pdf"
    assert f'href="{address}" download' in html
    body = LiveBody({})
    body.feed([inside])
    assert html in body.html()
    (_, alone) = reply_blocks((inside,), {}, drawn=lambda _: "")
    assert "href" not in alone, "a document that left has no way to it"


def test_a_picture_stands_under_what_was_asked_for_and_downloads_by_that_name() -> None:
    media = MediaRef("e" * 64, "image/png", 1, 40, 30)
    (html,) = reply_blocks((Image(media, "model", "A <b>lighthouse</b>\n& 100 %"),), {})
    assert (
        '<span class="words" dir="auto">A &lt;b&gt;lighthouse&lt;/b&gt; &amp; 100 %</span>' in html
    )
    assert '<span class="size">40 × 30</span>' in html
    assert "title=A%20%3Cb%3Elighthouse%3C%2Fb%3E%0A%26%20100%20%25" in html
    (plain,) = reply_blocks((Image(media, "model"),), {})
    assert '<span class="words" dir="auto">Picture</span>' in plain
    edit = Image(media, "model", "A red room, after the edit: green", caption="Make it green")
    (edited,) = reply_blocks((edit,), {})
    assert '<span class="words" dir="auto">Make it green</span>' in edited
    assert 'alt="A red room, after the edit: green"' in edited
    (draft,) = reply_blocks((Image(media, "model", "x" * 500, draft=True),), {})
    assert f">Draft: {'x' * 500}</span></button>" in draft
    (odd,) = reply_blocks((Image(media, "model", "half \ud800 a pair"),), {})
    assert "title=half%20%3F%20a%20pair" in odd


def test_nobody_reads_twice_what_the_reply_says_of_its_picture() -> None:
    """A picture that an earlier Easel kept has no caption, and its words may be the reply's."""
    media = MediaRef("e" * 64, "image/png", 1, 40, 30)
    shown = Image(media, "model", "A quiet bay at dusk.")
    words = '<span class="words" dir="auto">{}</span>'
    for around in (
        (Text("A **quiet** bay\nat dusk."), shown),
        (shown, Text("## A quiet bay at dusk. And more.")),
    ):
        html = "".join(reply_blocks(around, {}))
        assert words.format("Picture") in html
        assert 'alt="A quiet bay at dusk."' in html
    html = "".join(reply_blocks((Text("Here it is."), shown), {}))
    assert words.format("A quiet bay at dusk.") in html
