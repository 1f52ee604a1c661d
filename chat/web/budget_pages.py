"""What people have spent and what they may, for who looks after them, as a plain page."""

import asyncio
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from html import escape

from starlette.types import Scope

from chat.core.people import KEY_ROLE, MANAGED, People, Person, Role
from chat.core.spending import (
    EVERYBODY,
    NO_LIMITS,
    SpendingLimits,
    Spent,
    person_subject,
    role_subject,
)
from chat.gateway.quota_words import usd
from chat.gateway.quotas import Quotas
from chat.web.admin.shell import STYLES, navigation
from chat.web.audit_trail import AuditTrail
from chat.web.forms import Form
from chat.web.plain_page import page_of
from chat.web.replies import Reply
from chat.web.root_path import root_of

log = logging.getLogger("easel")

TITLES = {
    "usd_a_day": "USD a day",
    "usd_a_month": "USD a month",
    "pictures_a_day": "Pictures a day",
    "pictures_a_month": "Pictures a month",
    "messages_a_minute": "Messages a minute",
    "replies_at_once": "Replies at once",
}
ROLES: Mapping[Role | str, str] = {
    "user": "Each user",
    "guest": "Each guest",
    "manager": "Each manager",
    "administrator": "Each administrator",
    KEY_ROLE: "Each key of the host",
}
MOST = 1_000_000_000

NOBODY = "There is nobody of that name."
NOT_YOURS = "Only an administrator sets that."


@dataclass(frozen=True, slots=True)
class _Account:
    """Whose limits may be changed."""

    subject: str
    title: str
    limits: SpendingLimits
    """As they hold."""
    own: SpendingLimits
    """As they were set here."""
    spent: Spent | None = None
    role: Role | str = KEY_ROLE
    """Of whom it is, or which it is."""


class BudgetPages:
    """The page of one Easel."""

    def __init__(self, quotas: Quotas, people: People, trail: AuditTrail) -> None:
        """Show and change these; ``trail`` writes down who did."""
        self._trail = trail
        self._quotas = quotas
        self._people = people

    async def answer(self, scope: Scope, form: Form, reader: Person) -> Reply | None:
        """The page, or what becomes of a form of it; ``None``: it is asked for otherwise."""
        if scope["method"] == "GET":
            return await self._page(scope, reader)
        if scope["method"] == "POST":
            return await self._change(scope, form, reader)
        return None

    async def _change(self, scope: Scope, form: Form, reader: Person) -> Reply:
        subject = form("subject")
        everybody = await asyncio.to_thread(self._people.everybody)
        known = {each.subject: each for each in self._subjects(everybody)}
        if subject not in known:
            return await self._page(scope, reader, status=404, why=NOBODY)
        if not _may_set(reader, known[subject]):
            return await self._page(scope, reader, status=403, why=NOT_YOURS)
        try:
            limits = read_limits(form)
        except ValueError as wrong:
            return await self._page(
                scope, reader, status=400, why=str(wrong), at=subject, form=form
            )
        await asyncio.to_thread(self._quotas.store.set_limits, subject, limits)
        log.info("%s has set the budget of %s", reader.name or reader.id, subject)
        set_now = {
            each.name: _written(limits, each.name)
            for each in fields(limits)
            if getattr(limits, each.name) is not None
        }
        await self._trail.note(
            scope,
            "budget_changed",
            set_now or {"limits": "none"},
            actor=reader,
            subject=subject.removeprefix("person:"),
            subject_name=known[subject].title,
        )
        return Reply(303, to=f"{root_of(scope)}/people/budgets")

    def _subjects(self, everybody: Sequence[Person]) -> list[_Account]:
        """All whose limits may be changed, without what holds for them."""
        roles = [
            _Account(role_subject(role), title, NO_LIMITS, NO_LIMITS, role=role)
            for role, title in ROLES.items()
        ]
        people = [
            _Account(
                person_subject(each.id),
                each.title or each.name,
                NO_LIMITS,
                NO_LIMITS,
                role=each.role,
            )
            for each in everybody
        ]
        return [*roles, *people]

    def _accounts(self) -> tuple[list[_Account], Spent]:
        """Everybody with what holds for them, and what all have spent; for a thread."""
        quotas, everybody = self._quotas, self._people.everybody()
        subjects = self._subjects(everybody)
        kept = quotas.store.limits([each.subject for each in subjects])
        rules, found = quotas.rules, []
        for role, title in ROLES.items():
            subject = role_subject(role)
            own = kept.get(subject, NO_LIMITS)
            above = rules.roles.get(role, NO_LIMITS).before(rules.everybody)
            found.append(_Account(subject, title, own.before(above), own, role=role))
        for person in everybody:
            subject = person_subject(person.id)
            found.append(
                _Account(
                    subject,
                    person.title or person.name,
                    quotas.of_now(person.id),
                    kept.get(subject, NO_LIMITS),
                    quotas.spent_now(person.id),
                    person.role,
                )
            )
        return found, quotas.spent_now(EVERYBODY)

    async def _page(
        self,
        scope: Scope,
        reader: Person,
        *,
        status: int = 200,
        why: str = "",
        at: str = "",
        form: Form | None = None,
    ) -> Reply:
        accounts, together = await asyncio.to_thread(self._accounts)
        root = escape(root_of(scope))
        told = [f'<p role="alert">{escape(why)}</p>' if why else ""]
        told.append(f"<p>{_ABOUT}</p>")
        told.append(f"<p>All together: {_spent_words(together, self._quotas.rules.instance)}</p>")
        told.append("<ul>")
        told += [
            _row(
                root,
                each,
                form if each.subject == at else None,
                opened=each.subject == at,
                changed=_may_set(reader, each),
            )
            for each in accounts
        ]
        told.append("</ul>")
        ways = navigation(root_of(scope), reader, "budgets")
        whole = page_of("Budgets", f"{STYLES}{ways}{''.join(told)}", wide=True)
        return Reply(status, sentence=why, page=whole)


def read_limits(form: Form) -> SpendingLimits:
    """Limits as somebody wrote them; an empty field is none. Raises ``ValueError``, to be shown."""
    found: dict[str, float | int] = {}
    for name, title in TITLES.items():
        written = form(name).strip().replace(",", ".")
        if not written:
            continue
        whole = not name.startswith("usd")
        if not re.fullmatch(r"[0-9]{1,10}" if whole else r"[0-9]{1,10}(\.[0-9]{1,6})?", written):
            kind = "a whole number" if whole else "an amount such as 2.50"
            raise ValueError(f"{title} is {kind}, or empty for what holds without it.")
        value = int(written) if whole else float(written)
        least = 1 if name in {"messages_a_minute", "replies_at_once"} else 0
        if not least <= value <= MOST:
            raise ValueError(f"{title} is {least} to {MOST:,}.")
        found[name] = value
    return SpendingLimits(**found)  # type: ignore[arg-type] # whole where it has to be


def _may_set(reader: Person, account: _Account) -> bool:
    """Whether somebody sets these limits: managers those of users and guests alone."""
    return reader.role == "administrator" or (reader.manages and account.role in MANAGED)


def _row(root: str, account: _Account, form: Form | None, *, opened: bool, changed: bool) -> str:
    inputs = "".join(
        f'<label>{TITLES[each.name]} <input name="{each.name}" inputmode="decimal" '
        f'value="{escape(form(each.name) if form else _written(account.own, each.name))}" '
        f'placeholder="{escape(_written(account.limits, each.name) or "no limit")}" '
        'autocomplete="off" maxlength="20"></label>'
        for each in fields(SpendingLimits)
    )
    words = (
        _limit_words(account.limits)
        if account.spent is None
        else _spent_words(account.spent, account.limits)
    )
    title = escape(account.title)
    if not changed:
        return f'<li><b>{title}</b> <span class="more">{words}</span></li>'
    return (
        f'<li><b>{title}</b> <span class="more">{words}</span>'
        f"<details{' open' if opened else ''}><summary>Change: {title}</summary>"
        f'<form method="post" action="{root}/people/budgets">'
        f'<input type="hidden" name="subject" value="{escape(account.subject)}">{inputs}'
        f'<button class="first" aria-label="Set: {title}">Set</button></form></details></li>'
    )


def _written(limits: SpendingLimits, name: str) -> str:
    value = getattr(limits, name)
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _limit_words(limits: SpendingLimits) -> str:
    told = [
        f"{TITLES[each.name]}: {_written(limits, each.name)}"
        for each in fields(SpendingLimits)
        if getattr(limits, each.name) is not None
    ]
    return escape(" · ".join(told) or "no limit")


def _spent_words(spent: Spent, limits: SpendingLimits) -> str:
    def of(limit: float | None) -> str:
        return "" if limit is None else f" of {usd(limit)}"

    def count(limit: int | None) -> str:
        return "" if limit is None else f" of {limit}"

    rows = (
        ("today", spent.day, limits.usd_a_day, limits.pictures_a_day),
        ("this month", spent.month, limits.usd_a_month, limits.pictures_a_month),
    )
    told = [
        f"{when} {usd(each.usd)}{of(most_usd)}, {each.pictures}{count(most)} pictures"
        for when, each, most_usd, most in rows
    ]
    return escape(" · ".join(told))


_ABOUT = (
    "Days and months are those of UTC. What is set for a person comes before what is set for a "
    "role, and that before the file of the host; an empty field takes what holds without it."
)
