"""During an upgrade the version before goes on beside the new one.

The version to come is this one with one revision more: what a later Easel will bring to the
database, and no more. Or ``OLDER_CHECKOUT`` names a checkout of the version before: it stands for
this one then, and this one for the one to come.
"""

import os
from pathlib import Path
from shutil import copy, copytree

import psycopg
import pytest

from chat.core.messages import ALIVE
from storage.tables import REVISION
from tests.loopback import Gate
from tests.patience import PATIENCE_S
from tests.postgresql import postgresql_url
from tests.process.disk import until
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.program import ROOT

__all__ = ["postgresql_url"]

pytestmark = pytest.mark.process

OLDER = "OLDER_CHECKOUT"

OLD = f'REVISION = "{REVISION}"'
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = "{before}"

def upgrade() -> None:
    op.add_column("message", sa.Column("added_{number}", sa.String(), nullable=True))
    op.create_table("table_{number}", sa.Column("id", sa.String(), primary_key=True))
"""


class Checkout(Easel):
    """One that is started where it lies."""

    warm = False


def later(folder: Path, number: str) -> Path:
    """A checkout of the version to come."""
    folder.mkdir()
    copy(ROOT / "app.py", folder)
    for name in ("chat", "assets", "words"):
        (folder / name).symlink_to(ROOT / name)
    copytree(ROOT / "storage", folder / "storage")
    file = folder / "storage" / "migrations" / "versions" / f"r{number}_next.py"
    file.write_text(NEXT.format(number=number, before=REVISION))
    tables = folder / "storage" / "tables.py"
    text = tables.read_text("utf-8")
    assert OLD in text
    tables.write_text(text.replace(OLD, f'REVISION = "{number}"'), "utf-8")
    return folder


def test_the_next_version_comes_beside_this_one_which_finishes_what_it_writes(
    postgresql_url: str, upstream: Upstream, tmp_path: Path
) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS easel_versions WITH (FORCE)")
        connection.execute("CREATE DATABASE easel_versions")
    url = postgresql_url.replace("/postgres?", "/easel_versions?")
    shared = {
        **upstream.environ,
        "EASEL_DATABASE_URL": url,
        "EASEL_MEDIA_URL": (tmp_path / "media").as_uri(),
    }

    now, following = (Checkout(tmp_path / name, **shared) for name in ("now", "next"))
    older, newest = os.environ.get(OLDER), "9001"
    if older:
        now.cwd, newest = Path(older), REVISION
    else:
        following.cwd = later(tmp_path / "checkout", newest)
    with psycopg.connect(url, autocommit=True) as database, now:

        def revision() -> str:
            row = database.execute("SELECT version_num FROM alembic_version").fetchone()
            return str(row and row[0])

        gate = Gate()
        upstream.says("The beginning", gate, " and the end.")
        started = now.ask(now.begin(), "go")
        assert gate.reached.wait(PATIENCE_S)
        with following:
            assert revision() == newest
            until(lambda: "migrations" in now.http.get("/readyz").text)
            assert following.http.get("/readyz").status_code == 200
            with following.page(started["conversation"]) as page:
                while "The beginning" not in str(page.recv(timeout=PATIENCE_S)):
                    pass
                gate.open()
                while "and the end." not in str(page.recv(timeout=PATIENCE_S)):
                    pass

            def ended(reply: str) -> str | None:
                asked = "SELECT status FROM message WHERE id = %s"
                (status,) = database.execute(asked, [reply]).fetchone() or ("",)
                return None if status in ALIVE else str(status)

            assert following.awaited(started, ended) == "complete"
            # Until it is asked to end, this one takes what it is asked, too.
            again = now.ask(now.begin(), "once more")
            assert following.awaited(again, ended) == "complete"
            assert now.stop() == 0
            with pytest.raises(AssertionError):
                now.start()
            assert "newer Easel" in now.log()
