"""Whom a provider of identities signs in is let in; a forged or broken answer lets nobody in."""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse, PlainTextResponse

from chat.core.audit import AuditQuery
from chat.core.errors import ConfigError
from chat.core.network import Network
from chat.core.people import Person
from chat.oidc import OidcSettings, read_oidc
from chat.settings import read_settings
from chat.turns.app_state import LOCAL_OWNER
from chat.web.login_mode import BY_ADDRESS
from chat.web.not_signed_in import NotSignedIn
from chat.web.oidc_provider import OidcProvider
from chat.web.passwords import Passwords
from chat.web.policy import Policy
from tests.identity_provider import (
    ADA,
    RSA_KEY,
    STRANGE_KEY,
    IdentityProvider,
    came_back,
    fields_of,
)
from tests.loopback import Gate, Loopback, Reply
from tests.unit.web.signed_in import PASSWORD, SETUP, USERS, Browser, House, accepted, invited

BEGIN = "/access/oidc"
GROUPS = {
    "groups": frozenset({"painters"}), "administrator_groups": frozenset({"keepers"}),
    "manager_groups": frozenset({"stewards"}),
}  # fmt: skip


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with IdentityProvider().served() as provider:
        yield provider


@pytest.fixture
def house(provider: IdentityProvider) -> House:
    return House(USERS, oidc=provider.settings())


@pytest.fixture
def port(house: House) -> Iterator[int]:
    with house.served() as port:
        yield port


@pytest.fixture
def browser(port: int) -> Iterator[Browser]:
    with Browser(port) as browser:
        yield browser


def comes(browser: Browser, begin: str = BEGIN) -> httpx.Response:
    """Somebody presses the button, and is sent back by the provider."""
    return browser.get(came_back(browser.get(begin)), headers={"Sec-Fetch-Site": "cross-site"})


def told(answer: httpx.Response) -> str:
    """What a page says went wrong."""
    found = re.search(r'role="alert">([^<]*)<', answer.text)
    assert found is not None, answer.text
    return found[1]


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
@pytest.mark.parametrize("authentication", ["client_secret_basic", "client_secret_post", "none"])
def test_whom_the_provider_signs_in_is_let_in_and_is_the_same_again(
    algorithm: str, authentication: str
) -> None:
    made = IdentityProvider(algorithm=algorithm, authentication=authentication)
    with made.served() as provider:
        house = House(USERS, oidc=provider.settings())
        with house.served() as port, Browser(port) as browser:
            page = browser.get("/?c=abc")
            assert "Sign in with Example &amp; Co" in page.text
            assert f'href="{BEGIN}?place=c%3Dabc"' in page.text
            entered = comes(browser, f"{BEGIN}?place=c%3Dabc")
            assert (entered.status_code, entered.headers["location"]) == (303, "/?c=abc&entered=1")
            ada = browser.who()
            assert ada is not None
            (asked,) = provider.asked
            assert asked["redirect_uri"] == f"http://127.0.0.1:{port}/access/oidc/callback"
            assert (asked["code_challenge_method"], asked["scope"]) == (
                "S256", "openid profile email",
            )  # fmt: skip
            # Another name there is no other person, and the same name no other's account.
            provider.claims = {**ADA, "preferred_username": "countess", "name": "Countess"}
            first = dict(browser.cookies)
            comes(browser)
            assert browser.who() == ada
            assert dict(browser.cookies) != first, "each sign-in makes a new session"
            (person,) = house.people.everybody()
            assert (person.name, person.title, person.role) == ("ada", "Countess", "user")
            assert len(house.people.sessions(ada)) == 1
            assert provider.refused == []


FAULTS: dict[str, dict[str, Any]] = {
    "a wrong nonce": {"identity": lambda it: it.update(nonce="x")},
    "no nonce": {"identity": lambda it: it.pop("nonce")},
    "another issuer": {"identity": lambda it: it.update(iss="https://evil.example")},
    "for another client": {"identity": lambda it: it.update(aud="other")},
    "for others, too": {"identity": lambda it: it.update(aud=["easel", "x"], azp="x")},
    "over": {"identity": lambda it: it.update(exp=it["iat"] - 3600, iat=it["iat"] - 7200)},
    "of nobody": {"identity": lambda it: it.pop("sub")},
    "of a number": {"identity": lambda it: it.update(sub=7)},
    "not signed": {"signing": "none"},
    "signed with the public key": {"signing": "HS256"},
    "signed by another": {"signing": "strange"},
    "userinfo of another": {"userinfo": {**ADA, "sub": "eve"}},
    "userinfo of nobody": {"userinfo": {}},
    "no tokens": {"bodies": {"/token": JSONResponse({"access_token": "x"})}},
    "tokens that are none": {"bodies": {"/token": JSONResponse([1])}},
    "no words of JSON": {"bodies": {"/token": PlainTextResponse("<p>hello")}},
    "no keys": {"bodies": {"/jwks": JSONResponse({"keys": [{"kty": "odd"}, 3]})}},
    "userinfo without end": {"bodies": {"/userinfo": PlainTextResponse("x" * 1_000_001)}},
    "the answer of another issuer": {"answer": {"code": "c", "iss": "https://evil.example"}},
    "the answer of no issuer": {"answer": {"code": "c", "iss": ""}},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_nobody_is_let_in_by_an_answer_that_does_not_hold(
    fault: str, house: House, provider: IdentityProvider, browser: Browser
) -> None:
    for name, value in FAULTS[fault].items():
        setattr(provider, name, value)
    answer = comes(browser)
    assert answer.status_code == 502
    assert "does not hold" in told(answer)
    assert "Sign in with" in answer.text, "and may begin again"
    assert house.people.everybody() == []
    assert browser.who() is None


@pytest.mark.parametrize(
    "alter",
    [
        lambda it: it.update(issuer="https://evil.example"),
        lambda it: it.pop("token_endpoint"),
        lambda it: it.update(authorization_endpoint="javascript:alert(1)"),
    ],
)
def test_a_provider_that_says_it_is_another_is_not_gone_to(
    alter: Any, provider: IdentityProvider, browser: Browser
) -> None:
    provider.metadata = alter
    answer = browser.get(BEGIN)
    assert answer.status_code == 502
    assert "does not hold" in told(answer)


@pytest.mark.parametrize("path", ["/token", "/jwks", "/userinfo"])
def test_a_provider_out_of_order_is_said_to_be_so_and_asked_again(
    path: str, provider: IdentityProvider, browser: Browser
) -> None:
    provider.broken = frozenset({path})
    answer = comes(browser)
    assert answer.status_code == 503
    assert "Try again in a while" in told(answer)
    provider.broken = frozenset()
    comes(browser)
    assert browser.who()


def test_a_provider_that_is_down_is_gone_to_once_it_is_up(
    provider: IdentityProvider, browser: Browser
) -> None:
    provider.broken = frozenset({"/.well-known/openid-configuration"})
    refused = browser.get(f"{BEGIN}?place=c%3Dabc")
    assert refused.status_code == 503
    assert f'href="{BEGIN}?place=c%3Dabc"' in refused.text, "the way to where one was is kept"
    provider.broken = frozenset()
    comes(browser)
    assert browser.who()
    nowhere = House(USERS, oidc=replace(provider.settings(), issuer="http://127.0.0.1:9"))
    with nowhere.served() as port, Browser(port) as other:
        assert "cannot be asked" in told(other.get(BEGIN))


def test_new_keys_of_the_provider_are_found(provider: IdentityProvider, browser: Browser) -> None:
    provider.algorithm, provider.keys = "RS256", [RSA_KEY]
    comes(browser)
    provider.algorithm = "ES256"
    assert comes(browser).status_code == 502
    provider.keys = IdentityProvider().keys
    assert comes(browser).status_code == 303
    # Of the same name as one before, as that of who gives none.
    provider.algorithm, provider.signing, provider.keys = "RS256", "strange", [STRANGE_KEY]
    assert comes(browser).status_code == 303


@pytest.mark.parametrize(
    ("answer", "status", "words"),
    [
        ({"error": "access_denied", "error_description": "<b>no"}, 403, "you have declined"),
        ({"error": "server_error"}, 401, "Try again in a while"),
        ({"error": "<script>"}, 401, "has not signed you in"),
        ({"code": ""}, 401, "not begun in this browser"),
        ({"code": "forged"}, 401, "takes this sign-in no more"),
    ],
)
def test_a_refusal_of_the_provider_is_told_in_a_sentence(
    answer: dict[str, str], status: int, words: str, provider: IdentityProvider, browser: Browser
) -> None:
    provider.answer = answer
    refused = comes(browser)
    assert refused.status_code == status
    assert words in told(refused)
    assert "<script>" not in refused.text
    assert browser.who() is None


def test_a_client_that_the_provider_does_not_know_is_the_host_s_matter(
    provider: IdentityProvider,
) -> None:
    house = House(USERS, oidc=provider.settings(client_secret="wrong"))
    with house.served() as port, Browser(port) as browser:
        assert "Tell whoever runs this Easel" in told(comes(browser))


def test_an_answer_counts_once_in_the_browser_that_began_and_for_a_while(
    house: House, port: int, browser: Browser
) -> None:
    kept = came_back(browser.get(BEGIN))
    (cookie,) = ((c.name, c.value or "") for c in browser.cookies.jar)
    state = fields_of(kept)["state"]
    forged = kept.replace(state, "x" * len(state))
    with Browser(port) as other:
        # Of another browser, which has begun nothing or something else.
        assert other.get(kept).status_code == 401
        other.get(BEGIN)
        assert "not begun in this browser" in told(other.get(kept))
        other.cookies.set(cookie[0], f"{cookie[1][:-3]}xyz", domain="127.0.0.1")
        assert other.get(kept).status_code == 401
        assert other.who() is None
    assert browser.get(forged).status_code == 401
    # Who has guessed wrong begins anew.
    assert browser.get(kept).status_code == 401
    kept = came_back(browser.get(BEGIN))
    (held,) = ((c.name, c.value or "") for c in browser.cookies.jar)
    assert browser.get(kept).status_code == 303
    browser.cookies.clear()
    browser.cookies.set(*held, domain="127.0.0.1")
    assert browser.get(kept).status_code == 401, "replayed with its cookie"
    kept = came_back(browser.get(BEGIN))
    house.clock.moment += timedelta(minutes=10, seconds=1)
    assert browser.get(kept).status_code == 401
    assert browser.who() is None


def test_an_address_that_guesses_answers_waits(browser: Browser) -> None:
    for _ in range(BY_ADDRESS):
        assert browser.get(f"{BEGIN}/callback?state=x&code=y").status_code == 401
    assert browser.get(f"{BEGIN}/callback?state=x&code=y").status_code == 429
    assert browser.get(BEGIN).status_code == 429


@pytest.mark.parametrize(
    "place",
    ["https://evil.example", "//evil.example", "/\\evil.example", "next=https://evil.example",
     "a\r\nLocation: https://evil.example", "x" * 5000],
)  # fmt: skip
def test_nothing_leads_from_a_sign_in_to_another_site(place: str, browser: Browser) -> None:
    begin = str(httpx.URL(BEGIN, params={"place": place}))
    entered = comes(browser, begin)
    assert entered.status_code == 303
    assert re.match(r"/\?[^/\\]*entered=1$", entered.headers["location"])
    assert len(entered.headers.get_list("location")) == 1


def test_groups_make_administrators_and_are_asked_anew_with_each_sign_in(
    provider: IdentityProvider,
) -> None:
    house = House(USERS, oidc=provider.settings(**GROUPS, groups_claim="realm_access.roles"))

    def joins(*groups: str, **more: Any) -> None:
        provider.claims = {**ADA, "realm_access": {"roles": list(groups)}, **more}

    with house.served() as port, Browser(port) as browser, Browser(port) as other:
        joins("keepers")
        comes(browser)
        assert browser.who() == LOCAL_OWNER, "what was there before is the first administrator's"
        people = browser.get("/people").text
        assert "administrator" in people
        assert "No administrator" not in people, "that is for the groups"
        change = {"person": LOCAL_OWNER, "act": "user"}
        assert browser.form("/people/change", **change).status_code == 404
        joins("keepers", sub="b0b", preferred_username="bob", name="Bob")
        comes(other)
        joins("painters")
        comes(browser)
        assert browser.get("/people").status_code == 404
        kept = {each.name: each.role for each in house.people.everybody()}
        assert kept == {"ada": "user", "bob": "administrator"}
        joins("stewards", " stewards ", "x" * 501, "a\0b")
        comes(browser)
        assert browser.get("/people").status_code == 200
        assert house.people.groups() == ["keepers", "stewards"]
        joins("strangers")
        with Browser(port) as third:
            refused = comes(third)
            assert refused.status_code == 403
            assert "no group" in told(refused)
        assert browser.who() is None, "who may come in no more is out everywhere"
        joins()
        provider.claims["realm_access"] = "keepers"
        assert comes(browser).status_code == 403
        told_now = {each.name: each.told_groups for each in house.people.everybody()}
        assert told_now == {"ada": (), "bob": ("keepers",)}
    noted = house.audit.entries(AuditQuery(), 99)
    grouped = [each.facts.get("groups") for each in noted if each.act == "groups_changed"]
    # Who may come in no more is in none of them any more.
    assert sorted(map(str, grouped)) == ["None", "painters", "stewards"]
    changed = [each.facts["role"] for each in noted if each.act == "role_changed"]
    assert sorted(changed) == ["manager", "user"]
    begun = [each.actor_name for each in noted if each.act == "account_begun"]
    assert sorted(begun) == ["ada", "bob"]


def test_groups_end_with_a_sign_in_that_asks_nobody_for_them(
    house: House, browser: Browser
) -> None:
    kept = Person(
        "p1", "bob", "Bob", password=asyncio.run(Passwords().hashed(PASSWORD)), identity="f0" * 32
    )
    house.people.add(replace(kept, told_groups=("keepers",)))
    assert browser.sign_in("bob").status_code == 303
    assert house.people.groups() == []
    (noted,) = house.audit.entries(AuditQuery(act="groups_changed"), 9)
    assert (noted.subject, noted.facts) == ("p1", {"by": "password"})


def test_a_name_that_somebody_has_is_not_taken_over(
    house: House, provider: IdentityProvider, browser: Browser
) -> None:
    house.people.add(Person("p1", "ada", "Ada", password="$argon2id$"))
    refused = comes(browser)
    assert refused.status_code == 409
    assert "called ada already" in told(refused)
    provider.claims["sub"] = "another"
    provider.claims["preferred_username"] = "bob"
    comes(browser)
    provider.claims = {**ADA, "preferred_username": "BOB"}
    with Browser(browser.port) as other:
        assert comes(other).status_code == 409, "two people of one provider, one name"
    names = {each.name: bool(each.identity) for each in house.people.everybody()}
    assert names == {"ada": False, "bob": True}


@pytest.mark.parametrize(
    ("verified", "status"),
    [(True, 303), ("true", 303), (False, 403), (None, 403), ("yes", 403), (1, 303)],
)
def test_an_address_that_is_not_confirmed_is_nobody_s_account(
    verified: Any, status: int, provider: IdentityProvider
) -> None:
    house = House(USERS, oidc=provider.settings(name_claim="email"))
    house.people.add(Person("p1", "ada@example.org", "A.", password="$argon2id$"))
    provider.claims["email_verified"] = verified
    with house.served() as port, Browser(port) as browser:
        answer = comes(browser)
        assert answer.status_code == status
        if status == 303:
            assert browser.who() == "p1"
            # By another of the same address it is not taken away again.
            provider.claims["sub"] = "later owner"
            assert comes(browser).status_code == 409
        else:
            assert "not confirmed" in told(answer)
            assert browser.who() is None
            assert [each.identity for each in house.people.everybody()] == [""]


@pytest.mark.parametrize("name", ["", "аda", "a b", "x" * 65, None, ["ada"], {"a": 1}])
def test_who_has_no_name_that_can_be_used_is_told(
    name: Any, house: House, provider: IdentityProvider, browser: Browser
) -> None:
    provider.claims["preferred_username"] = name
    assert "cannot use" in told(comes(browser))
    assert house.people.everybody() == []


def test_who_comes_in_many_windows_at_once_is_one_person(house: House, port: int) -> None:
    def one(_: int) -> str | None:
        with Browser(port) as browser:
            assert comes(browser).status_code == 303
            return browser.who()

    with ThreadPoolExecutor(6) as pool:
        (only,) = set(pool.map(one, range(6)))
    assert [each.id for each in house.people.everybody()] == [only]


def test_in_the_frame_of_another_site_the_provider_opens_in_a_tab(
    provider: IdentityProvider,
) -> None:
    policy = Policy(public_origins=frozenset({"https://space.example"}))
    login = replace(USERS, framed=True)
    house = House(login, oidc=provider.settings(), policy=policy)
    with house.served() as port, Browser(port, Host="space.example") as browser:
        assert f'href="{BEGIN}" target="_blank" rel="noopener"' in browser.get("/").text


def test_by_a_link_somebody_is_theirs_and_passwords_may_be_off(provider: IdentityProvider) -> None:
    house = House(replace(USERS, passwords=False), setup=SETUP, oidc=provider.settings())
    with house.served() as port, Browser(port) as admin, Browser(port) as bob:
        page = admin.get(f"/?setup={SETUP}")
        assert "password" not in page.text
        begin = f"{BEGIN}?setup={SETUP}"
        assert begin in page.text
        assert comes(bob, f"{BEGIN}?setup=wrong").status_code == 410
        comes(admin, begin)
        assert admin.who() == LOCAL_OWNER
        assert comes(bob, begin).status_code == 410
        invitation = invited(admin, "bobby")
        provider.claims = {**ADA, "sub": "b0b", "preferred_username": "bob", "name": "Bob"}
        assert "Welcome" in bob.get(f"/?invite={invitation}").text
        comes(bob, f"{BEGIN}?invite={invitation}")
        assert {each.name for each in house.people.everybody()} == {"ada", "bobby"}
        assert bob.who() not in {None, LOCAL_OWNER}
        # Used up, and no way for passwords.
        assert accepted(bob, invitation).status_code == 403
        assert bob.sign_in("bobby").status_code == 403
        with Browser(port) as eve:
            provider.claims = {**ADA, "sub": "e5e"}
            assert comes(eve, f"{BEGIN}?invite={invitation}").status_code == 410
            # Who is somebody here already does not become another, and the link stays good.
            second = invited(admin, "dan")
            provider.claims = {**ADA, "sub": "b0b"}
            assert "somebody else" in told(comes(eve, f"{BEGIN}?invite={second}"))
            provider.claims = {**ADA, "sub": "d0d", "preferred_username": "any"}
            assert comes(eve, f"{BEGIN}?invite={second}").status_code == 303
        # Another link takes from who has the account what they came in by.
        found = house.people.by_name("bobby")
        assert found is not None
        assert admin.form("/people/change", person=found.id, act="link").status_code == 200
        assert bob.who() is None
        provider.claims = {**ADA, "sub": "b0b", "preferred_username": "bobby"}
        assert comes(bob).status_code == 409


def test_passwords_go_on_beside_it_unless_they_are_switched_off(
    provider: IdentityProvider,
) -> None:
    house = House(replace(USERS, plain_http=True), setup=SETUP, oidc=provider.settings())
    with house.served() as port, Browser(port) as ada:
        fields = {"name": "root", "password": PASSWORD, "again": PASSWORD}
        assert ada.form("/access/begin", setup=SETUP, **fields).status_code == 303
        assert "Another password" in ada.get("/account").text
        with Browser(port) as other:
            comes(other)
            account = other.get("/account").text
            assert "sign in by Example &amp; Co" in account
            assert "Another password" not in account
            assert 'type="password"' in other.get("/access/oidc/callback").text
        off = replace(house, login=replace(USERS, passwords=False))
        with off.served() as there, Browser(there) as browser:
            session = ada.cookies.get(f"easel-session-{port}")
            browser.cookies.set(f"easel-session-{there}", session or "", domain="127.0.0.1")
            assert browser.who() is None, "a session of a password holds no more"
            assert 'type="password"' not in browser.get("/").text
        # Who came by a password has nothing to leave elsewhere.
        assert "refresh" not in ada.form("/access/leave").text


def test_leaving_ends_here_and_there(
    house: House, provider: IdentityProvider, browser: Browser
) -> None:
    comes(browser)
    cookies = dict(browser.cookies)
    left = browser.form("/access/leave")
    found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', left.text)
    assert found is not None
    there = found[1].replace("&amp;", "&")
    home = f"http://127.0.0.1:{browser.port}/"
    assert fields_of(there) == {"client_id": "easel", "post_logout_redirect_uri": home}
    assert httpx.get(there).headers["location"] == home
    assert len(provider.left) == 1
    for name, value in cookies.items():
        browser.cookies.set(name, value, domain="127.0.0.1")
    assert browser.who() is None
    assert "refresh" not in browser.form("/access/leave").text
    # A provider may have no such place.
    for endpoint in ("", "javascript:alert(1)"):
        provider.metadata = lambda it, to=endpoint: it.update(end_session_endpoint=to)  # type: ignore[misc]
        with replace(house).served() as port, Browser(port) as other:
            comes(other)
            assert "refresh" not in other.form("/access/leave").text


def test_who_is_shut_out_is_not_let_in_by_the_provider(house: House, browser: Browser) -> None:
    comes(browser)
    (ada,) = house.people.everybody()
    house.people.change(ada.id, lambda each: replace(each, disabled_at=house.clock.moment))
    refused = comes(browser)
    assert refused.status_code == 403
    assert "not let in" in told(refused)
    assert browser.who() is None


def test_the_provider_sends_back_to_the_address_that_the_host_has_named(
    provider: IdentityProvider,
) -> None:
    policy = Policy(public_origins=frozenset({"https://studio.example", "https://other.example"}))
    house = House(USERS, oidc=provider.settings(), policy=policy, root_path="/art")
    with house.served() as port, Browser(port, Host="studio.example") as browser:
        off = browser.get(f"/art{BEGIN}")
        back = fields_of(off.headers["location"])["redirect_uri"]
        assert back == "https://studio.example/art/access/oidc/callback"
        cookie = off.headers["set-cookie"]
        assert cookie.startswith("__Host-easel-oidc.art=")
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"):
            assert part in cookie.split("; ")
        sent = {"Cookie": cookie.partition(";")[0]}
        entered = browser.get(came_back(off), headers=sent)
        assert entered.status_code == 303
        assert entered.headers["set-cookie"].startswith("__Host-easel-session.art=")
    with house.served() as port, Browser(port) as browser:
        # By another name one is sent to that address first, where the cookie counts, and only once.
        moved = browser.get(f"/art{BEGIN}?place=c%3D1")
        assert moved.headers["location"] == (
            "https://other.example/art/access/oidc?place=c%3D1&moved=1"
        )
        assert browser.get(f"/art{BEGIN}?moved=1").status_code == 400


def test_over_a_connection_that_others_can_read_nobody_is_signed_in(
    provider: IdentityProvider,
) -> None:
    policy = Policy(public_origins=frozenset({"http://studio.lan"}))
    house = House(USERS, oidc=provider.settings(), policy=policy)
    with house.served() as port, Browser(port, Host="studio.lan") as browser:
        assert "others can read" in told(browser.get(BEGIN))


ON = {"EASEL_OIDC_ISSUER": "https://id.example/realms/studio", "EASEL_OIDC_CLIENT_ID": "easel"}


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"EASEL_OIDC_CLIENT_ID": "easel"}, "goes with EASEL_OIDC_ISSUER"),
        ({**ON, "EASEL_OIDC_ISSUER": "http://id.example"}, "EASEL_OIDC_ISSUER is"),
        ({**ON, "EASEL_OIDC_ISSUER": "id.example"}, "EASEL_OIDC_ISSUER is"),
        ({**ON, "EASEL_OIDC_ISSUER": "https://id.example/?a=b"}, "EASEL_OIDC_ISSUER is"),
        ({**ON, "EASEL_OIDC_CLIENT_ID": " "}, "needs EASEL_OIDC_CLIENT_ID"),
        ({**ON, "EASEL_OIDC_NAME_CLAIM": "a b"}, "EASEL_OIDC_NAME_CLAIM"),
        ({**ON, "EASEL_LOGIN": "guests"}, "EASEL_LOGIN=users"),
        ({**ON, "EASEL_LOGIN": "local"}, "EASEL_LOGIN=users"),
        ({**ON, "HOST": "0.0.0.0"}, "EASEL_HOSTS"),
        ({**ON, "EASEL_ADMINISTRATORS": "ada"}, "EASEL_LOGIN=header"),
        ({"EASEL_PASSWORDS": "off"}, "goes with EASEL_OIDC_ISSUER"),
        ({"EASEL_ADMINISTRATOR_GROUPS": "keepers"}, "EASEL_LOGIN=header"),
        ({"EASEL_MANAGER_GROUPS": "stewards"}, "EASEL_LOGIN=header"),
    ],
)
def test_settings_that_make_no_sense_are_told(environ: dict[str, str], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        read_settings([], {"EASEL_LOGIN": "users", **environ})


def test_settings_of_a_provider_are_read() -> None:
    more = {
        "EASEL_OIDC_CLIENT_SECRET": "s3cret", "EASEL_OIDC_SCOPES": "profile, groups",
        "EASEL_OIDC_GROUPS": "painters, keepers", "EASEL_ADMINISTRATOR_GROUPS": "keepers",
        "EASEL_MANAGER_GROUPS": "stewards", "EASEL_PASSWORDS": "off", "EASEL_LOGIN": "users",
        "HOST": "0.0.0.0",
        "EASEL_HOSTS": "https://studio.example",
    }  # fmt: skip
    settings = read_settings([], {**ON, **more})
    assert settings.oidc is not None
    assert settings.oidc.scopes == ("openid", "profile", "groups")
    assert (settings.oidc.title, settings.passwords) == ("id.example", False)
    assert settings.oidc.groups == {"painters", "keepers"}
    assert settings.oidc.administrator_groups == {"keepers"}
    assert settings.oidc.welcome_groups == {"painters", "keepers", "stewards"}
    assert "s3cret" in settings.secrets
    assert "s3cret" not in repr(settings)
    assert read_oidc({}) is None


async def test_all_who_wait_for_a_provider_that_fails_hear_of_it_at_once() -> None:
    gate = Gate()
    with Loopback([Reply((gate, b"no"), status=503), Reply((b"no",), status=503)]) as server:
        made = OidcProvider(OidcSettings(server.url, "easel", title="It"), Network())
        many = [asyncio.create_task(made.metadata()) for _ in range(5)]
        await asyncio.to_thread(gate.reached.wait)
        many[0].cancel()  # one closes the page
        gate.open()
        heard = await asyncio.gather(*many, return_exceptions=True)
        assert isinstance(heard[0], asyncio.CancelledError)
        assert all(isinstance(each, NotSignedIn) for each in heard[1:])
        assert len(server.requests) == 1
        with pytest.raises(NotSignedIn):
            await made.metadata()
        assert len(server.requests) == 2, "the next one asks anew"
