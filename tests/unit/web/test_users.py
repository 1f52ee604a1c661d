"""Who has a password is let in with it, for a while, and is out when they or others say so."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from argon2 import PasswordHasher
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosedError

from chat.core.audit import AuditQuery
from chat.turns.app_state import LOCAL_OWNER
from chat.web.account_links import setup_link
from chat.web.attempts import TRIES, WITHIN_S, Attempts, address_of
from chat.web.guest_login import guest_link
from chat.web.password_login import BY_NAME
from chat.web.passwords import Passwords, password_trouble
from chat.web.policy import Policy
from storage.memory_people import MemoryPeople
from tests.patience import PATIENCE_S
from tests.unit.web.signed_in import (
    GUESTS,
    KEY,
    PASSWORD,
    SETUP,
    TOKEN,
    USERS,
    Browser,
    House,
    accepted,
    administrator,
    invited,
)

OTHER = "seven blue storks"


@pytest.fixture
def house() -> House:
    return House(replace(USERS, plain_http=True), setup=SETUP)


@pytest.fixture
def port(house: House) -> Iterator[int]:
    with house.served() as port:
        yield port


@pytest.fixture
def ada(house: House, port: int) -> Iterator[Browser]:
    """The first administrator's browser."""
    with Browser(port) as browser:
        administrator(house, browser)
        yield browser


@pytest.fixture
def bob(ada: Browser, port: int) -> Iterator[Browser]:
    """That of a user whom she has added."""
    with Browser(port) as browser:
        assert accepted(browser, invited(ada, "bob")).status_code == 303
        yield browser


def test_the_link_makes_one_administrator_who_has_what_was_there(house: House, port: int) -> None:
    with Browser(port) as stranger:
        assert "no administrator yet" in stranger.get("/").text
        assert stranger.get("/?setup=wrong").status_code == 410
        assert stranger.form("/access/begin", setup="wrong", name="eve").status_code == 410
        assert stranger.form("/access/begin", name="eve", password=OTHER).status_code == 410
        assert "Go on" in stranger.get(f"/?setup={SETUP}").text

    def first(name: str) -> int:
        with Browser(port) as browser:
            fields = {"name": name, "password": PASSWORD, "again": PASSWORD}
            return browser.form("/access/begin", setup=SETUP, **fields).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(first, ["ada", "bob", "cyd", "dan"])) == [303, 410, 410, 410]
    (only,) = house.people.everybody()
    assert (only.id, only.role) == (LOCAL_OWNER, "administrator")
    assert only.password.startswith("$argon2id$")
    assert setup_link(house.people, wanted=False) == ""


def test_a_lost_password_is_made_anew_by_whoever_starts_easel(house: House, ada: Browser) -> None:
    assert setup_link(house.people, wanted=True)
    with replace(house, setup="another-setup-link").served() as port, Browser(port) as browser:
        fields = {"name": "ADA", "password": OTHER, "again": OTHER}
        browser.form("/access/begin", setup="another-setup-link", **fields)
        assert browser.who() == LOCAL_OWNER
    assert len(house.people.everybody()) == 1
    assert ada.who() is None
    assert ada.sign_in("ada").status_code == 401
    assert ada.sign_in("ada", OTHER).status_code == 303


@pytest.mark.parametrize(
    ("name", "password", "again"),
    [
        ("аda", PASSWORD, PASSWORD),  # its first letter is Cyrillic
        ("ada\u200b", PASSWORD, PASSWORD),
        ("", PASSWORD, PASSWORD),
        ("a" * 65, PASSWORD, PASSWORD),
        ("ada", "short", "short"),
        ("ada", PASSWORD, OTHER),
        ("ada", "aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa"),
        ("ada", "x y" * 90, "x y" * 90),
        ("lovelace-ada", "lovelace-ada", "lovelace-ada"),
    ],
)
def test_what_can_be_no_account_is_told_and_what_was_typed_stays(
    name: str, password: str, again: str, house: House, port: int
) -> None:
    with Browser(port) as browser:
        fields = {"name": name, "title": "Ada & I", "password": password, "again": again}
        refused = browser.form("/access/begin", setup=SETUP, **fields)
        assert refused.status_code == 400
        assert "Ada &amp; I" in refused.text
        assert password not in refused.text or password == name
        assert house.people.everybody() == []
        administrator(house, browser)  # the link is not used up by it


def test_signing_in_makes_a_new_cookie_and_ends_the_one_before(
    house: House, ada: Browser, port: int
) -> None:
    (planted,) = ada.cookies.values()
    with Browser(port) as victim:
        victim.cookies.set(f"easel-session-{port}", planted, domain="127.0.0.1")
        assert victim.sign_in("ADA ").status_code == 303
        assert victim.who() == LOCAL_OWNER
        assert planted not in victim.cookies.values()
    assert ada.who() is None
    kept = [session.id for session in house.people.sessions(LOCAL_OWNER)]
    assert len(kept) == 1
    assert kept[0] not in str(victim.cookies)


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(ada: Browser, port: int) -> None:
    del ada
    with Browser(port) as browser:
        told = [browser.sign_in(*each) for each in (("nobody", PASSWORD), ("ada", "wrong wrong"))]
        assert [answer.status_code for answer in told] == [401, 401]
        pages = [re.sub(r'value="[^"]*"', "", answer.text) for answer in told]
        assert pages[0] == pages[1]
        assert "set-cookie" not in told[1].headers
        assert browser.sign_in("ada", PASSWORD + " " * 9000).status_code == 413


def test_a_hundred_guesses_at_once_are_no_more_than_one_after_another(
    house: House, ada: Browser, port: int
) -> None:
    del ada

    def guess(number: int) -> int:
        with Browser(port) as browser:
            return browser.sign_in("ada", f"wrong wrong {number}").status_code

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(guess, range(3 * TRIES)))
    assert told.count(401) == TRIES
    assert told.count(429) == 2 * TRIES
    with Browser(port) as browser:
        late = browser.sign_in("ada")
        assert (late.status_code, late.headers["retry-after"]) == (429, "300")
        # Of that pair alone: she gets in from elsewhere, and somebody else from there.
        with Browser(port, **{"X-Forwarded-For": "203.0.113.9"}) as elsewhere:
            assert elsewhere.sign_in("ada").status_code == 303
        assert browser.sign_in("nobody").status_code == 401
        house.clock.now_s = WITHIN_S + 1
        assert browser.sign_in("ada").status_code == 303


def test_neither_many_names_nor_many_addresses_give_more_guesses(ada: Browser, port: int) -> None:
    del ada
    with Browser(port) as sprayer:
        told = [sprayer.sign_in(f"name{number}", OTHER).status_code for number in range(31)]
        assert told == [401] * 30 + [429]
    with Browser(port) as spread:
        for number in range(BY_NAME):
            spread.headers["x-forwarded-for"] = f"2001:db8:{number:x}::7"
            spread.sign_in("ada", OTHER)
        spread.headers["x-forwarded-for"] = "198.51.100.7"
        assert spread.sign_in("ada").status_code == 429


def test_an_ipv6_home_is_one_address() -> None:
    def of(host: str) -> str:
        return address_of({"client": (host, 1)})

    assert of("2001:db8:1:2::1") == of("2001:db8:1:2:ffff::9") != of("2001:db8:1:3::1")
    assert of("::ffff:192.0.2.1") == of("192.0.2.1") == "192.0.2.1"
    assert of("fe80::1%eth0") == of("fe80::1")
    assert of("testing") == "testing"


def test_tries_are_forgotten_with_time_and_do_not_fill_the_memory() -> None:
    now = [0.0]
    attempts = Attempts(lambda: now[0])
    for _ in range(TRIES):
        attempts.count("a")
    assert attempts.exhausted("a")
    attempts.take_back("a")
    assert not attempts.exhausted("a")
    for number in range(10_000):
        attempts.count(f"x{number}")
    assert not attempts.exhausted("a", 1)


def test_a_session_ends_unused_after_half_a_day_and_in_any_case_after_a_week(
    house: House, ada: Browser
) -> None:
    for _ in range(14):
        house.clock.moment += timedelta(hours=11, minutes=59)
        assert ada.who() == LOCAL_OWNER
    house.clock.moment += timedelta(minutes=15)
    assert ada.who() is None
    ada.sign_in("ada")
    house.clock.moment += timedelta(hours=12, minutes=1)
    assert ada.who() is None


def test_another_password_signs_out_everywhere_else_at_once(
    house: House, bob: Browser, port: int
) -> None:
    with Browser(port) as elsewhere:
        elsewhere.sign_in("bob")
        (before,) = bob.cookies.values()
        for old, new in (("wrong wrong", OTHER), (PASSWORD, "short")):
            sent = bob.form("/account/password", old=old, password=new, again=new)
            assert sent.status_code in {400, 401}
        assert elsewhere.who() == bob.who() is not None
        with elsewhere.line() as line:
            line.recv()
            bob.form("/account/password", old=PASSWORD, password=OTHER, again=OTHER)
            with pytest.raises(ConnectionClosedError, match="1008"):
                line.recv(PATIENCE_S)
        assert elsewhere.who() is None
        assert bob.who() is not None
        assert before not in bob.cookies.values()
        assert elsewhere.sign_in("bob").status_code == 401
        assert elsewhere.sign_in("bob", OTHER).status_code == 303
        assert "in one more place" in bob.get("/account").text
        bob.form("/account/elsewhere")
        assert elsewhere.who() is None
    assert len(house.people.sessions(str(bob.who()))) == 1


def test_guesses_at_the_password_of_an_open_session_are_counted_too(bob: Browser) -> None:
    fields = {"password": OTHER, "again": OTHER}
    for _ in range(TRIES):
        assert bob.form("/account/password", old="wrong wrong", **fields).status_code == 401
    assert bob.form("/account/password", old=PASSWORD, **fields).status_code == 429


class Meanwhile(Passwords):
    """Has something happen once, while a password is compared."""

    def __init__(self) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self.happens: Callable[[], object] | None = None

    async def fits(self, kept: str, password: str) -> bool:
        fits = await super().fits(kept, password)
        happens, self.happens = self.happens, None
        if happens is not None:
            await asyncio.to_thread(happens)
        return fits


@pytest.mark.parametrize("way", ["sign in", "change"])
def test_a_password_that_is_taken_away_while_it_is_compared_lets_nobody_in(way: str) -> None:
    passwords = Meanwhile()
    house = House(replace(USERS, plain_http=True), setup=SETUP, passwords=passwords)
    with house.served() as port, Browser(port) as ada, Browser(port) as eve:
        administrator(house, ada)
        assert accepted(eve, invited(ada, "bob")).status_code == 303
        bob = house.people.by_name("bob")
        assert bob is not None
        passwords.happens = lambda: ada.form("/people/change", act="link", person=bob.id)
        if way == "sign in":
            assert eve.sign_in("bob").status_code == 401
        else:
            fields = {"old": PASSWORD, "password": OTHER, "again": OTHER}
            assert eve.form("/account/password", **fields).status_code == 409
        kept = house.people.person(bob.id)
        assert kept is not None
        assert kept.password == ""
        assert kept.invitation, "the link holds"
        assert eve.who() is None


def test_a_session_that_ended_elsewhere_ends_the_live_connection(house: House) -> None:
    with replace(house, look_again_s=0.01).served() as port, Browser(port) as ada:
        administrator(house, ada)
        with ada.line() as line:
            line.recv()
            house.people.end_all(LOCAL_OWNER)
            with pytest.raises(ConnectionClosedError, match="1008"):
                line.recv(PATIENCE_S)


def test_an_invitation_is_for_one_once_and_for_a_week(
    house: House, ada: Browser, port: int
) -> None:
    token = invited(ada, "bob")
    assert ada.form("/people/add", name="BOB").status_code == 409
    assert token not in repr(house.people.everybody())
    with Browser(port) as bob:
        assert bob.sign_in("bob", "").status_code == 401
        assert "bob" in bob.get(f"/?invite={token}").text
        accepted(bob, token)
        assert bob.who() not in {None, LOCAL_OWNER}
        assert accepted(bob, token, OTHER).status_code == 410
        assert bob.get(f"/?invite={token}").status_code == 410
    late = invited(ada, "cyd")
    house.clock.moment += timedelta(days=7)
    with Browser(port) as cyd:
        assert accepted(cyd, late).status_code == 410
        assert cyd.who() is None


def test_who_is_shut_out_is_out_at_once_and_comes_in_again_when_let(
    house: House, ada: Browser, bob: Browser
) -> None:
    his = str(bob.who())
    with bob.line() as line:
        line.recv()
        ada.form("/people/change", person=his, act="shut")
        with pytest.raises(ConnectionClosedError, match="1008"):
            line.recv(PATIENCE_S)
    assert bob.who() is None
    assert bob.sign_in("bob").status_code == 401
    ada.form("/people/change", person=his, act="open")
    assert bob.sign_in("bob").status_code == 303
    assert bob.who() == his
    # A new link: the old password is gone with it.
    link = ada.form("/people/change", person=his, act="link").text
    assert bob.who() is None
    assert bob.sign_in("bob").status_code == 401
    token = re.search(r"invite=([\w-]+)", link)
    assert token is not None
    accepted(bob, token[1], OTHER)
    assert bob.who() == his
    person = house.people.person(his)
    assert person is not None
    assert person.invitation == ""


ADMINISTRATION = [
    ("GET", "/people", {}),
    ("POST", "/people/add", {"name": "eve", "role": "administrator"}),
    *[("POST", "/people/change", {"person": LOCAL_OWNER, "act": act})
      for act in ("shut", "open", "out", "link", "user", "manager", "administrator")],
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "fields"), ADMINISTRATION)
def test_for_who_is_no_administrator_there_is_no_such_page(
    method: str, path: str, fields: dict[str, str], house: House, ada: Browser, bob: Browser
) -> None:
    before = house.people.everybody()
    assert bob.request(method, path, data=fields).status_code == 404
    assert house.people.everybody() == before
    assert ada.who() == LOCAL_OWNER


def test_rights_that_were_taken_are_gone_with_the_next_request(ada: Browser, bob: Browser) -> None:
    his = str(bob.who())
    ada.form("/people/change", person=his, act="administrator")
    assert bob.get("/people").status_code == 200
    ada.form("/people/change", person=his, act="user")
    assert bob.get("/people").status_code == 404
    for act in ("shut", "user", "link"):
        told = ada.form("/people/change", person=LOCAL_OWNER, act=act)
        assert told.status_code == 409
        assert "stay administrator" in told.text
    assert ada.who() == LOCAL_OWNER
    for person, act in (("x", "shut"), (his, "nonsense"), (his, "")):
        assert ada.form("/people/change", person=person, act=act).status_code == 404


@pytest.fixture
def mae(house: House, ada: Browser, port: int) -> Iterator[Browser]:
    """The browser of a manager."""
    with Browser(port) as browser:
        assert accepted(browser, invited(ada, "mae", "manager")).status_code == 303
        person = house.people.by_name("mae")
        assert person is not None
        assert person.role == "manager"
        yield browser


def test_a_manager_adds_users_and_shuts_them_out(
    house: House, mae: Browser, bob: Browser, port: int
) -> None:
    his = str(bob.who())
    page = mae.get("/people").text
    assert "Shut out: Bob" in page
    for hidden in (
        "Shut out: Ada",
        "Shut out: Mae",
        "password by a link",
        "Administrator:",
        'name="role"',
    ):
        assert hidden not in page
    assert mae.form("/people/change", person=his, act="out").status_code == 303
    assert bob.who() is None
    assert bob.sign_in("bob").status_code == 303
    assert mae.form("/people/change", person=his, act="shut").status_code == 303
    assert bob.sign_in("bob").status_code == 401
    assert mae.form("/people/change", person=his, act="open").status_code == 303
    # Whatever role is asked for, it is that of a user.
    with Browser(port) as browser:
        accepted(browser, invited(mae, "dan", "administrator"))
    dan = house.people.by_name("dan")
    assert dan is not None
    assert dan.role == "user"


ACTS = ("shut", "open", "out", "link", "user", "manager", "administrator")
BEYOND = [(whom, act) for whom in ("ada", "mae") for act in ACTS] + [
    ("bob", act) for act in ("link", "user", "manager", "administrator")
]
"""What a manager does not do about an administrator, themselves and a user."""


@pytest.mark.parametrize(("whom", "act"), BEYOND)
def test_a_manager_makes_nobody_more_and_opens_nothing_of_others(
    whom: str, act: str, house: House, mae: Browser, bob: Browser
) -> None:
    person = house.people.by_name(whom)
    assert person is not None
    before = house.people.everybody()
    sessions = house.people.sessions(person.id)
    refused = mae.form("/people/change", person=person.id, act=act)
    assert refused.status_code == 404
    assert 'role="alert"' in refused.text
    assert house.people.everybody() == before
    assert house.people.sessions(person.id) == sessions
    assert bob.who()


def test_administrators_put_people_into_groups_and_nobody_else_does(
    house: House, ada: Browser, bob: Browser, port: int
) -> None:
    who = {each.name: each.id for each in house.people.everybody()}
    change = {"person": who["bob"], "groups": "painters, Füchse 🦊,,painters"}
    assert ada.form("/people/groups", **change).status_code == 303
    listed = ada.get("/people").text
    assert "in Füchse 🦊, painters" in listed
    assert 'value="Füchse 🦊, painters"' in listed
    for groups in ("x" * 501, ",".join(map(str, range(501))), "painters, a\u202eb"):
        refused = ada.form("/people/groups", **{**change, "groups": groups})
        assert refused.status_code == 400
        assert "Names of groups stand with commas between" in refused.text
    assert house.people.groups() == ["Füchse 🦊", "painters"]
    house.people.change(who["bob"], lambda bob: replace(bob, role="manager"))
    eve = invited(ada, "eve")
    for person in house.people.everybody():
        mine = {**change, "person": person.id, "groups": "keepers"}
        assert bob.form("/people/groups", **mine).status_code == 404, person.name
    assert "<details>" not in bob.get("/people").text
    assert house.people.groups() == ["Füchse 🦊", "painters"]
    # What a proxy or a provider said of somebody ends where they sign in without it.
    told = ("keepers",)
    house.people.change(who["bob"], lambda bob: replace(bob, told_groups=told))
    assert "By who signs them in: keepers" in ada.get("/people").text
    assert bob.sign_in("bob").status_code == 303
    assert house.people.groups() == ["Füchse 🦊", "painters"]
    house.people.change(who["bob"], lambda bob: replace(bob, told_groups=told))
    assert ada.form("/people/change", act="link", person=who["bob"]).status_code == 200
    assert house.people.groups() == ["Füchse 🦊", "painters"]
    assert ada.form("/people/groups", **{**change, "groups": ""}).status_code == 303
    assert house.people.groups() == []
    noted = house.audit.entries(AuditQuery(act="groups_changed"), 9)
    assert len(noted) == 4, "the link and the password have ended some, too"
    # Of one moment, by the clock of the house: they have no order.
    assert {each.facts.get("groups") for each in noted} == {None, "Füchse 🦊, painters"}
    with Browser(port) as hers:
        assert accepted(hers, eve).status_code == 303


def test_a_manager_is_one_until_an_administrator_says_otherwise(
    house: House, ada: Browser, mae: Browser
) -> None:
    hers = str(mae.who())
    assert "No manager: Mae" in ada.get("/people").text
    assert "/people" in mae.get("/account").text
    ada.form("/people/change", person=hers, act="user")
    assert mae.get("/people").status_code == 404
    assert "/people" not in mae.get("/account").text
    ada.form("/people/change", person=hers, act="manager")
    assert mae.get("/people").status_code == 200
    # Somebody has to stay administrator; a manager is none.
    assert ada.form("/people/change", person=LOCAL_OWNER, act="manager").status_code == 409
    assert house.people.by_name("ada") is not None


FORMS = ["/access/enter", "/access/begin", "/access/leave", "/account/elsewhere",
         "/account/password", "/people/add", "/people/change"]  # fmt: skip


@pytest.mark.parametrize("path", FORMS)
def test_a_form_of_another_site_does_nothing(path: str, house: House, ada: Browser) -> None:
    before = house.people.everybody()
    fields = {
        "name": "ada", "password": PASSWORD, "old": PASSWORD, "person": LOCAL_OWNER, "act": "out",
    }  # fmt: skip
    foreign: list[dict[str, str]] = [
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
    ]  # fmt: skip
    for headers in foreign:
        answer = ada.post(path, data=fields, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    # Nothing is done by opening an address.
    assert ada.get(path).status_code in {404, 405}
    assert house.people.everybody() == before
    assert ada.who() == LOCAL_OWNER


def test_passwords_are_not_taken_where_others_could_read_along(house: House) -> None:
    policy = Policy(hosts=frozenset({"studio"}))
    with replace(house, login=USERS, policy=policy).served() as port:
        origin = f"http://studio:{port}"
        with Browser(port, Origin=origin, Host=f"studio:{port}") as browser:
            assert browser.get(f"/?setup={SETUP}").status_code == 403
            for path in ("/access/enter", "/access/begin"):
                fields = {"name": "ada", "password": PASSWORD, "again": PASSWORD}
                refused = browser.form(path, setup=SETUP, **fields)
                assert refused.status_code == 403
                assert "EASEL_PLAIN_HTTP" in refused.text
    assert house.people.everybody() == []
    with replace(house, login=USERS).served() as port, Browser(port) as browser:
        administrator(house, browser)


def test_what_lets_guests_in_lets_in_no_user(house: House) -> None:
    login = replace(USERS, token=TOKEN, phrase="a phrase of guests")
    with replace(house, login=login).served() as port, Browser(port) as browser:
        assert browser.get(f"/?token={TOKEN}").status_code == 401
        assert browser.get(f"/?guest={guest_link(KEY, login.phrase)}").status_code == 401
        assert browser.form("/access/enter", phrase=login.phrase).status_code == 401
        assert browser.form("/access/enter", guest=guest_link(KEY, login.phrase)).status_code == 401


def test_a_guest_of_yesterday_is_no_user_of_today(house: House) -> None:
    with replace(house, login=GUESTS).served() as port, Browser(port) as guest:
        guest.come_in()
        assert guest.who() is not None
        (value,) = guest.cookies.values()
    with replace(house).served() as port, Browser(port) as guest:
        guest.headers["cookie"] = f"easel-session-{port}={value}"
        assert guest.who() is None


def test_no_secret_is_logged(
    house: House, ada: Browser, bob: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bob.form("/account/password", old=PASSWORD, password=OTHER, again=OTHER)
    bob.sign_in("bob", OTHER)
    token = invited(ada, "cyd")
    (cookie,) = bob.cookies.values()
    kept = [person.password for person in house.people.everybody() if person.password]
    ours = [each for each in caplog.records if not each.name.startswith(("httpx", "httpcore"))]
    told = "\n".join(each.getMessage() for each in ours)
    for secret in (PASSWORD, OTHER, token, SETUP, cookie, *kept):
        assert secret not in told


async def test_a_password_fits_however_its_letters_are_put_together() -> None:
    weak = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    kept = await weak.hashed("Ünder the bridge")
    assert await weak.fits(kept, "U\u0308nder the bridge")
    for wrong in ("Under the bridge", "", "\ud800"):
        assert not await weak.fits(kept, wrong)
    for broken in ("", "x", "$argon2id$v=19$m=8"):
        assert not await weak.fits(broken, "nobody's")
    assert not weak.is_dated(kept)
    assert Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)).is_dated(kept)
    assert password_trouble("x", "y", "ada")


def test_a_hash_of_yesterday_is_made_anew_when_somebody_signs_in(
    house: House, ada: Browser
) -> None:
    old = PasswordHasher(time_cost=3, memory_cost=16, parallelism=1).hash(PASSWORD)
    house.people.change(LOCAL_OWNER, lambda person: replace(person, password=old))
    assert ada.sign_in("ada").status_code == 303
    kept = house.people.person(LOCAL_OWNER)
    assert kept is not None
    assert kept.password != old
    assert ada.sign_in("ada").status_code == 303


NAMES = st.sampled_from(["name", "title", "password", "again", "setup", "invite", "place", "old",
                         "person", "act", "role", "phrase", "guest"])  # fmt: skip


def test_no_form_whatever_is_in_it_makes_easel_fail(house: House, ada: Browser) -> None:
    @settings(max_examples=60, deadline=None, database=None)
    @given(
        path=st.sampled_from([path for path in FORMS if path != "/access/leave"]),
        fields=st.dictionaries(NAMES, st.text(max_size=30), max_size=5),
        raw=st.one_of(st.none(), st.binary(max_size=60)),
    )
    def tried(path: str, fields: dict[str, str], raw: bytes | None) -> None:
        clean = {key: value.encode("utf-8", "replace").decode() for key, value in fields.items()}
        answer: httpx.Response
        answer = ada.post(path, content=raw) if raw is not None else ada.post(path, data=clean)
        assert answer.status_code < 500, answer.text

    tried()
    assert isinstance(house.people, MemoryPeople)
    assert ada.who() == LOCAL_OWNER
