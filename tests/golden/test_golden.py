"""What released versions wrote is opened, read, changed and backed up by this one, all of it."""

import json
import sqlite3
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from chat.core.errors import Damaged
from chat.core.messages import Message, Status, new_id
from chat.core.parts import Text
from chat.core.ports import Conversations, MediaStore
from chat.core.spending import Amount, SpendingLimits
from chat.core.usage_sums import UsageSum
from storage.backup import back_up
from storage.open import open_conversations, open_media
from storage.snapshots import newest_snapshot
from tests.golden.make import GOLDEN, OTHER_OWNER, OWNER

RELEASES = sorted(folder.name for folder in GOLDEN.iterdir() if (folder / "easel.db").is_file())


@pytest.fixture(params=RELEASES)
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the data folder that a release wrote."""
    return copytree(GOLDEN / str(request.param), tmp_path / "data")


def url_of(data: Path) -> str:
    return f"sqlite:///{data / 'easel.db'}"


def opened(data: Path, url: str = "", media: str = "") -> tuple[Conversations, MediaStore]:
    """The stores of a folder; ``url`` and ``media`` are of those that are elsewhere."""
    pictures = open_media(media or (data / "media").as_uri())
    return open_conversations(url or url_of(data)), pictures


def expected(data: Path) -> dict[str, Any]:
    """What the maker of a release wrote, in the shape that values have today."""
    read: dict[str, Any] = json.loads((data / "expected.json").read_text("ascii"))
    for conversation in read["conversations"]:
        # The options of the first release are settings of their own since.
        options = conversation.pop("options", {})
        conversation |= {name: str(chosen) for name, chosen in options.items()}
    return read


def holds(value: Any, wanted: Any) -> bool:
    """Whether a value is what was written: later versions may have added keys, no more."""
    if isinstance(wanted, dict):
        keys = wanted.keys() <= value.keys()
        return keys and all(holds(value[key], held) for key, held in wanted.items())
    if isinstance(wanted, list):
        return len(value) == len(wanted) and all(map(holds, value, wanted))
    return bool(value == wanted)


def moment(at: datetime) -> str:
    return at.isoformat()


def plain(value: Any) -> Any:
    return json.loads(json.dumps(asdict(value), default=moment))


def conversations(store: Conversations, data: Path) -> list[Any]:
    """Every conversation as stored, the one in the bin taken out for the look and put back."""
    found: list[Any] = []
    for wanted in expected(data)["conversations"]:
        owner, conversation_id = wanted["owner"], wanted["id"]
        if conversation_id == expected(data)["binned"]:
            found.append(plain(store.restore(owner, conversation_id)))
            store.delete(owner, conversation_id)
        else:
            found.append(plain(store.get(owner, conversation_id)))
    return found


CHANGING = {"head_id", "updated_at"}
"""What the maker left to the store: it is looked at by itself."""


def assert_all_there(data: Path, url: str = "", media_url: str = "") -> None:
    store, media = opened(data, url, media_url)
    wanted = expected(data)
    for found, each in zip(conversations(store, data), wanted["conversations"], strict=True):
        lasting = {key: held for key, held in each.items() if key not in CHANGING}
        assert holds(found, lasting)
    assert store.get(OWNER, "a" * 32).head_id == "a5".ljust(32, "0")
    binned = wanted["binned"]
    store.restore(OWNER, binned)
    for each in wanted["messages"]:
        owner = OTHER_OWNER if each["conversation_id"].startswith("d") else OWNER
        assert holds(plain(store.message(owner, each["id"])), each)
    store.delete(OWNER, binned)
    for ref in wanted["media"].values():
        assert len(media.get(ref["sha256"])) == ref["size_bytes"]
        assert store.media(OWNER, ref["sha256"]).mime == ref["mime"]
    for record in wanted.get("records", []):
        (kept,) = store.records(OWNER, record["kind"])
        assert holds(json.loads(json.dumps(asdict(kept), default=str)), record)
    for person in wanted.get("people", []):
        kept_person = store.people.person(person["id"])
        assert kept_person is not None
        assert holds(json.loads(json.dumps(asdict(kept_person), default=moment)), person)
    for subject, limits in wanted.get("limits", {}).items():
        assert store.budgets.limits([subject]) == {subject: SpendingLimits(**limits)}
    if spending := wanted.get("spending"):
        spent = store.budgets.spent(spending["owner"], date.fromisoformat(spending["day"]))
        assert spent.day == Amount(spending["usd"], spending["pictures"])
    every_day = date(2026, 1, 1), date(2026, 12, 31)
    if used := wanted.get("usage"):
        model = used["model"]
        found_sums = store.usage.totals("model", *every_day, model=model)
        assert found_sums == [(model, UsageSum(**used["sum"]))]
    for entry in wanted.get("audit", []):
        kept_entry = store.audit.entry(entry["id"])
        assert kept_entry is not None
        assert json.loads(json.dumps(asdict(kept_entry), default=moment)) == entry
    for name, value in wanted.get("settings", {}).items():
        assert store.host_settings.value(name) == value
    shares = [plain(store.shares.get(each["id"])) for each in wanted.get("shares", [])]
    assert holds(shares, wanted.get("shares", []))
    for session in wanted.get("sessions", []):
        found = store.people.session(session["id"])
        assert found is not None
        assert holds(json.loads(json.dumps(asdict(found[0]), default=moment)), session)
    assert store.media_in_use() == {ref["sha256"] for ref in wanted["media"].values()}
    store.close()


def test_what_ended_replies_have_used_is_summed_up_once_by_the_upgrade(data: Path) -> None:
    if "usage" in expected(data):
        pytest.skip("that release has counted by itself")
    store, _ = opened(data)
    replies = [each for each in expected(data)["messages"] if each["origin"]]
    ((model, used),) = store.usage.totals("model", date(2026, 1, 1), date(2026, 12, 31))
    assert (model, used.replies, used.calls) == ("gemini-image", len(replies), len(replies))
    assert (used.input_tokens, used.output_tokens, used.usd) == (526, 1419, 0.039)
    assert (used.failed, used.unpriced) == (0, len(replies) - 1)
    assert used.pictures == 2
    assert {row.owner for row in store.usage.rows(date.min, date.max)} == {OWNER}
    store.close()


def test_everything_is_there_after_the_upgrade(data: Path) -> None:
    assert_all_there(data)


def test_everything_is_there_when_it_is_opened_again(data: Path) -> None:
    opened(data)[0].close()
    assert_all_there(data)


def test_branches_searches_and_what_a_crash_left_are_as_they_were(data: Path) -> None:
    store, _ = opened(data)
    leaf = "a6".ljust(32, "0")
    assert [message.id[:2] for message in store.branch(leaf)] == ["a1", "a3", "a6"]
    first = "a1".ljust(32, "0")
    assert [found[:2] for found in store.siblings([first])[first]] == ["a1", "a4"]
    assert [hit.conversation.id[0] for hit in store.search(OWNER, "badger")] == ["a"]
    assert [hit.conversation.id[0] for hit in store.search(OWNER, "forget")] == []
    assert [message.id[:2] for message in store.unfinished()] == ["b6", "b7"]
    assert store.by_client_id("a" * 32, "client-2") is not None
    assert store.spending(OWNER, "a" * 32).cost_usd == 0.039
    store.close()


def test_it_can_be_written(data: Path) -> None:
    """Every value is written back once: what this version does not know of it must stay."""
    store, _ = opened(data)
    for each in expected(data)["conversations"]:
        if each["id"] != expected(data)["binned"]:
            store.change(each["owner"], each["id"], lambda found: found)
    messages = [each for each in expected(data)["messages"] if each["id"][0] != "c"]
    for each in messages:
        owner = OTHER_OWNER if each["conversation_id"].startswith("d") else OWNER
        store.update(store.message(owner, each["id"]))
    store.close()
    assert_all_there(data)
    store, _ = opened(data)
    for crashed in store.unfinished():
        status: Status = "interrupted"
        store.update(replace(crashed, status=status))
    question = Message(new_id(), "a" * 32, None, "user", (Text("And now?"),))
    store.add([question])
    assert store.get(OWNER, "a" * 32).head_id == question.id
    assert [hit.conversation.id[0] for hit in store.search(OWNER, "and now")] == ["a"]
    assert store.unfinished() == []
    assert store.purge(datetime.now(UTC)) == 1
    store.close()


def test_a_backup_of_it_holds_everything(data: Path, tmp_path: Path) -> None:
    opened(data)[0].close()
    copy = tmp_path / "copy"
    back_up(url_of(data), (data / "media").as_uri(), copy)
    (copy / "expected.json").write_bytes((data / "expected.json").read_bytes())
    assert_all_there(copy)


def test_the_copy_from_before_the_upgrade_is_the_release_s_own(data: Path) -> None:
    store, _ = opened(data)
    store.close()
    snapshot = newest_snapshot(data / "easel.db")
    if snapshot is None:
        return  # the newest release needs no upgrade, and so no copy
    (data / "easel.db").write_bytes(snapshot.read_bytes())
    assert_all_there(data)


def test_a_release_from_the_future_is_refused_in_words_and_left_as_it_is(data: Path) -> None:
    store, _ = opened(data)
    store.close()
    execute(data, "UPDATE alembic_version SET version_num = '9999'")
    execute(data, "ALTER TABLE message ADD COLUMN mood TEXT")
    before = {file: file.read_bytes() for file in data.rglob("*") if file.is_file()}
    with pytest.raises(Damaged, match=r"^easel\.db was written by a newer Easel: start that one"):
        open_conversations(url_of(data))
    assert {file: file.read_bytes() for file in data.rglob("*") if file.is_file()} == before


@pytest.mark.parametrize(
    ("change", "lacking"),
    [("DROP TABLE message_media", "message_media"), ("ALTER TABLE message DROP usage", "usage")],
)
def test_a_release_that_is_not_whole_is_refused_before_a_copy_pushes_out_a_good_one(
    data: Path, change: str, lacking: str
) -> None:
    execute(data, change)
    before = {file: file.read_bytes() for file in data.rglob("*") if file.is_file()}
    with pytest.raises(Damaged, match=rf"easel\.db lacks \S*{lacking}, so it is damaged"):
        open_conversations(url_of(data))
    assert {file: file.read_bytes() for file in data.rglob("*") if file.is_file()} == before


def execute(data: Path, statement: str) -> None:
    connection = sqlite3.connect(data / "easel.db")
    connection.execute(statement)
    connection.commit()
    connection.close()
