"""Who did what is written down where it is done, once, without a secret or a word that was said."""

from datetime import timedelta
from ipaddress import ip_network

import httpx

from chat.core.audit import AuditEntry, AuditQuery
from chat.core.events import TextDelta
from chat.core.spending import person_subject
from chat.gateway.quotas import Quotas
from chat.trusted_header import TrustedHeader
from chat.web.access import Access, AccessMiddleware
from chat.web.forwarded import ForwardedHeaders
from chat.web.header_login import HeaderLogin
from chat.web.security import SecurityMiddleware
from storage.memory_audit import MemoryAudit
from storage.memory_people import MemoryPeople
from storage.memory_personal_keys import MemoryPersonalKeys
from storage.memory_spending import MemorySpending
from tests.serving import served
from tests.unit.turns.workshop import DONE, Workshop
from tests.unit.web.signed_in import (
    GUESTS,
    KEY,
    PASSWORD,
    PHRASE,
    SETUP,
    USERS,
    Browser,
    House,
    accepted,
    administrator,
    invited,
    small_app,
)
from tests.unit.web.studio import opened


def written(log: MemoryAudit) -> list[AuditEntry]:
    """Every entry, the first first."""
    return list(reversed(log.entries(AuditQuery(), 1000)))


def acts(log: MemoryAudit) -> list[tuple[str, str, str]]:
    return [(each.actor_name, each.act, each.subject_name) for each in written(log)]


def test_what_people_and_administrators_do_at_the_login_is_written_down_in_order() -> None:
    log = MemoryAudit()
    made = House(USERS, setup=SETUP, audit=log)
    made.keys = MemoryPersonalKeys(made.people)
    made.quotas = Quotas(MemorySpending(), made.people, clock=lambda: made.clock.moment)
    told: list[tuple[str, str, str]] = []

    def since() -> list[tuple[str, str, str]]:
        """What is new, a second later."""
        made.clock.moment += timedelta(seconds=1)
        new = acts(log)[len(told) :]
        told.extend(new)
        return sorted(new)

    with made.served() as port, Browser(port) as ada, Browser(port) as bob:
        administrator(made, ada)
        assert since() == [("ada", "account_begun", ""), ("ada", "signed_in", "")]
        token = invited(ada, "bob")
        assert since() == [("ada", "person_added", "bob")]
        accepted(bob, token)
        assert since() == [("bob", "account_begun", ""), ("bob", "signed_in", "")]
        his = str(bob.who())
        page = bob.form("/account/keys", key_name="laptop", lasts="30", scope_read="1")
        assert since() == [("bob", "key_made", "laptop")]
        key_id = made.keys.of(his)[0].id
        bob.form("/account/keys/revoke", key=key_id)
        assert since() == [("bob", "key_revoked", "laptop")]
        bob.form("/account/keys/revoke", key=key_id)
        assert since() == []
        new = "ten grey herons"
        bob.form("/account/password", old=PASSWORD, password=new, again=new)
        assert since() == [("bob", "password_changed", "")]
        ada.form("/people/budgets", subject=person_subject(his), usd_a_day="2")
        assert since() == [("ada", "budget_changed", "Bob")]
        assert dict(written(log)[-1].facts) == {"usd_a_day": "2"}
        for act, noted in {
            "manager": "role_changed", "out": "person_signed_out", "shut": "person_shut_out",
            "open": "person_let_in", "link": "link_made", "nonsense": "",
        }.items():  # fmt: skip
            ada.form("/people/change", person=his, act=act)
            assert since() == ([("ada", noted, "bob")] if noted else []), act
        with Browser(port) as eve:
            for _ in range(12):
                eve.sign_in("bob", "wrong")
        assert since() == [("", "tries_used_up", "bob")]
        ada.form("/access/leave")
        assert since() == [("ada", "signed_out", "")]
    whole = str(written(log))
    for secret in (SETUP, token, PASSWORD, new, "sk-easel-", "wrong"):
        assert secret not in whole
    assert "sk-easel-" in page.text
    assert {each.address for each in written(log)} == {"127.0.0.1"}


def test_guests_and_those_with_the_pass_phrase_are_written_down_too() -> None:
    log = MemoryAudit()
    made = House(GUESTS, audit=log)
    with made.served() as port, Browser(port) as eve:
        for _ in range(12):
            eve.come_in("a wrong phrase")
        assert acts(log) == [("", "tries_used_up", "")]
        made.clock.now_s += 1000
        eve.come_in(title="Eve")
        assert sorted(acts(log)) == [("", "tries_used_up", ""), ("Eve", "signed_in", "")]

    log = MemoryAudit()
    asks = AccessMiddleware(small_app(), Access(PHRASE, asks=True), KEY, audit=log)
    with served(SecurityMiddleware(asks, made.policy)) as port, Browser(port) as eve:
        for _ in range(12):
            eve.form("/access/enter", phrase="a wrong phrase")
        assert acts(log) == [("", "tries_used_up", "")]
    log = MemoryAudit()
    asks = AccessMiddleware(small_app(), Access(PHRASE, asks=True), KEY, audit=log)
    with served(SecurityMiddleware(asks, made.policy)) as port, Browser(port) as eve:
        eve.form("/access/enter", phrase=PHRASE)
    assert acts(log) == [("Host", "signed_in", "")]
    assert PHRASE not in str(written(log))


async def test_exports_and_the_end_of_conversations_are_written_down_without_their_words() -> None:
    shop = Workshop([[TextDelta("a word"), DONE]])
    log = shop.store.audit
    assert isinstance(log, MemoryAudit)
    async with opened(shop) as made:
        conversation = await made.begin()
        await shop.jobs.wait((await made.ask(conversation))["reply"])
        secret = "the heron in the attic"
        await made.http.post(f"/api/conversations/{conversation}/title", json={"title": secret})
        for query in ("", "?check=true"):
            for path in ("export", "page"):
                await made.http.get(f"/api/conversations/{conversation}/{path}{query}")
        await made.http.post("/api/export", data={"conversation": conversation})
        await made.http.delete(f"/api/conversations/{conversation}")
        await made.http.delete("/api/bin")
        await made.http.delete("/api/bin")
        facts = [(each.act, dict(each.facts)) for each in written(log)]
    assert facts == [
        ("exported", {"conversations": "1", "form": "zip"}),
        ("exported", {"conversations": "1", "form": "page"}),
        ("exported", {"conversations": "1", "form": "zip"}),
        ("erased", {"conversations": "1"}),
    ]
    assert secret not in str(written(log))


async def test_what_a_proxy_says_of_somebody_is_written_down_when_it_is_new() -> None:
    log, people = MemoryAudit(), MemoryPeople()
    trusted = TrustedHeader(
        (ip_network("127.0.0.1"),),
        groups_header="remote-groups",
        administrator_groups=frozenset({"admins"}),
    )
    inside = HeaderLogin(small_app(), trusted, people, KEY, audit=log)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(ForwardedHeaders(inside, {})), base_url="http://easel"
    ) as http:
        many = ",".join(f"{number:03} {'x' * 99}" for number in range(50))
        for groups in ("", "", "admins", "admins", f"admins,{many}"):
            await http.get("/", headers={"Remote-User": "bob", "Remote-Groups": groups})
    assert sorted(acts(log)) == [
        ("bob", "account_begun", ""),
        ("bob", "groups_changed", "bob"),
        ("bob", "groups_changed", "bob"),
        ("bob", "role_changed", "bob"),
    ]
    named = {each.facts["groups"] for each in log.entries(AuditQuery(act="groups_changed"), 9)}
    cut = ", ".join(f"{number:03} {'x' * 55}…" for number in range(2))
    assert named == {"admins", f"{cut} and 49 more"}
    (changed,) = log.entries(AuditQuery(act="role_changed"), 9)
    assert dict(changed.facts) == {"role": "administrator", "by": "proxy"}
