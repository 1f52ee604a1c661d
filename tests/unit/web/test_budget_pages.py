"""An administrator sees what people spend, and sets what they may; nobody else does."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chat.core.spending import (
    Amount,
    SpendingLimits,
    day_of,
    person_subject,
    role_subject,
)
from chat.gateway.quota_file import QuotaRules
from chat.gateway.quotas import Quotas
from storage.memory_spending import MemorySpending
from tests.unit.web.signed_in import SETUP, USERS, Browser, House, accepted, administrator, invited

HOST = QuotaRules(
    SpendingLimits(usd_a_day=2.0), {"user": SpendingLimits(pictures_a_day=7)},
    SpendingLimits(usd_a_month=50.0),
)  # fmt: skip


@contextmanager
def house() -> Iterator[tuple[House, Quotas, Browser, Browser, str]]:
    """The administrator Ada, the user Bob and his id."""
    made = House(USERS, setup=SETUP)
    quotas = Quotas(MemorySpending(), made.people, HOST, clock=lambda: made.clock.moment)
    made.quotas = quotas
    with made.served() as port, Browser(port) as ada, Browser(port) as bob:
        administrator(made, ada)
        accepted(bob, invited(ada, "bob"))
        yield made, quotas, ada, bob, str(bob.who())


async def test_what_an_administrator_sets_holds_and_can_be_taken_back() -> None:
    with house() as (made, quotas, ada, _, bob):
        quotas.store.add(bob, Amount(1.25, 3), day_of(made.clock.moment))
        told = ada.get("/people/budgets").text
        assert "today $1.25 of $2.00, 3 of 7 pictures" in told
        assert "All together: today $1.25, 3 pictures · this month $1.25 of $50.00" in told
        form = {"subject": person_subject(bob), "usd_a_day": "0,50", "replies_at_once": "1"}
        assert ada.form("/people/budgets", **form).status_code == 303
        ada.form("/people/budgets", subject=role_subject("user"), usd_a_month="9")
        assert await quotas.of(bob) == SpendingLimits(0.5, 9.0, 7, None, None, 1)
        assert re.search(r'name="usd_a_day"[^>]*value="0.5"', ada.get("/people/budgets").text)
        ada.form("/people/budgets", subject=person_subject(bob))
        assert await quotas.of(bob) == SpendingLimits(2.0, 9.0, 7)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"usd_a_day": "two"}, "USD a day is an amount such as 2.50"),
        ({"usd_a_day": "-1"}, "USD a day is an amount"),
        ({"usd_a_day": "1e9"}, "USD a day is an amount"),
        ({"pictures_a_day": "1.5"}, "Pictures a day is a whole number"),
        ({"replies_at_once": "0"}, "Replies at once is 1 to"),
        ({"usd_a_month": "9999999999"}, "USD a month is 0 to"),
    ],
)
async def test_what_makes_no_sense_is_said_and_nothing_typed_is_lost(
    fields: dict[str, str], words: str
) -> None:
    with house() as (_, quotas, ada, _, bob):
        form = {"subject": person_subject(bob), "messages_a_minute": "31", **fields}
        refused = ada.form("/people/budgets", **form)
        assert refused.status_code == 400
        assert words in refused.text
        assert 'value="31"' in refused.text
        (typed,) = fields.values()
        assert f'value="{typed}"' in refused.text
        assert await quotas.of(bob) == SpendingLimits(2.0, None, 7)
        missing = ada.form("/people/budgets", subject="person:nobody", usd_a_day="1")
        assert missing.status_code == 404


async def test_nobody_but_an_administrator_sees_or_sets_a_budget() -> None:
    with house() as (_, quotas, _, bob, his), Browser(bob.port) as stranger:
        form = {"subject": person_subject(his), "usd_a_day": "1000000"}
        assert bob.get("/people/budgets").status_code == 404
        assert bob.form("/people/budgets", **form).status_code == 404
        assert stranger.get("/people/budgets").status_code == 401
        assert stranger.form("/people/budgets", **form).status_code == 401
        assert await quotas.of(his) == SpendingLimits(2.0, None, 7)


async def test_a_manager_sees_what_everybody_spends_and_sets_budgets_of_users_alone() -> None:
    with house() as (made, quotas, ada, mae, hers):
        ada.form("/people/change", person=hers, act="manager")
        ada_id = str(ada.who())
        quotas.store.add(ada_id, Amount(1.25, 3), day_of(made.clock.moment))
        with Browser(ada.port) as dan:
            accepted(dan, invited(ada, "dan"))
            his = str(dan.who())
        page = mae.get("/people/budgets").text
        assert "today $1.25" in page
        assert "Change: Dan" in page
        assert "Change: Ada" not in page
        for subject, status in (
            (person_subject(his), 303), (role_subject("user"), 303), (role_subject("guest"), 303),
            (person_subject(hers), 403), (person_subject(ada_id), 403),
            (role_subject("manager"), 403), (role_subject("administrator"), 403),
            (role_subject("key"), 403), ("person:nobody", 404),
        ):  # fmt: skip
            set_so = mae.form("/people/budgets", subject=subject, usd_a_day="0.5")
            assert set_so.status_code == status, subject
            kept = quotas.store.limits([subject]).get(subject, SpendingLimits())
            assert (kept.usd_a_day == 0.5) == (status == 303), subject
            assert ada.form("/people/budgets", subject=subject).status_code in {303, 404}
