"""Who looks after an Easel sees what is used and what was done; nobody else finds those pages."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from chat.core.audit import AuditEntry
from chat.core.people import Person, Role
from chat.core.usage_sums import UsageRow, UsageSum
from chat.turns.app_state import LOCAL_OWNER
from chat.web.admin.csv_file import csv_text
from chat.web.admin.sections import Administration
from chat.web.app import build_web
from chat.web.owner import PERSON, local_owner, signed_in_owner
from tests.unit.turns.workshop import Workshop
from tests.unit.web.studio import ASSETS, app_state_of

MOMENT = datetime(2026, 12, 1, 9, tzinfo=UTC)
TODAY = MOMENT.date()
PAGES = ["/admin", "/admin/usage", "/admin/usage.csv", "/admin/audit", "/admin/audit.csv",
         "/admin/running", "/admin/providers", "/admin/storage", "/admin/retention"]  # fmt: skip
TWO_USD = UsageSum(1, 1, usd=2.0)
OF_MANAGERS = {"/admin/running", "/admin", "/admin/usage", "/admin/usage.csv"}


@asynccontextmanager
async def pages(
    shop: Workshop,
    role: Role | None = "administrator",
    *,
    closed: bool = False,
    parts: Administration | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    """The routes as somebody of a role meets them; ``None``: nobody is told apart."""
    web = build_web(
        app_state_of(shop), str(ASSETS), lambda: None, lambda: None,
        local_owner if role is None else signed_in_owner,
        administration=parts or Administration(closed=closed, clock=lambda: MOMENT),
    )  # fmt: skip

    async def served(scope, receive, send):  # type: ignore[no-untyped-def] # as ASGI has it
        who = {} if role is None else {PERSON: Person("ada", "ada", "Ada", role)}
        await web({**scope, **who}, receive, send)

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(served), base_url="http://easel"
    ) as http:
        yield http


def used(shop: Workshop) -> None:
    """Ada and Bob have asked two models in the last weeks, and something long ago."""
    shop.store.people.add(Person("ada", "ada", "Ada <b>", "administrator"))
    shop.store.usage.add(
        [
            UsageRow("ada", TODAY, "model", UsageSum(3, 4, 1, 1000, 500, 2, 1.5, 1)),
            UsageRow("bob-who-is-gone", TODAY - timedelta(days=3), "model", TWO_USD),
            UsageRow("key:=cmd", TODAY - timedelta(days=29), "<other>", UsageSum(5, 5, pictures=7)),
            UsageRow("ada", TODAY - timedelta(days=40), "model", UsageSum(100, 100, usd=100.0)),
        ]
    )


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("role", "closed"),
    [
        ("administrator", False), ("manager", False), ("user", False), ("guest", False),
        (None, False), (None, True),
    ],
)  # fmt: skip
async def test_only_those_who_look_after_an_easel_find_its_pages(
    path: str, role: Role | None, closed: bool
) -> None:
    async with pages(Workshop([]), role, closed=closed) as http:
        answer = await http.get(path)
    let_in = role == "administrator" or (role is None and not closed)
    if let_in or (role == "manager" and path in OF_MANAGERS):
        assert answer.status_code == (303 if path == "/admin" else 200)
        html = path != "/admin" and not path.endswith(".csv")
        assert ("Audit log" in answer.text) == (let_in and html)
        assert ("/people" in answer.text) == (role is not None and html)
    else:
        assert (answer.status_code, set(answer.json())) == (404, {"error"})


async def test_use_is_shown_by_person_model_and_day_for_the_days_that_are_chosen() -> None:
    shop = Workshop([])
    used(shop)
    async with pages(shop) as http:
        usual = (await http.get("/admin/usage")).text
        assert "<dd>$3.50</dd>" in usual
        for shown in ("Ada &lt;b&gt;", "gone (bob-who-", "Key =cmd", "The Model", "&lt;other&gt;"):
            assert shown in usual, shown
        assert usual.count('<rect class="bar" x=') == 2
        assert "$100" not in usual
        year = (await http.get("/admin/usage", params={"range": "365"})).text
        assert "<dd>$103.50</dd>" in year
        week = {"range": "own", "since": "2026-11-25", "until": "2026-12-01"}
        ada = (await http.get("/admin/usage", params={**week, "person": "ada"})).text
        assert "<dd>$1.50</dd>" in ada
        pictures = {"measure": "pictures", "model": "<other>"}
        other = (await http.get("/admin/usage", params=pictures)).text
        assert "Pictures by day" in other
        assert "the most is 7 on 2026-11-02" in other


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("30.11.2026", "2026-12-01", "A day is written like 2026-11-30."),
        ("2026-12-02", "2026-12-01", "The first day comes before the last."),
        ("1026-12-02", "2026-12-01", "more than ten years"),
        ("", "", "A day is written like"),
    ],
)
@pytest.mark.parametrize("path", ["/admin/usage", "/admin/audit"])
async def test_days_that_make_no_sense_are_said_and_stay_as_they_were_typed(
    path: str, since: str, until: str, words: str
) -> None:
    async with pages(Workshop([])) as http:
        asked = {"range": "own", "since": since, "until": until}
        answer = await http.get(path, params=asked)
        assert (answer.status_code, words in answer.text) == (400, True)
        assert not since or f'value="{since}"' in answer.text
        assert (await http.get(f"{path}.csv", params=asked)).status_code == 200


async def test_the_file_of_use_has_every_figure_and_nothing_that_a_spreadsheet_runs() -> None:
    shop = Workshop([])
    used(shop)
    async with pages(shop) as http:
        answer = await http.get("/admin/usage.csv", params={"range": "365"})
    assert "usage-2025-12-02-2026-12-01.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert sum(float(row["cost_usd"]) for row in rows) == 103.5
    assert [row["person"] for row in rows] == ["Ada <b>", "Key =cmd", "gone (bob-who-)", "Ada <b>"]
    assert rows[-1] | {"day": ""} == {
        "day": "", "person": "Ada <b>", "person id": "ada", "model": "model",
        "cost_usd": "1.500000", "replies": "3", "requests": "4", "failed": "1", "pictures": "2",
        "input_tokens": "1000", "output_tokens": "500", "requests_without_price": "1",
    }  # fmt: skip
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_no_cell_is_reckoned_whichever_sign_parts_cells_where_it_is_opened(sign: str) -> None:
    befores = ("", " ", "\t", "x;", "x; ", 'x;"', "x,", "x\t", "x\n", "x\r\n")
    text = csv_text([["name", "n"], *([f"{each}{sign}1+1", 1] for each in befores)])
    for delimiter in ",;\t":
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            for line in (line for cell in row for line in cell.splitlines()):
                assert not line.strip(' \t"').startswith(sign), (delimiter, row)
    assert csv_text([["gpt-5; a-b", -1]]) == '"gpt-5; a-b",-1\r\n'


async def test_the_audit_log_is_shown_narrowed_down_and_read_on() -> None:
    shop = Workshop([])
    shop.store.people.add(Person("ada", "ada", "Ada", "administrator"))
    for number in range(105):
        at = MOMENT - timedelta(minutes=number)
        shop.store.audit.add(AuditEntry("signed_in", "ada", "ada", address="192.0.2.1", at=at))
    shop.store.audit.add(
        AuditEntry(
            "role_changed", "ada", "ada", "bob", "=bob <i>", "192.0.2.1", {"role": "manager"},
            MOMENT - timedelta(days=2),
        )
    )  # fmt: skip
    async with pages(shop) as http:
        first = (await http.get("/admin/audit")).text
        assert first.count("<tr>") == 101
        older = first.partition('<a href="/admin/audit?')[2].partition('"')[0]
        second = (await http.get(f"/admin/audit?{older.replace('&amp;', '&')}")).text
        assert second.count("<tr>") == 7
        assert "=bob &lt;i&gt;" in second
        assert "role: manager" in second
        changed = (await http.get("/admin/audit", params={"act": "role_changed"})).text
        assert changed.count("<tr>") == 2
        nobody = (await http.get("/admin/audit", params={"person": "eve"})).text
        assert "Nothing was done in these days." in nobody
        file = (await http.get("/admin/audit.csv")).text
        rows = list(csv.DictReader(io.StringIO(file.removeprefix("\ufeff"))))
        assert len(rows) == 106
        assert rows[-1]["whom"] == "'=bob <i>"


async def test_with_a_hundred_thousand_replies_the_page_reads_a_row_a_day_and_model() -> None:
    """However many replies were counted, no more rows are read than there are sums."""
    shop = Workshop([])
    row = UsageRow(LOCAL_OWNER, date(2026, 11, 30), "model", UsageSum(1, 1, usd=0.01))
    for _ in range(1000):
        shop.store.usage.add([row] * 100)
    assert len(shop.store.usage.rows(date.min, date.max)) == 1
    async with pages(shop, None) as http:
        told = (await http.get("/admin/usage")).text
    assert "<dd>100,000</dd>" in told
    assert "By person" not in told
