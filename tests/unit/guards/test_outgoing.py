"""What must not go to a model does not, and nothing else is kept from it."""

import hashlib
import logging
from dataclasses import replace

import pytest

from chat.core.errors import Blocked
from chat.core.parts import Echo, Text, ToolCall, ToolResult
from tests.unit.guards.rows import guardrails
from tests.wire.talk import Media, assistant, card, request, user
from tests.wire_shapes import tiny_png

MASKED = '[[guard]]\nkind = "personal_data"\nmode = "mask"'
DENIED = '[[guard]]\nkind = "deny_list"\nwords = ["secret plan"]\ntitle = "House rules"'
CARD = card("openai_chat")
RED = tiny_png(200)


async def test_without_rules_the_very_request_goes_out() -> None:
    asked = request(CARD, user("ada@example.com"))
    assert await guardrails("").admit(asked) is asked


async def test_personal_data_is_masked_wherever_the_user_wrote_it() -> None:
    asked = request(
        CARD,
        user("I am ada@example.com"),
        assistant("Hello!"),
        user("Draw +44 20 7946 0958 on a sign"),
        system="Answer ada@example.com kindly.",
    )
    out = await guardrails(MASKED).admit(asked)
    assert out.system == "Answer [mail address] kindly."
    assert [message.parts for message in out.messages] == [
        (Text("I am [mail address]"),),
        (Text("Hello!"),),
        (Text("Draw [phone number] on a sign"),),
    ]


async def test_personal_data_is_masked_in_tool_traffic_too() -> None:
    call = ToolCall("1", "chart", {"title": "ada@example.com", "rows": [["+44 20 7946 0958", 3]]})
    result = ToolResult("1", "chart", (Text("made for ada@example.com"),))
    asked = request(CARD, user("draw it"), assistant(call, result))
    out = await guardrails(MASKED).admit(asked)
    said, answered = out.messages[1].parts
    assert isinstance(said, ToolCall)
    assert said.arguments == {"title": "[mail address]", "rows": [["[phone number]", 3]]}
    assert isinstance(answered, ToolResult)
    assert answered.content == (Text("made for [mail address]"),)


async def test_a_reply_with_a_masked_call_goes_back_as_nobodys() -> None:
    """What was signed is another call, and its signature may stand in its id."""
    echo = Echo("openai_chat", {"some": "state"})
    call = ToolCall("1__thought__c2ln", "chart", {"title": "ada@example.com"}, echo)
    other = ToolCall("2__thought__c2ln", "chart", {"title": "Sales"}, echo)
    masked, kept = (assistant(part, by="openai_chat") for part in (call, other))
    out = await guardrails(MASKED).admit(request(CARD, user("a"), masked, user("b"), kept))
    assert out.messages[1].parts == (
        replace(call, arguments={"title": "[mail address]"}, echo=None),
    )
    assert out.messages[1].origin is None
    assert out.messages[3] == kept


@pytest.mark.parametrize("words", ["my Secret Plan!", "SECRET\n PLAN", "a secret plan"])
async def test_a_denied_word_stops_the_message_and_is_not_repeated(words: str) -> None:
    with pytest.raises(Blocked) as caught:
        await guardrails(DENIED).admit(request(CARD, user(words)))
    assert str(caught.value) == "“House rules” held this back: a denied word. Nothing was sent."


async def test_a_word_inside_another_is_left_alone_unless_asked_for() -> None:
    row = '[[guard]]\nkind = "deny_list"\nwords = ["ass"]'
    asked = request(CARD, user("draw an assembly of asses and classes"))
    assert await guardrails(row).admit(asked) == asked
    with pytest.raises(Blocked):
        await guardrails(f"{row}\ninside_words = true").admit(asked)


async def test_what_was_refused_before_does_not_end_the_conversation() -> None:
    asked = request(CARD, user("my secret plan"), assistant("-"), user("draw a fox"))
    out = await guardrails(DENIED).admit(asked)
    assert out.messages[0].parts == (Text("[Something was held back here.]"),)
    assert out.messages[2].parts == (Text("draw a fox"),)


async def test_a_denied_picture_stops_the_message_and_is_left_out_of_the_history() -> None:
    row = f'[[guard]]\nkind = "deny_list"\npictures = ["{hashlib.sha256(RED).hexdigest()}"]'
    media = Media()
    picture = media.image(RED)
    guards = guardrails(row)
    with pytest.raises(Blocked, match="a denied picture"):
        await guards.admit(request(CARD, user("change it", picture), media=media.bytes))
    later = request(CARD, user("x", picture), assistant("-"), user("a fox"), media=media.bytes)
    out = await guards.admit(later)
    assert out.messages[0].parts == (Text("x"), Text("[Something was held back here.]"))


async def test_a_question_that_is_too_long_is_refused_or_cut() -> None:
    row = '[[guard]]\nkind = "max_length"\nmax_chars = 10'
    asked = request(CARD, user("a" * 10 + "bcd"))
    with pytest.raises(Blocked, match="more than 10 characters"):
        await guardrails(row).admit(asked)
    out = await guardrails(f'{row}\nmode = "mask"').admit(asked)
    assert out.messages[0].parts == (Text("a" * 10 + "[more than 10 characters]"),)


async def test_log_mode_lets_everything_through_and_says_so_without_the_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked = request(CARD, user("my secret plan"))
    with caplog.at_level(logging.WARNING):
        assert await guardrails(f'{DENIED}\nmode = "log"').admit(asked) == asked
    assert "House rules: log text: a denied word" in caplog.text
    assert "secret" not in caplog.text


async def test_rules_act_one_after_another() -> None:
    asked = request(CARD, user("my secret plan for ada@example.com"))
    both = f'{DENIED}\nmode = "mask"\n{MASKED}'
    out = await guardrails(both).admit(asked)
    assert out.messages[0].parts == (Text("my [a denied word] for [mail address]"),)


@pytest.mark.parametrize(
    "words",
    [
        "sec\u200bret plan",
        "secret\u00a0plan",
        "ｓｅｃｒｅｔ plan",
        "se\u00adcret pl\u2060an",
        "SECRET　PLAN",
    ],
)
async def test_signs_that_nobody_sees_hide_no_word(words: str) -> None:
    with pytest.raises(Blocked):
        await guardrails(DENIED).admit(request(CARD, user(f"my {words}!")))


@pytest.mark.parametrize(
    "words", ["ada＠example.com", "4111\u00a01111\u00a01111\u00a01111", "4111.1111.1111.1111"]
)
async def test_signs_that_look_alike_hide_no_personal_data(words: str) -> None:
    out = await guardrails(MASKED).admit(request(CARD, user(f"画 {words} 画")))
    (part,) = out.messages[0].parts
    assert isinstance(part, Text)
    assert part.text in ("画 [mail address] 画", "画 [card number] 画")


async def test_what_a_tool_said_is_masked_where_tools_are_off_too() -> None:
    told = "[The tool mail answered: ada@example.com]"
    out = await guardrails(MASKED).admit(request(CARD, user("x"), assistant(told), user("y")))
    assert out.messages[1].parts == (Text("[The tool mail answered: [mail address]]"),)


async def test_a_long_answer_of_the_model_is_no_question_that_is_too_long() -> None:
    row = '[[guard]]\nkind = "max_length"\nmax_chars = 10'
    asked = request(CARD, user("x"), assistant("a long answer of mine"), user("y"))
    assert await guardrails(row).admit(asked) == asked


async def test_a_number_in_a_call_is_masked_as_a_text() -> None:
    call = ToolCall("1", "pay", {"card": 4111111111111111, "times": 3, "now": True})
    out = await guardrails(MASKED).admit(request(CARD, user("x"), assistant(call)))
    (said,) = out.messages[1].parts
    assert isinstance(said, ToolCall)
    assert said.arguments == {"card": "[card number]", "times": 3, "now": True}
