"""Whoever is shut out, made less or removed while they still send has no use of the rest of it."""

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from socket import create_connection
from urllib.parse import urlencode

import httpx
import pytest

from tests.patience import PATIENCE_S
from tests.process.easel import Easel
from tests.process.test_people import PASSWORD, printed
from tests.unit.turns.workshop import png

pytestmark = pytest.mark.process

CASES = [
    # What becomes of an administrator meanwhile, what they are sending, and what they are told.
    ("shut", "/people/change", {"person": "SELF", "act": "open"}, 401),
    ("user", "/people/change", {"person": "SELF", "act": "administrator"}, 404),
    ("manager", "/people/change", {"person": "SELF", "act": "administrator"}, 404),
    ("user", "/people/budgets", {"subject": "person:SELF", "usd_a_day": "9"}, 404),
    ("user", "/admin/retention", {"audit_days": "1"}, 404),
    ("out", "/account/keys", {"key_name": "late", "chat": "on"}, 401),
    ("removed", "/admin/person/remove", {"person": "ADA", "typed": "ada"}, 401),
    ("removed", "/api/media", {}, 401),
]
KEPT = {
    "person": "SELECT id, role, disabled_at IS NULL FROM person ORDER BY id",
    "limit": "SELECT count(*) FROM spending_limit",
    "rules": "SELECT * FROM host_setting",
    "key": "SELECT count(*) FROM personal_key",
    "picture": "SELECT count(*) FROM media_grant",
}


def kept(easel: Easel) -> dict[str, list[tuple[object, ...]]]:
    """What they would have changed."""
    with closing(sqlite3.connect(easel.folder / "easel.db")) as database:
        return {name: database.execute(asked).fetchall() for name, asked in KEPT.items()}


def browser(easel: Easel, open_: ExitStack, **fields: str) -> httpx.Client:
    """Somebody who comes in by a link."""
    html = {"Accept": "text/html"}
    made = open_.enter_context(
        httpx.Client(base_url=easel.address, trust_env=False, timeout=PATIENCE_S, headers=html)
    )
    proof = {"password": PASSWORD, "again": PASSWORD}
    assert made.post("/access/begin", data={**proof, **fields}).status_code == 303
    return made


def test_what_is_still_being_sent_counts_for_who_its_sender_is_when_it_is_all_there(
    tmp_path: Path,
) -> None:
    with Easel(tmp_path / "data", EASEL_LOGIN="users") as easel, ExitStack() as open_:
        ada = browser(easel, open_, name="ada", setup=printed(easel))
        (first,) = kept(easel)["person"]
        for number, (act, path, fields, status) in enumerate(CASES):
            name = f"bob{number}"
            link = ada.post("/people/add", data={"name": name, "role": "administrator"}).text
            bob = browser(easel, open_, invite=link.partition("?invite=")[2].partition("<")[0])
            with closing(sqlite3.connect(easel.folder / "easel.db")) as database:
                asked = "SELECT id FROM person WHERE name = ?"
                (his,) = database.execute(asked, (name,)).fetchone()
            meant = {"SELF": his, "ADA": str(first[0])}
            text = urlencode({key: _with(value, meant) for key, value in fields.items()})
            body = text.encode() if fields else png("blue", 20)
            with create_connection(("127.0.0.1", easel.port), timeout=PATIENCE_S) as line:
                line.sendall(_head(easel, bob, path, body, form=bool(fields)))
                # Whoever reads the body has looked who sends it.
                assert line.recv(100).startswith(b"HTTP/1.1 100 "), path
                line.sendall(body[:-1])
                if act == "removed":
                    done = ada.post("/admin/person/remove", data={"person": his, "typed": name})
                    assert done.status_code == 200
                else:
                    done = ada.post("/people/change", data={"person": his, "act": act})
                    assert done.status_code == 303
                before = kept(easel)
                line.sendall(body[-1:])
                answer = b"".join(iter(lambda: line.recv(65536), b""))
            assert answer.split(b" ", 2)[1] == str(status).encode(), (act, path, answer)
            assert kept(easel) == before, (act, path)
        assert "Traceback" not in easel.log()


def _with(value: str, meant: dict[str, str]) -> str:
    for word, is_ in meant.items():
        value = value.replace(word, is_)
    return value


def _head(easel: Easel, sender: httpx.Client, path: str, body: bytes, *, form: bool) -> bytes:
    cookies = "; ".join(f"{name}={value}" for name, value in sender.cookies.items())
    kind = "application/x-www-form-urlencoded" if form else "application/octet-stream"
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{easel.port}\r\nOrigin: {easel.address}\r\n"
        f"Cookie: {cookies}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        "Expect: 100-continue\r\nConnection: close\r\n\r\n"
    ).encode()
