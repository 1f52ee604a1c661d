"""A PostgreSQL server that dies under load and comes back loses nothing that was acknowledged."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.process.disk import until
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.promises.database_crash import crash
from tests.promises.rounds import rounds

pytestmark = pytest.mark.process

WRITERS = 4
UNAVAILABLE = 503


@pytest.fixture
def address(postgresql_url: str) -> str:
    """A database of the server's with nothing in it."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return postgresql_url


def test_what_was_acknowledged_is_there_after_every_crash_of_the_server(
    address: str, upstream: Upstream, tmp_path: Path
) -> None:
    crashes = rounds(2, 40)
    over = threading.Event()
    with Easel(tmp_path / "data", **upstream.environ, EASEL_DATABASE_URL=address) as easel:

        def ask_on(writer: int) -> tuple[list[dict[str, str]], int]:
            """Send one message after the other, each until it is taken; what was taken."""
            taken: list[dict[str, str]] = []
            refused = 0
            conversation = ""
            while not over.is_set() or not taken:
                if not conversation:
                    answer = easel.http.post("/api/conversations", json={})
                    if answer.status_code == httpx.codes.OK:
                        conversation = str(answer.json()["id"])
                    else:
                        assert answer.status_code == UNAVAILABLE, answer.text
                        refused += 1
                    continue
                body = {"text": f"{writer}.{len(taken)}", "client_id": uuid.uuid4().hex}
                while True:
                    path = f"/api/conversations/{conversation}/messages"
                    answer = easel.http.post(path, json=body)
                    if answer.status_code == httpx.codes.OK:
                        break
                    assert answer.status_code == UNAVAILABLE, answer.text
                    refused += 1
                taken.append({**answer.json(), "text": body["text"]})
                conversation = ""
            return taken, refused

        with ThreadPoolExecutor(WRITERS) as pool:
            writing = [pool.submit(ask_on, writer) for writer in range(WRITERS)]
            for _ in range(crashes):
                crash(address)
            over.set()
            done = [each.result() for each in writing]
        taken = [each for acknowledged, _ in done for each in acknowledged]
        assert len(taken) >= WRITERS

        def alive() -> bool:
            with psycopg.connect(address) as connection:
                left = connection.execute(
                    "SELECT count(*) FROM message WHERE status IN ('queued', 'streaming')"
                ).fetchone()
            return left == (0,)

        until(alive)
        with psycopg.connect(address) as connection:
            found = {
                str(row[0]): (str(row[1]), str(row[2]))
                for row in connection.execute("SELECT id, role, words FROM message")
            }
        for each in taken:
            assert found[each["question"]] == ("user", each["text"])
            assert found[each["reply"]][0] == "assistant"
        questions = [words for role, words in found.values() if role == "user"]
        assert len(questions) == len(set(questions)), "a message that was sent again is there twice"
