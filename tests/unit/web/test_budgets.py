"""Nobody spends more than they may, by whatever door; what a call cost takes the estimate's place.

Each picture of the painter costs a dollar, so that sums are easily read.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chat.core.errors import AuthFailed, Unavailable
from chat.core.events import Finished, ImageBytes, TextDelta
from chat.core.messages import Finish, Message, Usage
from chat.core.models import Prices
from chat.core.parts import ToolCall, ToolResult, plain_text
from chat.core.people import Person
from chat.core.spending import EVERYBODY, Amount, SpendingLimits, Spent, person_subject
from chat.gateway.quota_file import QuotaRules, UnknownPrice
from chat.web.api_door import ApiDoor
from chat.web.api_keys import read_api_keys
from chat.web.key_holders import KeyHolders
from tests.scripted import Script, Wait
from tests.unit.turns.workshop import CARD, DONE, ME, Workshop, png
from tests.unit.web.studio import Studio, opened

A_DOLLAR = Prices(0.0, 0.0, 0.0, 0.0, per_image_usd=1.0)
PAINTER = replace(
    CARD, id="painter", title="The Painter", tools=False, tool_relay="writer", prices=A_DOLLAR
)
WRITER = replace(
    CARD, id="writer", title="The Writer", output_modalities=("text",),
    prices=Prices(0.0, 0.0, 1_000.0, 0.0),
)  # fmt: skip
FREE = replace(WRITER, id="free", title="The Amateur", prices=Prices(0.0, 0.0, 0.0, 0.0))
STRANGE = replace(PAINTER, id="strange", title="The Stranger", prices=Prices())
DRAWS: Script = [ImageBytes(png("red")), DONE]
KEY = "sk-easel-laptop-0123456789"
NOTHING = Message("", "", None, "user", ())
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@dataclass
class Time:
    """What time it is."""

    moment: datetime = NOON


@asynccontextmanager
async def limited(*scripts: Script, time: Time | None = None, **more: Any) -> AsyncIterator[Studio]:
    """A studio where limits hold, which programs may use, too."""
    at = time or Time()
    more.setdefault("rules", QuotaRules())
    if isinstance(more["rules"], SpendingLimits):
        more["rules"] = QuotaRules(more["rules"])
    shop = Workshop(list(scripts), card=PAINTER, moment=lambda: at.moment, **more)
    shop.store.people.add(Person(ME, "me", "Me"))
    shop.add_cards(WRITER, FREE, STRANGE)
    keys, _ = read_api_keys(f"laptop={KEY}")
    async with opened(shop, behind=lambda web: ApiDoor(web, web, KeyHolders(keys))) as made:
        yield made


def spent(made: Studio, owner: str = ME, day: datetime = NOON) -> Spent:
    return made.shop.store.budgets.spent(owner, day.date())


async def sent(made: Studio, conversation: str, number: int = 1, **more: Any) -> Message:
    """A message, and its reply once it has ended."""
    started = await made.ask(conversation, client_id=f"client-{number}", **more)
    return await made.shop.answer_of(started["reply"])


async def painting(made: Studio, **settings: Any) -> str:
    """A conversation with the painter."""
    conversation = await made.begin()
    await made.set(conversation, {"model": "painter", **settings})
    return conversation


Door = Callable[[Studio, str, Message], Coroutine[Any, Any, str]]
"""Asks once more, and gives the sentence of the refusal."""


async def _message(made: Studio, conversation: str, before: Message) -> str:
    del before
    body = {"text": "more", "client_id": "client-2"}
    path = f"/api/conversations/{conversation}/messages"
    return str((await made.post(path, body, 429))["error"])


async def _variants(made: Studio, conversation: str, before: Message) -> str:
    del before
    body = {"text": "more", "client_id": "client-2", "models": ["painter", "painter"]}
    path = f"/api/conversations/{conversation}/messages"
    return str((await made.post(path, body, 429))["error"])


async def _regenerate(made: Studio, conversation: str, before: Message) -> str:
    del conversation
    return str((await made.post(f"/api/messages/{before.id}/regenerate", None, 429))["error"])


async def _edit(made: Studio, conversation: str, before: Message) -> str:
    del conversation
    body = {"text": "other words", "client_id": "client-2"}
    return str((await made.post(f"/api/messages/{before.parent_id}/edit", body, 429))["error"])


async def _replay(made: Studio, conversation: str, before: Message) -> str:
    del before
    sofa, _ = await made.shop.pictures.keep(ME, png("white"), "upload")
    path = f"/api/conversations/{conversation}"
    # Of the first reply, whose step was to draw it.
    message = made.shop.store.tree(ME, conversation)[-1]
    picture: Any = message.parts[0]
    body = {"picture": picture.media.sha256, "steps": [{"number": 1}], "targets": [sofa.sha256]}
    job = await made.post(f"{path}/replays", body)
    await made.shop.replays.wait(job["id"])
    (shown,) = (await made.http.get(f"{path}/replays")).json()["replays"]
    assert shown["state"] == "failed"
    return str(shown["targets"][0]["sentence"])


async def _improve(made: Studio, conversation: str, before: Message) -> str:
    del conversation, before
    other = await made.begin()
    await made.set(other, {"model": "writer"})
    return str(
        (await made.post(f"/api/improvement?conversation={other}", {"text": "a fox"}, 429))["error"]
    )


async def _chat_api(made: Studio, conversation: str, before: Message) -> str:
    del conversation, before
    asked = {"model": "painter", "messages": [{"role": "user", "content": "a fox"}]}
    return await _api(made, "/v1/chat/completions", asked)


async def _streamed_api(made: Studio, conversation: str, before: Message) -> str:
    del conversation, before
    asked = {"model": "painter", "messages": [{"role": "user", "content": "x"}], "stream": True}
    return await _api(made, "/v1/chat/completions", asked)


async def _images_api(made: Studio, conversation: str, before: Message) -> str:
    del conversation, before
    return await _api(made, "/v1/images/generations", {"model": "painter", "prompt": "a fox"})


async def _api(made: Studio, path: str, asked: Any) -> str:
    answer = await made.http.post(path, json=asked, headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 429, answer.text
    error = answer.json()["error"]
    assert error["code"] == "insufficient_quota"
    assert int(answer.headers["retry-after"]) == 12 * 3600
    return str(error["message"])


PAGE: dict[str, Door] = {
    "message": _message, "variants": _variants, "regenerate": _regenerate, "edit": _edit,
    "replay": _replay, "improve": _improve, "chat API": _chat_api,
    "streamed chat API": _streamed_api, "images API": _images_api,
}  # fmt: skip


@pytest.mark.parametrize("door", PAGE)
async def test_who_has_spent_their_budget_is_refused_at_every_door(door: str) -> None:
    rules = SpendingLimits(usd_a_day=1.0)
    async with limited(DRAWS, rules=rules, payer=ME) as made:
        conversation = await painting(made)
        if door == "replay":
            sofa, _ = await made.shop.pictures.keep(ME, png("green"), "upload")
            reply = await sent(made, conversation, pictures=[sofa.sha256])
        else:
            reply = await sent(made, conversation)
        assert reply.status == "complete"
        messages = len(made.shop.store.tree(ME, conversation))
        sentence = await PAGE[door](made, conversation, reply)
        assert "used up your budget of $1.00 for today" in sentence
        assert "begins anew at 00:00 UTC, in 12 hours" in sentence
        assert len(made.shop.provider.requests) == 1, "the model was not asked again"
        assert len(made.shop.store.tree(ME, conversation)) == messages, "and nothing was kept"
        assert spent(made).day == Amount(1.0, 1)


async def test_of_two_turns_at_once_only_one_passes_where_there_is_room_for_one() -> None:
    go = asyncio.Event()
    held: Script = [Wait(go), *DRAWS]
    async with limited(held, held, rules=SpendingLimits(usd_a_day=1.5)) as made:
        first, second = await painting(made), await painting(made)
        started = await asyncio.gather(
            *(made.ask(each, client_id=f"client-{each}") for each in (first, second)),
            return_exceptions=True,
        )
        go.set()
        begun = [each for each in started if isinstance(each, dict)]
        replies = [await made.shop.answer_of(each["reply"]) for each in begun]
        assert [each.status for each in replies].count("complete") == 1
        for failed in (each for each in replies if each.status != "complete"):
            assert failed.finish is not None
            assert failed.finish.message.startswith("This may cost $1.00, more than the $0.50")
            assert failed.finish.billed == "no"
        assert len(made.shop.provider.requests) == 1
        assert spent(made) == Spent(Amount(1.0, 1), Amount(1.0, 1))


async def test_a_turn_counts_from_when_it_goes_out_and_what_it_cost_when_it_is_over() -> None:
    go, time = asyncio.Event(), Time(datetime(2026, 11, 30, 23, 59, 50, tzinfo=UTC))
    dear = Finished(Finish("stop"), Usage(reported_cost_usd=3.25))
    scripts: list[Script] = [[ImageBytes(png()), Wait(go), dear], DRAWS]
    async with limited(*scripts, rules=SpendingLimits(usd_a_month=2.0), time=time) as made:
        conversation = await painting(made)
        started = await made.ask(conversation)
        async with made.page(conversation) as page:
            await page.until(lambda: spent(made).day.usd > 0)
        assert spent(made).day == Amount(1.0, 1), "the estimate holds the place"
        time.moment = datetime(2026, 12, 1, 0, 0, 5, tzinfo=UTC)
        go.set()
        await made.shop.answer_of(started["reply"])
        assert spent(made).month == Amount(3.25, 1), "it counts when it began, in full"
        assert spent(made, day=time.moment) == Spent()
        assert (await sent(made, conversation, 2)).status == "complete", "a new month"
        assert spent(made, day=time.moment).month == Amount(1.0, 1)


@pytest.mark.parametrize(
    ("script", "cost"),
    [
        ([AuthFailed("No such key.")], Amount()),
        ([Finished(Finish("blocked", billed="no"))], Amount()),
        # Nobody knows whether it was billed.
        ([Unavailable("Gone.")], Amount(1.0, 0)),
        ([ImageBytes(png()), Unavailable("Gone.")], Amount(1.0, 1)),
        ([ImageBytes(png()), ImageBytes(png("blue")), DONE], Amount(2.0, 2)),
    ],
)
async def test_a_call_that_failed_counts_as_far_as_it_may_be_billed(
    script: Script, cost: Amount
) -> None:
    async with limited(script, rules=SpendingLimits(usd_a_day=9.0)) as made:
        await sent(made, await painting(made))
        assert spent(made).day.pictures == cost.pictures
        assert spent(made).day.usd == pytest.approx(cost.usd * len(made.shop.provider.requests))


async def test_what_is_stopped_by_its_user_counts_as_it_was_expected() -> None:
    never = asyncio.Event()
    async with limited([TextDelta("I "), Wait(never)], rules=SpendingLimits(usd_a_day=9)) as made:
        conversation = await painting(made)
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            await page.until(lambda: spent(made).day.usd > 0)
            await made.post(f"/api/messages/{started['reply']}/stop")
            await made.shop.answer_of(started["reply"])
        assert spent(made).day == Amount(1.0, 0)


async def test_what_costs_nothing_passes_a_budget_that_is_used_up() -> None:
    async with limited([TextDelta("Hello."), DONE], rules=SpendingLimits(usd_a_day=0.0)) as made:
        conversation = await made.begin()
        await made.set(conversation, {"model": "free"})
        assert (await sent(made, conversation)).status == "complete"
        await made.set(conversation, {"model": "painter"})
        sentence = await _message(made, conversation, NOTHING)
        assert "A model that costs nothing" in sentence


@pytest.mark.parametrize(
    ("rules", "passes", "cost"),
    [
        (QuotaRules(SpendingLimits(usd_a_day=9.0)), False, Amount()),
        (QuotaRules(instance=SpendingLimits(usd_a_month=9.0)), False, Amount()),
        (QuotaRules(SpendingLimits(pictures_a_day=2)), True, Amount(0.0, 1)),
        (QuotaRules(SpendingLimits(usd_a_day=9.0), unknown_price=UnknownPrice(0.5, 0.25)), True,
         Amount(0.75, 1)),
        (QuotaRules(SpendingLimits(usd_a_day=0.7), unknown_price=UnknownPrice(0.5, 0.25)), False,
         Amount()),
    ],
)  # fmt: skip
async def test_a_price_that_nobody_knows_counts_as_the_host_has_set(
    rules: QuotaRules, passes: bool, cost: Amount
) -> None:
    async with limited(DRAWS, rules=rules) as made:
        conversation = await made.begin()
        await made.set(conversation, {"model": "strange"})
        body = {"text": "a fox", "client_id": "client-1"}
        path = f"/api/conversations/{conversation}/messages"
        told = await made.post(path, body, 200 if passes else 429)
        if passes:
            await made.shop.answer_of(told["reply"])
        else:
            assert "The Stranger costs" in told["error"] or "may cost $0.75" in told["error"]
        assert spent(made).day == cost


async def test_a_budget_that_is_changed_in_mid_turn_holds_for_the_next_call() -> None:
    shop: list[Workshop] = []

    def spend() -> str:
        """Take the rest of the budget away."""
        shop[0].store.budgets.set_limits(person_subject(ME), SpendingLimits(usd_a_day=1.0))
        shop[0].store.budgets.add(ME, Amount(1.0), NOON.date())
        return "done"

    scripts: list[Script] = [
        [ToolCall("c1", "spend", {}), Finished(Finish("tool_calls"))],
        [ToolCall("c2", "generate_image", {"prompt": "a fox"}), Finished(Finish("tool_calls"))],
        DRAWS,
    ]
    async with limited(*scripts, rules=QuotaRules(), tools={"spend": spend}) as made:
        shop.append(made.shop)
        conversation = await made.shop.begin(model="painter", tools_on=True, allowed=["spend"])
        reply = await made.shop.answer(await made.shop.ask(conversation, "go"))
        assert [request.card.id for request in made.shop.provider.requests] == ["writer"]
        assert reply.status == "failed"
        assert reply.finish is not None
        assert "used up your budget of $1.00" in reply.finish.message


@pytest.mark.parametrize("out", [{"disabled_at": NOON}, {"role": "guest", "ends_at": NOON}])
async def test_nothing_more_is_asked_for_who_is_let_in_no_more(out: dict[str, Any]) -> None:
    go = asyncio.Event()
    async with limited([Wait(go), *DRAWS], DRAWS, most=1) as made:
        conversation = await painting(made)
        started = [await made.ask(conversation, client_id=f"client-{n}") for n in (1, 2)]
        async with made.page(conversation) as page:
            await page.until(lambda: bool(made.shop.provider.requests))
        made.shop.store.people.change(ME, lambda me: replace(me, **out))
        go.set()
        ran, waited = [await made.shop.answer_of(each["reply"]) for each in started]
        assert ran.status == "complete", "it was paid for already"
        assert waited.status == "failed"
        assert waited.finish is not None
        assert waited.finish.message.startswith("You are not let in here any more")
        assert len(made.shop.provider.requests) == 1


async def test_a_picture_that_a_tool_would_have_drawn_is_refused_and_the_model_is_told() -> None:
    scripts: list[Script] = [
        [ToolCall("c1", "generate_image", {"prompt": "a fox"}), Finished(Finish("tool_calls"))],
        [TextDelta("No picture today."), DONE],
    ]
    async with limited(*scripts, rules=SpendingLimits(pictures_a_day=0)) as made:
        conversation = await made.shop.begin(model="painter", tools_on=True)
        reply = await made.shop.answer(await made.shop.ask(conversation, "go"))
        assert [request.card.id for request in made.shop.provider.requests] == ["writer"] * 2
        (result,) = [part for part in reply.parts if isinstance(part, ToolResult)]
        assert result.failed
        assert "You may make no pictures today" in plain_text(result.content)


async def test_the_box_says_when_a_limit_is_near_and_when_it_is_reached() -> None:
    async with limited(DRAWS, DRAWS, DRAWS, rules=SpendingLimits(usd_a_day=5.0)) as made:
        conversation = await painting(made)
        at = f"/api/conversations/{conversation}/estimate"
        assert (await made.post(at, {"text": "a fox"}))["limit"] is None
        made.shop.store.budgets.add(ME, Amount(3.0, 3), NOON.date())
        await sent(made, conversation)
        near = (await made.post(at, {"text": "a fox"}))["limit"]
        assert near["reached"] is False
        assert near["words"].startswith("You have used $4.00 of your $5.00 for today.")
        await sent(made, conversation, 2)
        reached = (await made.post("/api/estimate", {"text": ""}))["limit"]
        assert reached["reached"] is True
        assert "used up" in reached["words"]


async def test_what_all_have_spent_together_holds_for_everybody_and_nobody_s_sum_is_told() -> None:
    rules = QuotaRules(instance=SpendingLimits(usd_a_month=2.0))
    async with limited(DRAWS, DRAWS, rules=rules) as made, opened(made.shop, "other") as them:
        await sent(made, await painting(made))
        await them.set(theirs := await them.begin(), {"model": "painter"})
        started = await them.ask(theirs)
        await made.shop.jobs.wait(started["reply"])
        sentence = await _message(them, theirs, NOTHING)
        assert sentence.startswith("The budget of this Easel for this month is used up.")
        assert "$" not in sentence
        assert spent(made, EVERYBODY).month == Amount(2.0, 2)
        assert spent(made).month == Amount(1.0, 1)


async def test_no_more_replies_at_once_and_messages_a_minute_than_somebody_may() -> None:
    go = asyncio.Event()
    rules = SpendingLimits(replies_at_once=1, messages_a_minute=2)
    ticks = [0.0]
    async with limited(
        [Wait(go), *DRAWS], DRAWS, rules=rules, payer=ME, ticks=lambda: ticks[0], most_queued=0
    ) as made:
        conversation = await painting(made)
        started = await made.ask(conversation)
        path = f"/api/conversations/{conversation}/messages"
        busy = await made.post(path, {"text": "more", "client_id": "client-2"}, 422)
        assert busy["error"].startswith("One reply is being written or waiting already.")
        asked = {"model": "painter", "messages": [{"role": "user", "content": "x"}]}
        header = {"Authorization": f"Bearer {KEY}"}
        api = await made.http.post("/v1/chat/completions", json=asked, headers=header)
        assert (api.status_code, api.json()["error"]["code"]) == (429, "rate_limit_exceeded")
        go.set()
        await made.shop.answer_of(started["reply"])
        assert (await sent(made, conversation, 3)).status == "complete"
        fast = await made.post(path, {"text": "more", "client_id": "client-4"}, 429)
        assert fast["error"] == "You may send 2 messages a minute. Try again in 60 seconds."
        same = await made.post(path, {"text": "go", "client_id": "client-3"})
        assert same["reply"], "a click that is repeated is no message of its own"
        ticks[0] = 61.0
        assert (await made.ask(conversation, client_id="client-5"))["reply"]


async def test_where_nothing_is_set_nothing_is_counted() -> None:
    async with limited(DRAWS, rules=QuotaRules(), payer=ME) as made:
        await sent(made, await painting(made))
        assert spent(made) == Spent()
        assert not made.shop.quotas.active
