"""What a reply cost is the sum of its calls, and unknown as soon as it is of one of them."""

import asyncio
from typing import Any

import pytest

from chat.core.errors import (
    AuthFailed,
    BadReply,
    Blocked,
    CapabilityError,
    ChatError,
    ConfigError,
    Full,
    RateLimited,
    Rejected,
    RequestTooLarge,
    Unavailable,
)
from chat.core.events import Finished
from chat.core.messages import Finish, Usage
from chat.core.models import Prices, Timeouts
from chat.gateway.ledger import CallCost, UsageLedger, cost_of
from tests.loopback import Gate, Reply, sse
from tests.unit.turns.exchange import card, everywhere, exchange, refuses, says, words
from tests.unit.turns.workshop import ME
from tests.wire_shapes import openai_chunk, openai_stream

DEAR = Prices(1.0, 1.0, 1.0, 1.0)
MILLION = {"prompt_tokens": 1_000_000, "completion_tokens": 1_000_000}
CALL = {
    "tool_calls": [
        {
            "index": 0,
            "id": "c1",
            "type": "function",
            "function": {"name": "calculator", "arguments": '{"expression": "6*7"}'},
        }
    ]
}
DECLINES = openai_stream([], finish="content_filter", usage=None)
HASTY = Timeouts(30, 0.5, 60, 120)


def told(usage: dict[str, Any] | None) -> Reply:
    """A plain answer that counts so much."""
    return says("fine", usage=usage)


def calls(usage: dict[str, Any] | None) -> Reply:
    """A round in which the model asks for a tool."""
    return openai_stream([CALL], finish="tool_calls", usage=usage)


@pytest.mark.parametrize(
    ("error", "billed"),
    [
        (AuthFailed("x"), "no"),
        (RateLimited("x", 3), "no"),
        (Rejected("x"), "no"),
        (RequestTooLarge("x"), "no"),
        (CapabilityError("x"), "no"),
        (ConfigError("x"), "no"),
        (Unavailable("x"), "unknown"),
        (BadReply("x"), "unknown"),
        (Blocked("x"), "unknown"),
        (Full("x"), "unknown"),
        (asyncio.CancelledError(), "unknown"),
        (None, "unknown"),
    ],
)
def test_only_what_was_surely_refused_cost_nothing(error: ChatError | None, billed: str) -> None:
    cost = cost_of(DEAR, None, error, drawn=0, spoke=False)
    assert (cost.billed, cost.cost_usd) == (billed, 0.0 if billed == "no" else None)
    assert cost_of(DEAR, None, error, drawn=0, spoke=True) == CallCost("unknown", None)
    assert cost_of(Prices(0, 0, 0, 0), None, error, drawn=0, spoke=False).cost_usd == 0


def test_what_was_counted_is_billed_unless_the_provider_says_otherwise() -> None:
    usage = Usage(1_000_000)
    for finish, billed in (
        (Finish("stop"), "yes"),
        (Finish("blocked", billed="no"), "no"),
        (Finish("blocked"), "unknown"),
    ):
        cost = cost_of(DEAR, Finished(finish, usage), None, drawn=0, spoke=True)
        assert cost == CallCost(billed, 1.0)  # type: ignore[arg-type]


def test_a_bill_is_unbilled_only_if_all_of_it_was() -> None:
    yes, no, unknown = CallCost("yes", 2.0), CallCost("no", 0.0), CallCost("unknown", None)
    for charges, billed, usd in (
        ((), "no", 0.0),
        ((no, no), "no", 0.0),
        ((no, unknown), "unknown", None),
        ((no, yes), "yes", 2.0),
        ((yes, unknown), "yes", None),
        ((yes, yes), "yes", 4.0),
    ):
        bill = UsageLedger()
        for each in charges:
            bill.add(each)
        assert (bill.billed, bill.cost_usd) == (billed, usd)


@pytest.mark.parametrize(
    ("cause", "first"), [("content_policy", DECLINES), ("unavailable", sse(Gate()))]
)
async def test_what_may_have_been_charged_in_vain_makes_the_cost_unknown(
    cause: str, first: Reply
) -> None:
    cards = [card("a", fallbacks={cause: ("model-b",)}), card("b", prices=DEAR)]
    async with exchange(cards, {"a": [first], "b": [told(MILLION)]}, timeouts=HASTY) as (made, _):
        reply = await made.reply()
        assert (words(reply), reply.cost_usd) == ("fine", None)
        assert [call.cost_usd for call in made.book.calls] == [None, 2.0]


@pytest.mark.parametrize("second", [sse(Gate()), DECLINES])
async def test_a_refusal_is_not_called_unbilled_when_its_stand_in_was_asked_too(
    second: Reply,
) -> None:
    cards = [card("a", fallbacks={"rate_limited": ("model-b",)}), card("b")]
    said = {"a": [refuses(429)], "b": [second]}
    async with exchange(cards, said, timeouts=HASTY) as (made, _):
        reply = await made.reply()
        assert reply.finish is not None
        assert (reply.finish.native, reply.finish.billed) == ("RateLimited", "unknown")
        assert reply.cost_usd is None


@pytest.mark.parametrize("fault", [401, 429, 503])
async def test_a_place_that_refused_outright_adds_nothing(fault: int) -> None:
    model = everywhere("a", "b", prices=DEAR)
    async with exchange([model], {"a": [refuses(fault)], "b": [told(MILLION)]}) as (made, _):
        assert (await made.reply()).cost_usd == 2.0
    async with exchange([model], {"a": [refuses(fault)], "b": [refuses(fault)]}) as (made, _):
        reply = await made.reply()
        assert reply.finish is not None
        assert (reply.finish.billed, reply.cost_usd) == ("no", 0.0)


@pytest.mark.parametrize(
    ("first", "second", "cost_usd"),
    [
        ({**MILLION, "cost": 0.01}, MILLION, 2.01),
        (MILLION, {**MILLION, "cost": 0.01}, 2.01),
        ({"cost": 0.01}, {"cost": 0.02}, 0.03),
        ({**MILLION, "cost": 0.01}, None, None),
        (None, MILLION, None),
        (MILLION, MILLION, 4.0),
    ],
)
async def test_each_round_with_tools_is_priced_by_its_own_figures(
    first: dict[str, Any] | None, second: dict[str, Any] | None, cost_usd: float | None
) -> None:
    said = {"a": [calls(first), told(second)]}
    async with exchange([card("a", prices=DEAR)], said) as (made, _):
        reply = await made.reply(in_=await made.begin(tools_on=True))
        assert reply.status == "complete"
        assert reply.cost_usd == (None if cost_usd is None else pytest.approx(cost_usd))


async def test_a_price_that_only_one_round_stated_is_not_shown_as_stated_for_all() -> None:
    said = {"a": [calls({**MILLION, "cost": 0.01}), told(MILLION)]}
    async with exchange([card("a", prices=DEAR)], said) as (made, _):
        reply = await made.reply(in_=await made.begin(tools_on=True))
        assert reply.usage is not None
        assert reply.usage.reported_cost_usd is None
        assert reply.usage.input_text_tokens == 2_000_000


async def test_what_a_stopped_round_cost_is_unknown_beside_what_the_first_did() -> None:
    said = {"a": [calls(MILLION), sse(openai_chunk({"content": "half"}), Gate())]}
    async with exchange([card("a", prices=DEAR)], said) as (made, servers):
        started = await made.ask(in_=await made.begin(tools_on=True))
        await asyncio.to_thread(servers["a"].wait_for_requests, 2)
        assert made.engine.stop(ME, started.reply_id)
        reply = await made.end_of(started)
        assert reply.finish is not None
        assert (reply.status, reply.finish.billed) == ("stopped", "yes")
        assert reply.cost_usd is None
        assert reply.usage is not None, "what was counted is still shown"


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 10**308, "completion_tokens": 10**308},
        {"prompt_tokens": 10**400, "completion_tokens": 10**400},
        {"prompt_tokens": -1, "completion_tokens": True},
        {"cost": float("inf")},
        {"cost": float("nan")},
        {"cost": 10**400},
        {"cost": -0.01},
    ],
)
async def test_figures_that_cannot_be_leave_the_cost_unknown_and_the_reply_whole(
    usage: dict[str, Any],
) -> None:
    async with exchange([card("a")], {"a": [calls(usage), told(usage)]}) as (made, _):
        reply = await made.reply(in_=await made.begin(tools_on=True))
        assert (reply.status, words(reply)) == ("complete", "fine")
        assert (reply.usage, reply.cost_usd) == (Usage(), None)
