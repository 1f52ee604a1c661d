"""Easel as a process that keeps its conversations in a real PostgreSQL server."""

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from chat.core.messages import ALIVE, Message
from chat.core.parts import Text, plain_text
from storage.open import open_conversations
from tests.loopback import Gate
from tests.postgresql import postgresql_programs, postgresql_url
from tests.process.disk import OWNER, until
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.program import ROOT, command, environ

PASSWORD = "tell-nobody-7731"

__all__ = ["postgresql_url"]

pytestmark = pytest.mark.process


@pytest.fixture
def address(postgresql_url: str) -> str:
    """A new database of the server, with a password that it does not ask for."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS easel_e2e WITH (FORCE)")
        connection.execute("CREATE DATABASE easel_e2e")
    url = postgresql_url.replace("/postgres?", "/easel_e2e?")
    assert url != postgresql_url
    return url.replace("postgres:@", f"postgres:{PASSWORD}@")


def test_conversations_outlive_the_process_and_the_password_stays_unsaid(
    address: str, upstream: Upstream, tmp_path: Path
) -> None:
    with Easel(tmp_path / "data", **upstream.environ, EASEL_DATABASE_URL=address) as easel:
        conversation = easel.begin()
        upstream.says("Here it is.")
        started = easel.ask(conversation, "Draw a fox.")
        store = open_conversations(address)

        def ended(reply_id: str) -> Message | None:
            reply = store.message(OWNER, reply_id)
            return None if reply.status in ALIVE else reply

        reply = easel.awaited(started, ended)
        assert (reply.status, plain_text(reply.parts)) == ("complete", "Here it is.")
        easel.kill()
        easel.start()
        assert started["conversation"] in easel.http.get("/api/conversations?q=fox").text
        assert store.branch(reply.id)[1] == reply
        store.close()
        assert easel.stop() == 0
        assert not (tmp_path / "data" / "easel.db").exists()
        log = (tmp_path / "data.log").read_text("utf-8")
        assert PASSWORD not in log


def test_a_dump_that_was_made_amid_a_reply_is_an_easel_again(
    address: str, postgresql_url: str, upstream: Upstream, tmp_path: Path
) -> None:
    """As docs/hosting.md says it: pg_dump while Easel runs, and psql into an empty database."""
    gate, programs = Gate(), postgresql_programs()
    plain = address.replace(f":{PASSWORD}@", ":@")
    with Easel(tmp_path / "data", **upstream.environ, EASEL_DATABASE_URL=address) as easel:
        upstream.says("Kept.")
        conversation = easel.begin()
        store = open_conversations(address)
        kept = easel.ask(conversation, "one")
        easel.awaited(kept, lambda reply: store.message(OWNER, reply).status == "complete" or None)
        upstream.says("Half", gate)
        cut = easel.ask(conversation, "two")
        until(lambda: store.message(OWNER, cut["reply"]).parts or None)
        dump = subprocess.run(
            [str(programs / "pg_dump"), plain], capture_output=True, check=True
        ).stdout
        gate.open()
        store.close()
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS restored WITH (FORCE)")
        connection.execute("CREATE DATABASE restored")
    restored = plain.replace("/easel_e2e?", "/restored?")
    psql = [str(programs / "psql"), "--quiet", "--set", "ON_ERROR_STOP=1", restored]
    subprocess.run(psql, input=dump, stdout=subprocess.DEVNULL, check=True)
    with Easel(tmp_path / "again", **upstream.environ, EASEL_DATABASE_URL=restored) as easel:
        store = open_conversations(restored)
        assert plain_text(store.message(OWNER, kept["reply"]).parts) == "Kept."

        def settled(reply_id: str) -> Message | None:
            reply = store.message(OWNER, reply_id)
            return None if reply.status in ALIVE else reply

        # Who wrote it may live for all that this one knows, until its lease has run out.
        reply = easel.awaited(cut, settled)
        assert (reply.status, plain_text(reply.parts)) == ("interrupted", "Half")
        upstream.says("Whole.")
        again = easel.post(f"/api/messages/{cut['reply']}/regenerate")
        easel.awaited(again, lambda made: store.message(OWNER, made).status == "complete" or None)
        store.close()
        assert easel.stop() == 0


def test_words_that_had_come_outlive_a_crash(
    address: str, upstream: Upstream, tmp_path: Path
) -> None:
    gate = Gate()
    with Easel(tmp_path / "data", **upstream.environ, EASEL_DATABASE_URL=address) as easel:
        upstream.says("Half a ", "sentence 🙂", gate)
        started = easel.ask(easel.begin(), "go")
        with psycopg.connect(address, autocommit=True) as looking:

            def saved() -> str | None:
                of = "SELECT words FROM message WHERE id = %s"
                row = looking.execute(of, [started["reply"]]).fetchone()
                return row[0] or None if row else None

            until(saved)
        easel.kill()
        easel.start()
        store = open_conversations(address)
        reply = store.message(OWNER, started["reply"])
        assert (reply.status, reply.parts) == ("interrupted", (Text("Half a sentence 🙂"),))
        assert reply.finish is not None
        assert "Try again" in reply.finish.message
        assert plain_text(store.message(OWNER, started["question"]).parts) == "go"
        assert store.unfinished() == []
        store.close()
        upstream.says("Here it is.")
        again = easel.post(f"/api/messages/{reply.id}/regenerate")
        assert again["reply"] != reply.id


def refused(folder: Path, url: str, code: str = "") -> str:
    """What a start with this address says, which must end at once."""
    program = [sys.executable, "-c", code, "--port", "0"] if code else command("--port", "0")
    done = subprocess.run(
        program,
        cwd=ROOT,
        env=environ(folder, EASEL_DATABASE_URL=url),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    said = done.stdout + done.stderr
    assert PASSWORD not in said
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        (f"postgresql://easel:{PASSWORD}@127.0.0.1:1/easel", "cannot be reached"),
        (f"postgres://easel:{PASSWORD}@127.0.0.1:1/easel", "cannot be reached"),
        (f"postgresql://easel:{PASSWORD}@127.0.0.1:port/easel", "cannot be read"),
        (f"postgresql://easel:/{PASSWORD}@127.0.0.1/easel", "cannot be re"),
        (
            f"mysql://easel:{PASSWORD}@127.0.0.1/easel",
            "no store of conversations of the kind “mysql”",
        ),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_in_a_sentence(
    tmp_path: Path, url: str, sentence: str
) -> None:
    assert sentence in refused(tmp_path / "data", url)


def test_a_driver_that_is_not_installed_is_named_with_the_way_to_it(tmp_path: Path) -> None:
    code = "import sys; sys.modules['psycopg'] = None; import app; sys.exit(app.main())"
    said = refused(tmp_path / "data", f"postgresql://easel:{PASSWORD}@127.0.0.1/easel", code)
    assert "psycopg" in said
    assert "-m pip install 'psycopg" in said


def test_a_database_from_the_future_is_refused_in_a_sentence(address: str, tmp_path: Path) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    assert "written by a newer Easel" in refused(tmp_path / "data", address)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    said = refused(tmp_path / "data", address)
    assert "never had" in said
    assert "newer" not in said
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("0000",)]
