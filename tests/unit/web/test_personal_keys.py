"""Who signs in makes keys for their programs: shown once, kept by hash, good for what they say."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from chat.web.api_door import ApiDoor, holder_of
from chat.web.api_keys import ApiKeys
from chat.web.key_holders import KeyHolders
from storage.memory_personal_keys import MemoryPersonalKeys
from tests.unit.web.signed_in import SETUP, USERS, Browser, House, accepted, administrator, invited

EVERY = {"scope_chat": "1", "scope_images": "1", "scope_read": "1"}


@contextmanager
def house() -> Iterator[tuple[House, MemoryPersonalKeys, Browser, Browser]]:
    """The administrator Ada and the user Bob, who may have keys."""
    made = House(USERS, setup=SETUP)
    made.keys = keys = MemoryPersonalKeys(made.people)
    with made.served() as port, Browser(port) as ada, Browser(port) as bob:
        administrator(made, ada)
        accepted(bob, invited(ada, "bob"))
        yield made, keys, ada, bob


def made_by(browser: Browser, name: str = "laptop", lasts: str = "30", **scopes: str) -> str:
    """A new key, as the page shows it."""
    answer = browser.form("/account/keys", key_name=name, lasts=lasts, **(scopes or EVERY))
    assert answer.status_code == 200, answer.text
    found = re.search(r"<b>(sk-easel-[\w-]+)</b>", answer.text)
    assert found is not None
    return found[1]


async def asked(house: House, keys: MemoryPersonalKeys, key: str, path: str) -> httpx.Response:
    """A request of a program, answered with whose it is."""

    async def routes(scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        holder = holder_of(scope)
        said = f"{holder.owner} {holder.name}" if holder else "nobody"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": said.encode()})

    login = house.login
    holders = KeyHolders(
        ApiKeys(),
        keys,
        lambda: house.clock.moment,
        lambda person: person.signs_in(passwords=login.passwords, provider=True),
    )
    door = httpx.ASGITransport(ApiDoor(routes, routes, holders))
    async with httpx.AsyncClient(transport=door, base_url="http://easel") as http:
        return await http.post(path, headers={"Authorization": f"Bearer {key}"})


async def test_a_key_acts_for_who_made_it_until_it_is_revoked() -> None:
    with house() as (made, keys, _, bob):
        key, his = made_by(bob), str(bob.who())
        told = await asked(made, keys, key, "/v1/chat/completions")
        assert told.text == f"{his} bob/laptop"
        page = bob.get("/account").text
        assert key not in page, "it is shown once"
        assert key not in repr(keys.of(his))
        assert "last used 26 November 2026" in page
        key_id = re.search(r'name="key" value="(\w+)"', page)
        assert key_id is not None
        assert bob.form("/account/keys/revoke", key=key_id[1]).status_code == 303
        assert (await asked(made, keys, key, "/v1/models")).status_code == 401
        assert bob.form("/account/keys/revoke", key=key_id[1]).status_code == 404


async def test_a_key_is_good_for_nothing_where_its_owner_has_no_way_in_any_more() -> None:
    with house() as (made, keys, _, bob):
        key, his = made_by(bob), str(bob.who())
        made.login = replace(made.login, passwords=False)
        assert (await asked(made, keys, key, "/v1/models")).status_code == 401
        made.people.change(his, lambda person: replace(person, identity="1" * 64))
        assert (await asked(made, keys, key, "/v1/models")).status_code == 200
        made.people.change(his, lambda person: replace(person, disabled_at=made.clock.moment))
        assert (await asked(made, keys, key, "/v1/models")).status_code == 401


@pytest.mark.parametrize(
    ("scope", "opens"),
    [
        ("chat", {"/v1/chat/completions", "/mcp"}),
        ("images", {"/v1/images/generations", "/v1/images/edits", "/mcp"}),
        ("read", {"/v1/models", "/v1/models/sketch", "/mcp"}),
    ],
)
async def test_a_key_opens_what_it_was_made_for_and_nothing_else(
    scope: str, opens: set[str]
) -> None:
    paths = (
        "/v1/chat/completions", "/v1/images/generations", "/v1/images/edits", "/v1/models",
        "/v1/models/sketch", "/mcp", "/v1/whatever/comes",
    )  # fmt: skip
    with house() as (made, keys, _, bob):
        key = made_by(bob, **{f"scope_{scope}": "1"})
        answers = {path: await asked(made, keys, key, path) for path in paths}
        found = {path for path, answer in answers.items() if answer.status_code == 200}
        assert found - {"/v1/whatever/comes"} == opens
        refused = [answer for path, answer in answers.items() if path not in found]
        assert {answer.status_code for answer in refused} == {403}
        assert {answer.json()["error"]["code"] for answer in refused} == {"insufficient_scope"}


async def test_a_key_ends_by_its_time_with_its_person_and_with_a_new_password() -> None:
    with house() as (made, keys, ada, bob):
        his, key, lasting = str(bob.who()), made_by(bob), made_by(bob, "lasting", lasts="")
        path = "/v1/models"
        ada.form("/people/change", person=his, act="shut")
        assert (await asked(made, keys, key, path)).status_code == 401
        ada.form("/people/change", person=his, act="open")
        assert (await asked(made, keys, key, path)).status_code == 200
        made.clock.moment += timedelta(days=30)
        assert (await asked(made, keys, key, path)).status_code == 401
        assert (await asked(made, keys, lasting, path)).status_code == 200
        assert ada.sign_in("ada").status_code == 303
        ada.form("/people/change", person=his, act="link")
        assert (await asked(made, keys, lasting, path)).status_code == 401
        assert keys.of(his) == []


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"key_name": "no spaces", **EVERY}, 400, "The name of a key"),
        ({"key_name": "laptop"}, 400, "Choose what the key is good for"),
        ({"key_name": "laptop", "lasts": "9999", **EVERY}, 400, "Choose what"),
        ({"key_name": "taken", **EVERY}, 409, "You have a key of that name"),
    ],
)
def test_what_makes_no_key_is_said_and_nothing_typed_is_lost(
    fields: dict[str, str], status: int, words: str
) -> None:
    with house() as (_, keys, _, bob):
        made_by(bob, "taken")
        answer = bob.form("/account/keys", **{"lasts": "30", **fields})
        assert answer.status_code == status
        assert words in answer.text
        assert f'value="{fields["key_name"]}"' in answer.text
        assert [key.name for key in keys.of(str(bob.who()))] == ["taken"]


def test_nobody_makes_or_revokes_a_key_of_another() -> None:
    with house() as (made, keys, ada, bob), Browser(bob.port) as stranger:
        made_by(bob)
        (key,) = keys.of(str(bob.who()))
        assert ada.form("/account/keys/revoke", key=key.id).status_code == 404
        assert stranger.form("/account/keys/revoke", key=key.id).status_code == 401
        assert stranger.form("/account/keys", key_name="x", **EVERY).status_code == 401
        assert keys.of(str(bob.who())) == [key]
        made.keys = None
    with made.served() as port, Browser(port) as off:
        off.sign_in("bob")
        assert "Keys of programs" not in off.get("/account").text
        assert off.form("/account/keys", key_name="x", lasts="30", **EVERY).status_code == 404
