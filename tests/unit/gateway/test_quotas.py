"""Which limit holds for whom, when it begins anew, and how it is said."""

import asyncio
import threading
from datetime import UTC, date, datetime

import pytest

from chat.core.calling import ModelRequest
from chat.core.errors import ConfigError, LimitReached
from chat.core.models import ModelCard, Prices
from chat.core.people import Person
from chat.core.spending import (
    NO_LIMITS,
    Amount,
    Meter,
    SpendingLimits,
    Spent,
    anew,
    day_of,
    person_subject,
    role_subject,
)
from chat.gateway.quota_file import QuotaRules, UnknownPrice, read_quotas
from chat.gateway.quota_words import refusal, standing
from chat.gateway.quotas import Quotas
from storage.memory import MemoryConversations
from storage.memory_spending import MemorySpending
from tests.patience import PATIENCE_S

ROLES = ("user", "guest", "administrator", "key")
NOON = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
FILE = """
[everybody]
usd_a_day = 2
messages_a_minute = 10

[role.guest]
usd_a_day = 0.5
pictures_a_month = 0

[instance]
usd_a_month = 100

[unknown_price]
picture_usd = 0.05
reply_usd = 0.01
"""


def test_the_host_s_file_is_read() -> None:
    rules = read_quotas("budgets.toml", FILE, ROLES)
    assert rules == QuotaRules(
        SpendingLimits(usd_a_day=2.0, messages_a_minute=10),
        {"guest": SpendingLimits(usd_a_day=0.5, pictures_a_month=0)},
        SpendingLimits(usd_a_month=100.0),
        UnknownPrice(0.05, 0.01),
    )
    assert read_quotas("budgets.toml", "", ROLES) == QuotaRules()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[everybody]\nusd_day = 2", "Did you mean “usd_a_day”"),
        ("[everyone]\nusd_a_day = 2", "“everyone” is not a table"),
        ("[role.gest]\nusd_a_day = 2", "Did you mean “guest”"),
        ("[everybody]\nusd_a_day = -1", "0 or more"),
        ("[everybody]\npictures_a_day = 1.5", "whole number"),
        ("[everybody]\nreplies_at_once = 0", "1 or more"),
        ("[instance]\nmessages_a_minute = 5", "“messages_a_minute” is not a limit"),
        ("[unknown_price]\npicture_usd = 1", "needs “picture_usd” and “reply_usd”"),
        ("[everybody", "not valid TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(text: str, words: str) -> None:
    with pytest.raises(ConfigError, match=r"budgets\.toml") as refused:
        read_quotas("budgets.toml", text, ROLES)
    assert words in str(refused.value)


async def test_a_person_comes_before_their_role_and_the_page_before_the_file() -> None:
    store = MemoryConversations()
    store.people.add(Person("a", "ada", "Ada", "guest"))
    rules = QuotaRules(
        SpendingLimits(usd_a_day=1.0, usd_a_month=1.0, pictures_a_day=1, replies_at_once=1),
        {"guest": SpendingLimits(usd_a_month=2.0, pictures_a_day=2, replies_at_once=2)},
    )
    quotas = Quotas(store.budgets, store.people, rules)
    store.budgets.set_limits(
        role_subject("guest"), SpendingLimits(pictures_a_day=3, replies_at_once=3)
    )
    store.budgets.set_limits(person_subject("a"), SpendingLimits(replies_at_once=4))
    assert await quotas.of("a") == SpendingLimits(1.0, 2.0, 3, None, None, 4)
    assert await quotas.of("key:laptop") == rules.everybody
    alone = Quotas(store.budgets, store.people, rules, payer="local")
    assert await alone.of("a") == await alone.of("key:laptop") == rules.everybody
    assert await Quotas(store.budgets, store.people, payer="local").of("a") == NO_LIMITS


@pytest.mark.parametrize(
    ("moment", "day", "month"),
    [
        ("2026-11-30T23:59:59+00:00", "2026-12-01", "2026-12-01"),
        ("2026-12-01T00:00:00+00:00", "2026-12-02", "2027-01-01"),
        ("2026-12-31T23:30:00-05:00", "2027-01-02", "2027-02-01"),  # in UTC it is January
        ("2028-02-28T12:00:00+00:00", "2028-02-29", "2028-03-01"),
    ],
)
def test_days_and_months_end_by_utc(moment: str, day: str, month: str) -> None:
    at = datetime.fromisoformat(moment)
    assert anew("day", at).date().isoformat() == day
    assert anew("month", at).date().isoformat() == month
    assert anew("day", at).date() > day_of(at)


@pytest.mark.parametrize(
    ("meter", "words"),
    [
        (Meter(False, "day", "usd", 1.62, 2.0), "You have used $1.62 of your $2.00 for today."),
        (Meter(False, "day", "usd", 2.5, 2.0), "You have used up your budget of $2.00 for today."),
        (Meter(False, "day", "pictures", 1, 1), "You have made the 1 picture you may make today."),
        (Meter(False, "day", "pictures", 4, 5), "You have made 4 of the 5 pictures you may make"),
        (Meter(False, "day", "pictures", 0, 0), "You may make no pictures today."),
        (Meter(True, "day", "usd", 90, 100), "The budget of this Easel for today is nearly used"),
        (Meter(False, "month", "usd", 20, 20), "You have used up your budget of $20.00 for this"),
    ],
)
def test_how_near_a_limit_is_stands_in_plain_words(meter: Meter, words: str) -> None:
    assert meter.near
    told = standing(meter, NOON)
    assert told.startswith(words)
    on = " on 1 December" if meter.period == "month" else ""
    assert told.endswith(f" It begins anew{on} at 00:00 UTC, in 12 hours.")


def test_a_refusal_says_what_is_left_and_of_others_nothing() -> None:
    own = refusal(Meter(False, "day", "usd", 1.95, 2.0), Amount(0.13, 1), NOON)
    assert own.startswith("This may cost $0.13, more than the $0.05 you have left for today.")
    shared = refusal(Meter(True, "month", "pictures", 97, 100), Amount(0.0, 4), NOON)
    assert shared == (
        "This may make 4 pictures, more than this Easel has left for this month. It begins anew on "
        "1 December at 00:00 UTC, in 12 hours."
    )


def test_messages_within_a_minute_are_counted_and_the_wait_is_said() -> None:
    store, tick = MemoryConversations(), [0.0]
    rules = QuotaRules(SpendingLimits(messages_a_minute=2))
    quotas = Quotas(store.budgets, store.people, rules, ticks=lambda: tick[0])
    limits = rules.everybody
    for tick[0] in (0.0, 20.0):
        quotas.count_message("me", limits)
    tick[0] = 30.0
    with pytest.raises(LimitReached, match="2 messages a minute") as refused:
        quotas.count_message("me", limits)
    assert refused.value.retry_after_s == 30
    assert str(refused.value).endswith("Try again in 30 seconds.")
    quotas.count_message("another", limits)
    tick[0] = 60.0
    quotas.count_message("me", limits)
    with pytest.raises(LimitReached, match="in 20 seconds"):
        quotas.count_message("me", limits)


class SlowSpending(MemorySpending):
    """Counts when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.counted = asyncio.Event(), asyncio.Event()
        self.go_on = threading.Event()
        self._loop = asyncio.get_running_loop()

    def reserve(
        self, owner: str, amount: Amount, day: date, own: SpendingLimits, shared: SpendingLimits
    ) -> Meter | None:
        self._loop.call_soon_threadsafe(self.asked.set)
        assert self.go_on.wait(PATIENCE_S)
        meter = super().reserve(owner, amount, day, own, shared)
        self._loop.call_soon_threadsafe(self.counted.set)
        return meter


async def test_a_call_that_is_stopped_while_it_is_counted_costs_nothing() -> None:
    spending = SlowSpending()
    rules = QuotaRules(SpendingLimits(usd_a_day=5.0))
    quotas = Quotas(spending, MemoryConversations().people, rules, payer="me", clock=lambda: NOON)
    card = ModelCard(
        "model", "door", "wire", "The Model", output_modalities=("image",),
        prices=Prices(0.0, 0.0, 0.0, 0.0, per_image_usd=1.0),
    )  # fmt: skip
    asking = asyncio.create_task(quotas.reserve("me", ModelRequest(card, ())))
    async with asyncio.timeout(PATIENCE_S):
        await spending.asked.wait()
        asking.cancel()
        spending.go_on.set()
        await asyncio.wait([asking])
        await spending.counted.wait()
    assert asking.cancelled()
    assert spending.spent("me", NOON.date()) == Spent()
