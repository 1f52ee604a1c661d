"""What is spent is counted by owner, day and month, and never beyond a limit: in every store."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from chat.core.ports import Conversations
from chat.core.spending import EVERYBODY, NO_LIMITS, Amount, SpendingLimits, Spent

DAY = date(2026, 11, 30)
ME, OTHER = "me", "somebody-else"


def test_sums_are_of_an_owner_a_day_and_its_month(store: Conversations) -> None:
    budgets = store.budgets
    for owner, usd, pictures, day in [
        (ME, 0.25, 1, date(2026, 10, 31)),
        (ME, 0.5, 1, date(2026, 11, 1)),
        (ME, 1.0, 2, DAY),
        (ME, -0.5, -1, DAY),
        (OTHER, 4.0, 0, DAY),
        (ME, 8.0, 8, date(2026, 12, 1)),
    ]:
        budgets.add(owner, Amount(usd, pictures), day)
    assert budgets.spent(ME, DAY) == Spent(Amount(0.5, 1), Amount(1.0, 2))
    assert budgets.spent(EVERYBODY, DAY) == Spent(Amount(4.5, 1), Amount(5.0, 2))
    assert budgets.spent("nobody", DAY) == Spent()
    december = Amount(8.0, 8)
    assert budgets.spent(ME, date(2026, 12, 1)) == Spent(december, december)
    assert budgets.spent(ME, date(2026, 12, 31)) == Spent(Amount(), december)


@pytest.mark.parametrize(
    ("own", "shared"),
    [
        (SpendingLimits(usd_a_day=3.0), NO_LIMITS),
        (SpendingLimits(pictures_a_month=3), NO_LIMITS),
        (NO_LIMITS, SpendingLimits(usd_a_month=3.0)),
        (SpendingLimits(usd_a_day=9.0), SpendingLimits(pictures_a_day=3)),
    ],
)
def test_of_many_at_once_no_more_pass_than_the_limit_holds(
    store: Conversations, own: SpendingLimits, shared: SpendingLimits
) -> None:
    def one(number: int) -> bool:
        owner = ME if not shared else f"{ME}-{number % 3}"
        return store.budgets.reserve(owner, Amount(1.0, 1), DAY, own, shared) is None

    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(one, range(12)))
    assert sum(passed) == 3
    assert store.budgets.spent(EVERYBODY, DAY).day == Amount(3.0, 3)


def test_the_limit_in_the_way_is_told_and_what_is_free_passes(store: Conversations) -> None:
    budgets, own = store.budgets, SpendingLimits(usd_a_day=1.0, pictures_a_month=5)
    budgets.add(ME, Amount(1.5, 2), DAY)
    meter = budgets.reserve(ME, Amount(0.1, 1), DAY, own, NO_LIMITS)
    assert meter is not None
    assert (meter.period, meter.measure, meter.shared) == ("day", "usd", False)
    assert (meter.spent, meter.limit, meter.reached) == (1.5, 1.0, True)
    assert budgets.reserve(ME, Amount(0.0, 3), DAY, own, NO_LIMITS) is None
    over = budgets.reserve(ME, Amount(0.0, 1), DAY, own, NO_LIMITS)
    assert over is not None
    assert (over.period, over.measure) == ("month", "pictures")
    assert budgets.spent(ME, DAY).day == Amount(1.5, 5)


def test_limits_are_kept_changed_and_forgotten(store: Conversations) -> None:
    budgets = store.budgets
    some = SpendingLimits(usd_a_day=0.1, pictures_a_month=0, replies_at_once=2)
    budgets.set_limits("person:a", some)
    budgets.set_limits("role:user", SpendingLimits(messages_a_minute=3))
    asked = ["person:a", "role:user", "person:b"]
    assert budgets.limits(asked) == {
        "person:a": some,
        "role:user": SpendingLimits(messages_a_minute=3),
    }
    budgets.set_limits("person:a", SpendingLimits(usd_a_month=2.0))
    budgets.set_limits("role:user", NO_LIMITS)
    assert budgets.limits(asked) == {"person:a": SpendingLimits(usd_a_month=2.0)}
    assert budgets.limits([]) == {}
