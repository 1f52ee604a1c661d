"""A whole Easel: what is used is counted, and a person is removed to the last byte."""

import json
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from storage.open import open_conversations
from tests.patience import PATIENCE_S
from tests.process.easel import Easel
from tests.process.test_people import PASSWORD, printed

pytestmark = pytest.mark.process

SECRET = "Draw a lighthouse by the sea at sunset"
EVER = date.min, date.max


def pictures(data: Path) -> list[str]:
    """The names of every file of a picture."""
    folders = (each for each in (data / "media").iterdir() if len(each.name) == 2)
    return [file.name for folder in folders for file in folder.iterdir()]


def whose(data: Path) -> str:
    """The one owner of what there is."""
    with closing(sqlite3.connect(data / "easel.db")) as database:
        ((owner,),) = database.execute("SELECT owner FROM conversation WHERE head_id IS NOT NULL")
    return str(owner)


def state(easel: Easel, asked: dict[str, str]) -> str:
    """The status of a reply."""
    with closing(sqlite3.connect(easel.folder / "easel.db")) as database:
        row = database.execute("SELECT status FROM message WHERE id = ?", (asked["reply"],))
        return str(row.fetchone()[0])


def test_somebody_is_removed_from_a_running_easel_to_the_last_byte(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Easel(data, EASEL_LOGIN="users") as easel:
        fields = {"password": PASSWORD, "again": PASSWORD}
        setup = printed(easel)
        easel.http.post("/access/begin", data={**fields, "name": "ada", "setup": setup})
        hers = dict(easel.http.cookies)
        added = easel.http.post(
            "/people/add", data={"name": "bob"}, headers={"Accept": "text/html"}
        )
        invitation = added.text.partition("?invite=")[2].partition("<")[0]
        easel.http.cookies.clear()
        easel.http.post("/access/begin", data={**fields, "invite": invitation})
        his = dict(easel.http.cookies)
        asked = easel.ask(easel.begin(), SECRET)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in his.items())}
        address = f"ws://127.0.0.1:{easel.port}/live"
        with connect(address, proxy=None, additional_headers=sent) as line:
            line.send(json.dumps({"type": "open", "conversation": asked["conversation"]}))
            while state(easel, asked) != "complete":
                line.recv(PATIENCE_S)
            bob = whose(data)
            assert pictures(data)
            easel.http.cookies.clear()
            easel.http.cookies.update(hers)
            gone = easel.http.post("/admin/person/remove", data={"person": bob, "typed": "bob"})
            assert gone.status_code == 200, gone.text
            with pytest.raises(ConnectionClosedError):
                list(line)  # until it is closed for him
        assert pictures(data) == []
        easel.http.cookies.clear()
        easel.http.cookies.update(his)
        assert easel.http.get("/api/conversations").status_code == 401
        easel.stop()
    store = open_conversations(f"sqlite:///{data / 'easel.db'}")
    ((owner, used),) = store.usage.totals("owner", *EVER)
    store.close()
    assert owner.startswith("removed-")
    assert (used.replies, used.pictures) == (1, 1)
    for file in (data / "easel.db", data / "easel.db-wal"):
        assert not file.exists() or SECRET.encode() not in file.read_bytes()
