"""What is used of models, by day, person and model: as plots, as tables, and as a file."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from urllib.parse import urlencode

from fastapi import Request, Response

from chat.core.messages import now
from chat.core.spending import day_of
from chat.core.usage_sums import UsageRow, UsageSum
from chat.gateway.quota_words import usd
from chat.turns.app_state import AppState
from chat.web.admin.charts import bars, share
from chat.web.admin.csv_file import csv_file
from chat.web.admin.days import USUAL, Days, chooser, days_of
from chat.web.admin.shell import Reader, name_in, names_of, page, reader_of, table
from chat.web.routes import Routes

HEADS = (
    "Cost", "Replies", "Requests", "Failed", "Pictures", "Tokens in", "Tokens out",
    "Without a price",
)  # fmt: skip
DAYS_AT_ONCE = 31
FILE_HEADS = (
    "day", "person", "person id", "model", "cost_usd", "replies", "requests", "failed",
    "pictures", "input_tokens", "output_tokens", "requests_without_price",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Measure:
    """What the bars stand for."""

    title: str
    of: Callable[[UsageSum], float]
    told: Callable[[float], str]


def _whole(value: float) -> str:
    return f"{value:,.0f}"


MEASURES: Mapping[str, _Measure] = {
    "cost": _Measure("Cost", lambda used: used.usd, usd),
    "replies": _Measure("Replies", lambda used: used.replies, _whole),
    "pictures": _Measure("Pictures", lambda used: used.pictures, _whole),
    "tokens": _Measure("Tokens", lambda used: used.input_tokens + used.output_tokens, _whole),
}


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the store says of a range of days."""

    names: Mapping[str, str]
    by_day: Mapping[str, UsageSum]
    by_owner: Sequence[tuple[str, UsageSum]]
    by_model: Sequence[tuple[str, UsageSum]]
    owners: Sequence[str]
    models: Sequence[str]
    """That there is anything of in these days, whoever is chosen."""


def router(app_state: AppState, *, closed: bool, clock: Callable[[], datetime] = now) -> Routes:
    """``/admin/usage``, and the same as a file."""
    pages = Routes("/admin")
    store, titles = app_state.conversations, app_state.names.models

    def sums(days: Days, owner: str, model: str) -> _Sums:
        usage, ends = store.usage, (days.since, days.until)
        owners, models = usage.totals("owner", *ends), usage.totals("model", *ends)
        narrowed = bool(owner or model)
        return _Sums(
            names_of(store),
            dict(usage.totals("day", *ends, owner=owner, model=model)),
            usage.totals("owner", *ends, owner=owner, model=model) if narrowed else owners,
            usage.totals("model", *ends, owner=owner, model=model) if narrowed else models,
            [each for each, _ in owners],
            [each for each, _ in models],
        )

    def title_of(model: str) -> str:
        return titles.get(model, model)

    @pages.get("/usage")
    async def shown(request: Request) -> Response:
        reader = await reader_of(request, closed=closed, managers=True)
        fields, why = dict(request.query_params), ""
        today = day_of(clock())
        try:
            days = days_of(fields, today)
        except ValueError as wrong:
            why, days = str(wrong), days_of({"range": USUAL}, today)
        owner, model = fields.get("person", ""), fields.get("model", "")
        found = await asyncio.to_thread(sums, days, owner, model)
        body = _body(reader, found, days, fields, title_of)
        return page(reader, "usage", body, status=400 if why else 200, why=why)

    @pages.get("/usage.csv")
    async def file(request: Request) -> Response:
        await reader_of(request, closed=closed, managers=True)
        fields = dict(request.query_params)
        try:
            days = days_of(fields, day_of(clock()))
        except ValueError:
            days = days_of({"range": USUAL}, day_of(clock()))
        owner, model = fields.get("person", ""), fields.get("model", "")
        names = await asyncio.to_thread(names_of, store)
        # Of a month at a time: a year of many people is a large file.
        parts = (
            [cells(names, row) for row in store.usage.rows(*ends, owner=owner, model=model)]
            for ends in days.parts(DAYS_AT_ONCE)
        )
        return csv_file(f"usage-{days.since}-{days.until}.csv", FILE_HEADS, parts)

    return pages


def _body(
    reader: Reader,
    found: _Sums,
    days: Days,
    fields: Mapping[str, str],
    title_of: Callable[[str], str],
) -> str:
    total = sum(found.by_day.values(), UsageSum())
    if fields.get("measure", "") not in MEASURES:
        # Where nothing has cost anything, bars of it would be an empty field.
        fields = {**fields, "measure": "cost" if total.usd else "replies"}
    measure = MEASURES[fields["measure"]]
    told = [_form(reader, found, days, fields, title_of)]
    told.append(f"<p>{_ABOUT}</p>")
    facts = zip(HEADS, _figures(total), strict=True)
    told.append('<dl class="facts">')
    told += [f"<div><dt>{escape(head)}</dt><dd>{figure}</dd></div>" for head, figure in facts]
    told.append("</dl>")
    by_day = [(day, found.by_day.get(str(day), UsageSum())) for day in days.each]
    values = [(_day(day), measure.of(used)) for day, used in by_day]
    told.append(bars("by-day", f"{measure.title} by day", values, measure.told))

    def named(rows: Sequence[tuple[str, UsageSum]], name: Callable[[str], str]) -> list[list[str]]:
        ranked = sorted(rows, key=lambda each: (-measure.of(each[1]), each[0]))
        most = max((measure.of(used) for _, used in ranked), default=0.0)
        return [
            [f"{escape(name(key))}{share(measure.of(used), most)}", *_figures(used)]
            for key, used in ranked
        ]

    if reader.apart or len(found.owners) > 1:
        people = named(found.by_owner, lambda owner: name_in(found.names, owner))
        told.append(table("By person", ("Person", *HEADS), people, 1))
    told.append(table("By model", ("Model", *HEADS), named(found.by_model, title_of), 1))
    rows = [[_day(day), *_figures(used)] for day, used in reversed(by_day) if used != UsageSum()]
    told.append(table("By day", ("Day", *HEADS), rows, 1))
    kept = {name: fields[name] for name in ("person", "model") if fields.get(name)}
    query = escape(urlencode({**days.query, **kept}))
    told.append(
        f'<p><a href="{escape(reader.root)}/admin/usage.csv?{query}" download>'
        "Download as a CSV file</a>, a row for each day, person and model.</p>"
    )
    return "".join(told)


def _form(
    reader: Reader,
    found: _Sums,
    days: Days,
    fields: Mapping[str, str],
    title_of: Callable[[str], str],
) -> str:
    def select(name: str, label: str, every: str, options: Mapping[str, str]) -> str:
        chosen = fields.get(name, "")
        if chosen and chosen not in options:
            options = {**options, chosen: chosen}
        first = f'<option value="">{every}</option>' if every else ""
        selected = " selected"
        return (
            f'<label>{label} <select name="{name}">{first}'
            + "".join(
                f'<option value="{escape(value)}"{selected if value == chosen else ""}>'
                f"{escape(words)}</option>"
                for value, words in options.items()
            )
            + "</select></label>"
        )

    people = {owner: name_in(found.names, owner) for owner in found.owners}
    models = {model: title_of(model) for model in found.models}
    measures = {name: each.title for name, each in MEASURES.items()}
    chosen = chooser(fields, days)
    if reader.apart or len(people) > 1:
        chosen += select("person", "Person", "everybody", people)
    return (
        f'<form class="row" method="get" action="{escape(reader.root)}/admin/usage">{chosen}'
        f"{select('model', 'Model', 'all', models)}{select('measure', 'Bars show', '', measures)}"
        '<button class="first">Show</button></form>'
    )


def _figures(used: UsageSum) -> list[str]:
    numbers = (
        used.replies, used.calls, used.failed, used.pictures, used.input_tokens,
        used.output_tokens, used.unpriced,
    )  # fmt: skip
    return [escape(usd(used.usd)), *(f"{each:,}" for each in numbers)]


def cells(names: Mapping[str, str], row: UsageRow) -> tuple[object, ...]:
    """A row of the file."""
    used = row.used
    return (
        row.day.isoformat(), name_in(names, row.owner), row.owner, row.model, f"{used.usd:.6f}",
        used.replies, used.calls, used.failed, used.pictures, used.input_tokens,
        used.output_tokens, used.unpriced,
    )  # fmt: skip


def _day(day: date) -> str:
    return day.isoformat()


_ABOUT = (
    "Days are those of UTC. Sums stay when a conversation is deleted. A reply counts for the model "
    "that was asked first; requests are all that went out, those tried again elsewhere, too. Cost "
    "is what is known of it: requests without a price may have cost something."
)
