"""Who is signed in by a proxy in front is let in by its word, and by nobody else's."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_network

import httpx
import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import ClientConnection, connect

from chat.core.errors import ConfigError
from chat.core.people import Person
from chat.trusted_header import TrustedHeader, read_trusted_header
from chat.turns.app_state import LOCAL_OWNER
from chat.web.forwarded import ForwardedHeaders
from chat.web.header_login import MAX_HEADER_CHARACTERS, HeaderLogin
from chat.web.policy import Policy
from chat.web.root_path import RootPathMiddleware
from chat.web.security import SecurityMiddleware
from storage.memory_people import MemoryPeople
from tests.patience import PATIENCE_S
from tests.serving import served
from tests.unit.web.signed_in import small_app

PROXY, OTHER = "127.0.0.1", "127.0.0.2"
"""Both reach the port; from one of them the proxy comes."""

TRUSTED = TrustedHeader(
    (ip_network(PROXY),),
    title_header="remote-name",
    administrators=frozenset({"ada"}),
    leave="/oauth2/sign_out",
)
BY_GROUPS = replace(
    TRUSTED,
    groups_header="remote-groups",
    administrators=frozenset(),
    administrator_groups=frozenset({"easel admins"}),
    manager_groups=frozenset({"stewards"}),
)


@dataclass
class House:
    """What outlasts a request, and how it is served."""

    trusted: TrustedHeader = TRUSTED
    people: MemoryPeople = field(default_factory=MemoryPeople)
    forwarded: str = PROXY
    look_again_s: float = 60.0

    @contextmanager
    def served(self) -> Iterator[int]:
        inside = HeaderLogin(
            small_app(), self.trusted, self.people, b"k" * 32, look_again_s=self.look_again_s
        )
        app = RootPathMiddleware(SecurityMiddleware(inside, Policy()))
        believing = ForwardedHeaders(app, {"FORWARDED_ALLOW_IPS": self.forwarded})
        with served(believing, proxy_headers=False) as port:
            yield port


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def port(house: House) -> Iterator[int]:
    with house.served() as port:
        yield port


Headers = list[tuple[str, str]]


def asking(port: int, *headers: tuple[str, str], address: str = PROXY) -> httpx.Client:
    """A program at an address, which sends these headers with each request."""
    here = f"http://127.0.0.1:{port}"
    return httpx.Client(
        base_url=here,
        headers=[
            (name.encode(), value.encode())
            for name, value in [("Accept", "text/html"), ("Origin", here), *headers]
        ],
        transport=httpx.HTTPTransport(local_address=address),
        timeout=PATIENCE_S,
    )


def who(port: int, *headers: tuple[str, str], address: str = PROXY) -> str | None:
    """Who one is with these headers; ``None``: nobody, told in a sentence."""
    with asking(port, *headers, address=address) as http:
        answer = http.get("/api/conversations")
    if answer.status_code == 200:
        return answer.text.removeprefix("inside as ")
    assert answer.status_code == 401
    assert "role=" in answer.text
    return None


def named(name: str) -> tuple[str, str]:
    return ("Remote-User", name)


def test_whom_the_proxy_names_is_let_in_and_is_the_same_again(house: House, port: int) -> None:
    bob = who(port, named("bob"), ("Remote-Name", "Bob\u202e  der Baumeister"))
    assert bob not in {None, LOCAL_OWNER}
    assert who(port, named("BOB")) == bob
    ada = who(port, named("ada"))
    assert ada == LOCAL_OWNER, "what was there before belongs to the first administrator"
    assert {each.name: (each.role, each.title) for each in house.people.everybody()} == {
        "bob": ("user", "Bob der Baumeister"),
        "ada": ("administrator", "ada"),
    }
    assert who(port, named("bob"), ("Remote-Name", "Robert")) == bob
    found = house.people.by_name("bob")
    assert found is not None
    assert found.title == "Robert"


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ([], PROXY),
        ([named("")], PROXY),
        ([named("ada"), named("bob")], PROXY),
        ([named("ada"), ("remote-user", "ada")], PROXY),
        ([("X-Remote-User", "ada"), ("Remote_User", "ada")], PROXY),
        ([("Cookie", "Remote-User=ada"), ("Authorization", "Bearer ada")], PROXY),
        ([named("a b")], PROXY),
        ([named("ada,bob")], PROXY),
        ([named("../ada")], PROXY),
        ([named("a" * 65)], PROXY),
        ([("Remote-User", "\u0430da")], PROXY),
        ([named("ada")], OTHER),
        ([named("ada"), ("X-Forwarded-For", PROXY)], OTHER),
        ([named("ada"), ("X-Forwarded-For", f"{PROXY}, {PROXY}")], OTHER),
        ([named("ada"), ("X-Real-IP", PROXY), ("Forwarded", f"for={PROXY}")], OTHER),
    ],
    ids=str,
)
def test_nobody_is_let_in_by_anybody_else_s_word(headers: Headers, address: str) -> None:
    # Its X-Forwarded-For is believed of both: the address of a visitor is another matter.
    house = House(forwarded=f"{PROXY},{OTHER}")
    with house.served() as port:
        assert who(port, *headers, address=address) is None
        with asking(port, *headers, address=address) as http:
            assert http.get("/healthz").status_code == 404, "which asks for nobody"
            assert http.post("/people/change", data={"act": "shut"}).status_code == 401
    assert house.people.everybody() == []


def test_what_the_proxy_forwards_of_its_visitor_does_not_make_it_another(port: int) -> None:
    assert who(port, named("bob"), ("X-Forwarded-For", "203.0.113.7, 10.9.9.9"))


def test_groups_make_somebody_administrator_and_take_it_away_again(house: House) -> None:
    house.trusted = BY_GROUPS
    with house.served() as port:
        for groups, role in (
            ("staff,easel admins", "administrator"),
            ("staff, easel adminsx", "user"),
            ("stewards", "manager"),
            ("easel admins", "administrator"),
            ("", "user"),
        ):
            assert who(port, named("ada"), ("Remote-Groups", groups)) == LOCAL_OWNER
            found = house.people.by_name("ada")
            assert found is not None
            assert found.role == role, groups
            named_now = {each.strip() for each in groups.split(",")} - {""}
            assert set(found.groups) == named_now, "as they are said with each request"
        # Cut where a name of theirs begins as one of the administrators.
        groups = f"{'x' * (MAX_HEADER_CHARACTERS - 13)},easel admins-to-be"
        assert who(port, named("ada"), ("Remote-Groups", groups)) == LOCAL_OWNER
        found = house.people.by_name("ada")
        assert found is not None
        assert (found.role, found.groups) == ("user", ())
        admin = [named("eve"), ("Remote-Groups", "easel admins")]
        with asking(port, *admin) as http:
            listed = http.get("/people").text
            assert ">ada<" in listed
            assert "No administrator" not in listed, "the groups decide it"
            fields = {"person": LOCAL_OWNER, "act": "administrator"}
            assert http.post("/people/change", data=fields).status_code == 404


def line(port: int, name: str) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{port}/live", proxy=None, additional_headers={"Remote-User": name}
    )


def test_who_is_shut_out_is_out_at_once_with_the_live_connection(house: House, port: int) -> None:
    with asking(port, named("ada")) as http, line(port, "bob") as live:
        assert "inside as" in str(live.recv(PATIENCE_S))
        bob = house.people.by_name("bob")
        assert bob is not None
        assert http.post("/people/change", data={"act": "shut", "person": bob.id}).is_redirect
        with pytest.raises(ConnectionClosedError):
            live.recv(PATIENCE_S)
        assert who(port, named("bob")) is None
        own = http.post("/people/change", data={"act": "shut", "person": LOCAL_OWNER})
        assert own.status_code == 409
        assert http.post("/people/change", data={"act": "open", "person": bob.id}).is_redirect
    assert who(port, named("bob")) == bob.id


def test_who_is_shut_out_elsewhere_loses_the_live_connection(house: House) -> None:
    house.look_again_s = 0.01
    with house.served() as port, line(port, "bob") as live:
        assert "inside as" in str(live.recv(PATIENCE_S))
        bob = house.people.by_name("bob")
        assert bob is not None
        house.people.change(bob.id, lambda one: replace(one, disabled_at=datetime.now(UTC)))
        with pytest.raises(ConnectionClosedError):
            live.recv(PATIENCE_S)


def test_there_are_no_passwords_to_add_change_or_leave_by(house: House, port: int) -> None:
    house.people.add(Person("old", "bob", password="kept"))
    with asking(port, named("ada")) as http:
        account = http.get("/account").text
        assert 'href="/oauth2/sign_out"' in account
        assert "<form" not in account
        assert "Add somebody" not in http.get("/people").text
        for path in ("/people/add", "/account/password", "/access/enter", "/access/begin"):
            assert http.post(path, data={"name": "eve", "password": "x"}).status_code == 404, path
        link = http.post("/people/change", data={"act": "link", "person": "old"})
        assert link.status_code == 404
    assert who(port, named("bob")) == "old", "who signed in with a password before"
    with asking(port, named("bob")) as http:
        assert http.get("/people").status_code == 404


async def test_many_first_requests_at_once_are_one_person(house: House, port: int) -> None:
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE_S
    ) as http:
        sent = (
            http.get("/api/conversations", headers={"Remote-User": name})
            for _ in range(8)
            for name in ("ada", "bob")
        )
        told = {answer.text for answer in await asyncio.gather(*sent)}
    assert told == {f"inside as {each.id}" for each in house.people.everybody()}
    assert len(told) == 2


PROXIES = {"EASEL_LOGIN_PROXIES": PROXY}


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, "needs EASEL_LOGIN_PROXIES"),
        ({"EASEL_LOGIN_PROXIES": "proxy.example"}, "neither"),
        ({"EASEL_LOGIN_PROXIES": "10.0.0.1/8"}, "neither"),
        ({"EASEL_LOGIN_PROXIES": f"{PROXY}, 0.0.0.0/0"}, "everybody"),
        ({"EASEL_LOGIN_PROXIES": "::/0"}, "everybody"),
        ({**PROXIES, "EASEL_LOGIN_HEADER": "X-Forwarded-For"}, "EASEL_LOGIN_HEADER"),
        ({**PROXIES, "EASEL_LOGIN_HEADER": "Remote_User"}, "EASEL_LOGIN_HEADER"),
        ({**PROXIES, "EASEL_LOGIN_TITLE_HEADER": "Cookie"}, "EASEL_LOGIN_TITLE_HEADER"),
        ({**PROXIES, "EASEL_ADMINISTRATOR_GROUPS": "admins"}, "EASEL_LOGIN_GROUPS_HEADER"),
        ({**PROXIES, "EASEL_MANAGER_GROUPS": "stewards"}, "EASEL_LOGIN_GROUPS_HEADER"),
        ({**PROXIES, "EASEL_LOGIN_LEAVE": "//evil.example"}, "EASEL_LOGIN_LEAVE"),
        ({**PROXIES, "EASEL_LOGIN_LEAVE": "/\\evil.example"}, "EASEL_LOGIN_LEAVE"),
        ({**PROXIES, "EASEL_LOGIN_LEAVE": "javascript:alert(1)"}, "EASEL_LOGIN_LEAVE"),
    ],
    ids=str,
)
def test_what_would_believe_too_much_is_refused_at_the_start(
    environ: dict[str, str], told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        read_trusted_header(environ)


@pytest.mark.parametrize(
    ("proxies", "address", "believed"),
    [
        ("10.1.0.0/16", "10.1.2.3", True),
        ("10.1.0.0/16", "10.2.2.3", False),
        ("10.1.0.0/16", "::ffff:10.1.2.3", True),
        ("fd00::/8, 127.0.0.1", "fd00::1%eth0", True),
        ("fd00::/8, 127.0.0.1", "::1", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "testclient", False),
    ],
)
def test_the_proxy_is_known_by_its_address(proxies: str, address: str, believed: bool) -> None:
    read = read_trusted_header({"EASEL_LOGIN_PROXIES": proxies, "EASEL_LOGIN_LEAVE": "/out?a=b"})
    assert read.believes(address) is believed
