"""Everyone who knows the pass phrase has a space of their own, for a while, and no other."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from chat.turns.app_state import LOCAL_OWNER
from chat.web.attempts import TRIES, WITHIN_S
from chat.web.policy import Policy
from tests.patience import PATIENCE_S
from tests.unit.web.signed_in import GUEST_LINK, GUESTS, PHRASE, TOKEN, Browser, House

PATHS = ["/", "/api/conversations", "/account", "/people", "/api/me", "/easel/js/main.js",
         "/gradio_api/app_id", "/media/" + "0" * 64, "//x"]  # fmt: skip


@pytest.fixture
def house() -> House:
    return House(GUESTS)


@pytest.fixture
def port(house: House) -> Iterator[int]:
    with house.served() as port:
        yield port


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_learns_nothing(path: str, port: int) -> None:
    with Browser(port) as stranger:
        for method in ("GET", "POST", "HEAD", "DELETE", "PATCH"):
            answer = stranger.request(method, f"http://127.0.0.1:{port}{path}")
            assert answer.status_code == 401, method
            assert "inside" not in answer.text
        assert stranger.get(path, headers={"Accept": "*/*"}).json() == {
            "error": "You are not signed in. Load the page again."
        }
        with pytest.raises(InvalidStatus) as refused:
            stranger.line()
        assert refused.value.response.status_code == 401


def test_each_guest_has_a_space_of_their_own_and_finds_it_again(house: House, port: int) -> None:
    with Browser(port) as ada, Browser(port) as bob:
        assert ada.come_in(title="Ada").status_code == 303
        bob.come_in(title="Ada")
        assert None is not ada.who() != bob.who() is not None
        with ada.line() as line:
            assert line.recv() == f"inside as {ada.who()}"
        told = ada.get("/api/me").json()
        assert (told["title"], told["role"]) == ("Ada", "guest")
        assert str(ada.who()) not in ada.get("/api/me").text
        assert "You are <b>Ada</b>" in ada.get("/account").text
        # Whoever comes by the phrase once more keeps what they have.
        before = ada.who()
        ada.come_in()
        ada.get(f"/?guest={GUEST_LINK}")
        assert ada.who() == before
    assert len(house.people.everybody()) == 2


def test_a_preview_of_the_link_makes_no_guest_and_the_button_does(house: House, port: int) -> None:
    with Browser(port) as visitor:
        shown = visitor.get(f"/?guest={GUEST_LINK}")
        assert "Come in" in shown.text
        assert house.people.everybody() == []
        visitor.form("/access/enter", guest=GUEST_LINK)
        assert visitor.who() == house.people.everybody()[0].id
    with Browser(port) as visitor:
        assert visitor.get("/?guest=wrong").status_code == 401
        assert visitor.form("/access/enter", guest="wrong").status_code == 401
        assert visitor.form("/access/enter").status_code == 401


def test_a_house_without_a_phrase_takes_no_empty_one() -> None:
    with House(replace(GUESTS, phrase="")).served() as port, Browser(port) as visitor:
        assert visitor.come_in("").status_code == 401
        assert visitor.form("/access/enter").status_code == 401
        assert "<form" not in visitor.get("/").text


def test_the_host_comes_in_by_the_printed_address_to_what_was_there(port: int) -> None:
    with Browser(port) as host, Browser(port) as guest:
        guest.come_in(title="<b>Ünal</b>")
        assert host.get(f"/?token={TOKEN}").headers["location"] == "/?entered=1"
        assert host.who() == LOCAL_OWNER
        assert host.get("/?c=7&entered=1").headers["location"] == "/?c=7"
        listed = host.get("/people").text
        assert "&lt;b&gt;Ünal&lt;/b&gt;" in listed
        assert guest.get("/people").status_code == 404
        assert guest.form("/people/change", person=LOCAL_OWNER, act="shut").status_code == 404
        with guest.line() as line:
            line.recv()
            shut = host.form("/people/change", person=str(guest.who()), act="shut")
            assert shut.status_code == 303
            with pytest.raises(ConnectionClosedError, match="1008"):
                line.recv(PATIENCE_S)
        assert guest.who() is None
        assert host.form("/people/change", person=LOCAL_OWNER, act="shut").status_code == 409
        assert host.who() == LOCAL_OWNER


def test_a_restart_keeps_guests_and_another_key_does_not(house: House) -> None:
    with house.served() as port, Browser(port) as guest:
        guest.come_in()
        before, (value,) = guest.who(), guest.cookies.values()
    for key, expected in ((house.key, before), (b"o" * 32, None)):
        with replace(house, key=key).served() as port, Browser(port) as guest:
            guest.headers["cookie"] = f"easel-session-{port}={value}"
            assert guest.who() == expected


def test_a_space_ends_with_its_time_however_much_it_is_used(house: House, port: int) -> None:
    with Browser(port) as guest:
        guest.come_in()
        for _ in range(29):
            house.clock.moment += timedelta(days=1)
            assert guest.who() is not None
        house.clock.moment += timedelta(days=1)
        assert guest.who() is None


def test_who_leaves_is_out_and_no_copy_of_the_cookie_lets_in_again(port: int) -> None:
    with Browser(port) as guest:
        guest.come_in()
        (value,) = guest.cookies.values()
        left = guest.form("/access/leave")
        assert left.status_code == 200
        assert left.headers["clear-site-data"] == '"cache", "storage"'
        assert "Max-Age=0" in left.headers["set-cookie"]
        guest.cookies.set(f"easel-session-{port}", value)
        assert guest.who() is None


def test_over_https_the_cookie_is_for_this_host_alone(port: int) -> None:
    with Browser(port, Origin=f"https://127.0.0.1:{port}") as guest:
        guest.headers["x-forwarded-proto"] = "https"
        cookie = guest.come_in().headers["set-cookie"]
        assert cookie.startswith("__Host-easel-session=")
        assert cookie.endswith("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure")
        sent = cookie.partition(";")[0]
        assert guest.get("/api/conversations", headers={"Cookie": sent}).status_code == 200
        # Neither name holds in the other's place.
        swapped = sent.replace("__Host-easel-session", f"easel-session-{port}")
        assert guest.get("/api/conversations", headers={"Cookie": swapped}).status_code == 401
        del guest.headers["x-forwarded-proto"]
        assert guest.get("/api/conversations", headers={"Cookie": sent}).status_code == 401
    public = House(GUESTS, policy=Policy(public_origins=frozenset({"https://studio.example"})))
    with public.served() as port, Browser(port, Origin="https://studio.example") as guest:
        guest.headers["host"] = "studio.example"
        assert guest.come_in().headers["set-cookie"].startswith("__Host-")
    with House(replace(GUESTS, framed=True)).served() as port, Browser(port) as guest:
        cookie = guest.come_in().headers["set-cookie"]
        assert cookie.endswith("HttpOnly; SameSite=None; Partitioned; Secure")


def test_an_address_that_nobody_listed_forwards_nothing() -> None:
    house = House(GUESTS, believed="203.0.113.1")
    with house.served() as port, Browser(port) as visitor:
        visitor.headers["x-forwarded-proto"] = "https"
        assert visitor.come_in().headers["set-cookie"].startswith("easel-session-")
        for number in range(TRIES):
            visitor.cookies.clear()
            visitor.headers["x-forwarded-for"] = f"198.51.100.{number}"
            assert visitor.come_in("wrong wrong").status_code == 401
        assert visitor.come_in().status_code == 429
        for name in ("X-User", "Remote-User", "X-Forwarded-User", "easel.person"):
            assert visitor.get("/", headers={name: LOCAL_OWNER}).status_code == 401


@pytest.mark.parametrize("way", ["phrase", "guest", "token"])
def test_an_address_may_try_so_often_and_the_right_one_waits_too(
    way: str, house: House, port: int
) -> None:
    right = {"phrase": PHRASE, "guest": GUEST_LINK, "token": TOKEN}[way]
    with Browser(port) as visitor:

        def tries(secret: str) -> int:
            if way == "token":
                return visitor.get(f"/?token={secret}").status_code
            return visitor.form("/access/enter", **{way: secret}).status_code

        for _ in range(TRIES):
            assert tries("wrong") == 401
        assert tries(right) == 429
        with Browser(port, **{"X-Forwarded-For": "203.0.113.9"}) as neighbour:
            assert neighbour.come_in().status_code == 303
        house.clock.now_s = WITHIN_S + 1
        assert tries(right) == 303


@pytest.mark.parametrize(
    "value", ["", "MQ", "a.b", "a.b.c", "é", '"', "a" * 3000, "local", "\x7f.x"]
)
def test_a_made_up_cookie_opens_nothing(value: str, port: int) -> None:
    with Browser(port) as visitor:
        made_up = {b"Cookie": f"easel-session-{port}={value}".encode("latin-1")}
        assert visitor.get("/api/conversations", headers=made_up).status_code == 401


PLACES = ["//evil.example", "https://evil.example/", "c=1&next=https://evil.example", "\r\nX: y",
          "c=1\r\nSet-Cookie: a=b", "token=x&guest=y&c=1"]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_coming_in_leads_to_the_page_and_nowhere_else(place: str) -> None:
    for root in ("", "/studio"):
        with House(GUESTS, root_path=root).served() as port, Browser(port) as visitor:
            entered = visitor.form(f"{root}/access/enter", phrase=PHRASE, place=place)
            to = entered.headers["location"]
            assert to.startswith(f"{root}/?")
            assert not to.startswith("//")
            assert "\r" not in to
            for link in ("token=", "guest="):
                assert link not in to
            assert "x" not in entered.headers
            assert visitor.get(f"{root}/api/conversations").status_code == 200
            if root:
                assert entered.headers["set-cookie"].startswith(f"easel-session-{port}.studio=")


def test_without_cookies_one_is_told_so(port: int) -> None:
    with Browser(port) as visitor:
        to = visitor.come_in().headers["location"]
        visitor.cookies.clear()
        assert "keeps no cookies" in visitor.get(to).text
