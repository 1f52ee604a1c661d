"""Under each reply: what it cost, by whose word, and what it was made of."""

import re
from dataclasses import replace

import pytest

from chat.core.display_names import DisplayNames
from chat.core.messages import Billed, Finish, Message, Origin, Status, Usage
from chat.core.ports import Spending
from chat.render.costs import expected_words, paid_words, spending_words
from chat.render.facts import facts_html

NAMES = DisplayNames({}, {}, {"door": "LiteLLM"})
REPLY = Message("a" * 32, "c" * 32, "b" * 32, "assistant", (), origin=Origin("k", "door", "m"))
COUNTED = Usage(10, 258, 9, 1290, 120, 200)


def bill(message: Message) -> dict[str, str]:
    """The rows behind the cost."""
    return dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", facts_html(message, NAMES)))


def cost(message: Message) -> str:
    """The cost as it stands under the reply."""
    found = re.search(r'class="cost"[^>]*>([^<]*)<', facts_html(message, NAMES))
    return found[1] if found else ""


@pytest.mark.parametrize(
    ("cost_usd", "words"),
    [
        (0.0391, "$0.0391"),
        (0.00004, "under $0.0001"),
        (0.0, "free"),
        (12.3456, "$12.35"),
        (None, "cost unknown"),
    ],
)
def test_a_reply_says_what_it_cost_and_unknown_is_never_free(
    cost_usd: float | None, words: str
) -> None:
    assert cost(replace(REPLY, cost_usd=cost_usd)) == words


@pytest.mark.parametrize(
    ("status", "billed", "words"),
    [
        ("failed", "unknown", ""),
        ("blocked", "no", ""),
        ("blocked", "unknown", "cost unknown"),
        ("stopped", "unknown", "cost unknown"),
    ],
)
def test_what_was_not_billed_has_no_unknown_cost(
    status: Status, billed: Billed, words: str
) -> None:
    finish = Finish("error", billed=billed)
    assert cost(replace(REPLY, status=status, finish=finish)) == words


def test_what_cost_nothing_because_it_was_refused_is_not_called_free() -> None:
    refused = replace(REPLY, status="blocked", finish=Finish("blocked", billed="no"), cost_usd=0.0)
    assert cost(refused) == ""


def test_the_bill_counts_by_modality_and_leaves_out_what_was_not_said() -> None:
    assert bill(replace(REPLY, usage=COUNTED, cost_usd=0.0391)) == {
        "Cost": "$0.0391, by Easel’s price list",
        "Text in": "10 tokens",
        "Pictures in": "258 tokens",
        "of it cached": "200 tokens",
        "Text out": "9 tokens",
        "Pictures out": "1,290 tokens",
        "Thinking": "120 tokens",
    }
    assert list(bill(replace(REPLY, usage=Usage(5), cost_usd=0.1))) == ["Cost", "Text in"]


def test_a_cost_that_the_endpoint_stated_is_told_as_its_word() -> None:
    stated = replace(REPLY, usage=Usage(reported_cost_usd=0.5), cost_usd=0.5)
    assert bill(stated)["Cost"] == "$0.5000, as LiteLLM stated"


def test_which_of_several_places_answered_stands_in_the_bill() -> None:
    origin = Origin("k", "door", "m", deployment="azure/gpt-image-2")
    assert bill(replace(REPLY, origin=origin))["Answered by"] == "azure/gpt-image-2"


def test_the_bill_is_read_aloud_and_shown_on_hover_too() -> None:
    html = facts_html(replace(REPLY, usage=COUNTED, cost_usd=0.0391), NAMES)
    assert 'title="Cost: $0.0391, by Easel’s price list, Text in: 10 tokens' in html
    assert "<summary" in html


def test_a_question_has_a_time_and_no_cost() -> None:
    html = facts_html(replace(REPLY, role="user"), NAMES)
    assert "<time" in html
    assert "cost" not in html


@pytest.mark.parametrize(
    ("spending", "words"),
    [
        (Spending(), ""),
        (Spending(0.12, 3, 0), "$0.12"),
        (Spending(0.12, 3, 1), "$0.12, 1 reply unknown"),
        (Spending(0.0, 0, 2), "2 replies unknown"),
        (Spending(0.0, 1, 2), "2 replies unknown"),
        (Spending(0.0, 4, 0), "free"),
        (Spending(0.0004, 1, 0), "$0.0004"),
        (Spending(1234.5, 9, 0), "$1,234.50"),
    ],
)
def test_a_conversation_says_what_it_cost_and_what_is_not_known(
    spending: Spending, words: str
) -> None:
    assert spending_words(spending) == words


@pytest.mark.parametrize(
    ("cost_usd", "words"),
    [
        (0.0412, "about $0.04"),
        (0.0049, "about $0.005"),
        (0.00001, "under $0.001"),
        (0.0, "free"),
        (None, "price unknown"),
        (2.345, "about $2.35"),
    ],
)
def test_an_estimate_is_no_more_exact_than_it_is_known(cost_usd: float | None, words: str) -> None:
    assert expected_words(cost_usd) == words


def test_a_cost_is_never_rounded_to_nothing() -> None:
    assert paid_words(0.00001) != paid_words(0.0)
