"""Zips made to hurt, or hurt on the way: a plain sentence, and nothing left behind."""

import asyncio
import hashlib
import io
import json
import random
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest

from chat.archive import sources
from chat.archive.document import NotTaken
from chat.archive.importing import Importer
from chat.core.errors import Full
from chat.core.messages import Conversation, now
from chat.core.parts import MediaRef
from chat.core.ports import WholeConversation
from storage.memory import MemoryConversations
from storage.stored_form import JsonForm
from tests.unit.archive.conversations import ME, House, run
from tests.unit.archive.test_round_trip import of_two_answers
from tests.unit.turns.workshop import EDITOR


@pytest.fixture(scope="module")
def sound() -> bytes:
    """A zip that is taken."""

    async def made() -> bytes:
        with closing(House()) as house:
            return await house.zipped((await house.keep(of_two_answers())).id)

    data: bytes = run(made())
    return data


@pytest.fixture
def house() -> Iterator[House]:
    with closing(House()) as made:
        yield made


Entries = dict[str, bytes]


def unpacked(data: bytes) -> Entries:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(entries: Entries, more: Callable[[zipfile.ZipFile], None] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in entries.items():
            file.writestr(name, data)
        if more:
            more(file)
    return out.getvalue()


def adding(name: str, data: bytes = b"x", mode: int = 0) -> Callable[[Entries], bytes]:
    def spoil(entries: Entries) -> bytes:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = mode << 16
        return packed(entries, lambda file: file.writestr(entry, data))

    return spoil


def document(change: Callable[[dict[str, Any]], object]) -> Callable[[Entries], bytes]:
    """The zip with its document changed."""

    def spoil(entries: Entries) -> bytes:
        value = json.loads(entries["conversation.json"])
        change(value)
        return packed({**entries, "conversation.json": json.dumps(value).encode()})

    return spoil


def message(number: int, **changes: object) -> Callable[[Entries], bytes]:
    return document(lambda value: value["messages"][number].update(changes))


def twice(entries: Entries) -> bytes:
    with pytest.warns(UserWarning, match="Duplicate name"):
        return packed(entries, lambda file: file.writestr("conversation.json", b"{}"))


def a_picture_changed(entries: Entries) -> bytes:
    name = next(name for name in entries if name.startswith("pictures/"))
    return packed({**entries, name: entries[name][:-1] + b"!"})


def a_picture_that_is_none(entries: Entries) -> bytes:
    value = json.loads(entries["conversation.json"])
    data = b"<html>not a picture</html>"
    value["pictures"][0]["sha256"] = hashlib.sha256(data).hexdigest()
    text = json.dumps(value).encode()
    return packed({**entries, "conversation.json": text, value["pictures"][0]["file"]: data})


def a_picture_missing(entries: Entries) -> bytes:
    return packed({n: d for n, d in entries.items() if not n.startswith("pictures/01")})


def a_bomb(entries: Entries) -> bytes:
    return packed({**entries, "conversation.json": b" " * 40_000_000})


def that_lies_of_its_size(_: Entries) -> bytes:
    """The directory says ten bytes; the entry goes on for megabytes."""
    data = bytearray(packed({"conversation.json": b" " * 500_000}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    return bytes(data)


def overlapping(_: Entries) -> bytes:
    """Two entries of the directory that share the bytes of one."""
    data = packed({"conversation.json": b"[" * 50_000, "b.json": b"{}"})
    at = data.rfind(b"PK\x01\x02")
    spoiled = bytearray(data)
    spoiled[at + 42 : at + 46] = struct.pack("<I", 0)
    return bytes(spoiled)


def encrypted(entries: Entries) -> bytes:
    data = bytearray(packed(entries))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def many(entries: Entries) -> bytes:
    return packed({**entries, **{f"pictures/{n}": b"" for n in range(sources.MAX_ENTRIES)}})


def a_long_directory(entries: Entries) -> bytes:
    return packed({**entries, **{f"{n}-{'x' * 60_000}": b"" for n in range(70)}})


def packed_oddly(entries: Entries) -> bytes:
    return packed(entries, lambda file: file.writestr("more", b"x" * 9, zipfile.ZIP_BZIP2))


def cut_short(entries: Entries) -> bytes:
    return packed(entries)[:-30]


def a_byte_flipped(entries: Entries) -> bytes:
    data = bytearray(packed(entries))
    at = data.find(b"conversation.json") + len("conversation.json") + 40
    data[at] ^= 0xFF
    return bytes(data)


def a_name_with_a_nul(entries: Entries) -> bytes:
    return packed({**entries, "pictures/aXb": b""}).replace(b"pictures/aXb", b"pictures/a\0b")


HOSTILE: dict[str, tuple[Callable[[Entries], bytes], str]] = {
    "a path up": (adding("../outside.txt"), sources.ESCAPES),
    "a path up within": (adding("pictures/../../x"), sources.ESCAPES),
    "a path up for Windows": (adding("..\\outside.txt"), sources.ESCAPES),
    "an absolute path": (adding("/etc/passwd"), sources.ESCAPES),
    "a drive": (adding("C:\\x.txt"), sources.ESCAPES),
    "a share": (adding("\\\\server\\x"), sources.ESCAPES),
    "a nul in a name": (a_name_with_a_nul, sources.ESCAPES),
    "a link": (adding("pictures/x.png", b"/etc/passwd", stat.S_IFLNK | 0o777), sources.LINK),
    "a device": (adding("pictures/x.png", b"", stat.S_IFCHR | 0o666), sources.LINK),
    "the same name twice": (twice, sources.TWICE),
    "the same name in capitals": (adding("Conversation.JSON"), sources.TWICE),
    "encrypted": (encrypted, sources.ENCRYPTED),
    "packed with bzip2": (packed_oddly, sources.METHOD),
    "a bomb": (a_bomb, sources.SWELLS),
    "overlapping entries": (overlapping, sources.SWELLS),
    "a size that lies": (that_lies_of_its_size, sources.DAMAGED),
    "too many entries": (many, sources.TOO_MANY),
    "a long directory": (a_long_directory, sources.TOO_MANY),
    "cut short": (cut_short, sources.NO_ZIP),
    "a byte flipped": (a_byte_flipped, sources.DAMAGED),
    "not a zip": (lambda _: b"PK but no zip", sources.NO_ZIP),
    "nothing": (lambda _: b"", "The file is empty."),
    "a picture": (lambda e: e["pictures/01-a-small-fox.png"], "This is neither a zip nor"),
    "of nobody known": (lambda _: packed({"notes.txt": b"hello"}), "no conversation in this file"),
    "a nested zip": (lambda e: packed({"inner.zip": packed(e)}), "no conversation in this file"),
    "no JSON": (lambda e: packed({**e, "conversation.json": b"{"}), sources.NO_JSON),
    "deep JSON": (lambda e: packed({**e, "conversation.json": b"[" * 90_000}), sources.NO_JSON),
    "dense JSON": (lambda e: packed({**e, "conversation.json": _dense()}), sources.TOO_LARGE),
    "another document": (lambda _: packed({"conversation.json": b"[]"}), "not a conversation that"),
    "a newer version": (document(lambda v: v.update(version=2)), "exported by a newer Easel"),
    "no version": (document(lambda v: v.pop("version")), "it has no version"),
    "a version of letters": (document(lambda v: v.update(version="1")), "it has no version"),
    "a version that is true": (document(lambda v: v.update(version=True)), "it has no version"),
    "no messages": (document(lambda v: v.update(messages=[])), "does not hold together"),
    "messages that are none": (
        document(lambda v: v.update(messages=[1])),
        "does not hold together",
    ),
    "a head astray": (
        document(lambda v: v["conversation"].update(head="0" * 32)),
        "does not hold together",
    ),
    "no settings": (document(lambda v: v["conversation"].pop("settings")), "not hold together"),
    "a parent astray": (message(1, parent="0" * 32), "does not hold together"),
    "a circle": (
        document(lambda v: v["messages"][0].update(parent=v["messages"][0]["id"])),
        "does not hold together",
    ),
    "an id twice": (
        document(lambda v: v["messages"][1].update(id=v["messages"][2]["id"])),
        "does not hold together",
    ),
    "a role of nobody": (message(0, role="system"), "does not hold together"),
    "a moment without a zone": (message(0, created_at="2026-01-01T00:00:00"), "not hold together"),
    "a moment out of time": (
        message(0, created_at="0001-01-01T00:00:00+23:00"),
        "does not hold together",
    ),
    "a cost of letters": (message(1, cost_usd="much"), "does not hold together"),
    "a cost without end": (message(1, cost_usd=10**400), "does not hold together"),
    "a cost below nothing": (message(1, cost_usd=-1), "does not hold together"),
    "a picture changed": (a_picture_changed, "a picture in it is not what it was"),
    "a picture that is none": (a_picture_that_is_none, "A picture in the file is not taken."),
    "a picture missing": (a_picture_missing, "is named in it and not there"),
    "a picture elsewhere": (
        document(lambda v: v["pictures"][0].update(file="../../x.png")),
        "is named in it and not there",
    ),
    "a picture of a message with a path for a name": (
        document(lambda v: v["messages"][0]["parts"]["value"][0]["media"].update(sha256="../../x")),
        "does not hold together",
    ),
    "a picture of another name": (
        document(lambda v: v["pictures"][0].update(sha256="../x")),
        "does not hold together",
    ),
}


def _dense() -> bytes:
    """JSON of which nearly each byte would be a value."""
    return b"[" + b"[]," * 60_000 + b"1]"


@pytest.mark.parametrize("name", HOSTILE)
async def test_what_is_wrong_is_said_and_nothing_is_left(
    name: str, sound: bytes, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "dense JSON":
        monkeypatch.setattr(sources, "MAX_MARKS", 50_000)
    spoil, sentence = HOSTILE[name]
    with pytest.raises(NotTaken) as refused:
        await house.take(spoil(unpacked(sound)))
    assert sentence in str(refused.value)
    assert house.store.search(ME) == []
    assert house.store.mark().newest == 0
    assert house.store.media_known() == set()
    assert house.media.names(now()) == []


async def test_the_sound_one_is_taken_however_it_is_packed(sound: bytes, house: House) -> None:
    entries = unpacked(sound)
    noise = {"__MACOSX/x": b"", "notes.txt": b"mine", "inner.zip": packed({"../x": b""})}
    in_a_folder = {f"A fox/{name}": data for name, data in entries.items()}
    for data in (sound, packed({**entries, **noise}), packed(in_a_folder)):
        assert len((await house.take(data)).conversations) == 1


@pytest.mark.parametrize("form", [dict, json.dumps])
async def test_letters_that_no_store_keeps_are_made_sound_and_lose_nothing_else(
    form: Callable[[dict[str, Any]], Any], sound: bytes, house: House
) -> None:
    def renamed(value: dict[str, Any]) -> None:
        settings = value["conversation"]["settings"]
        settings["value"]["title"] = "a\x00 fox \ud800 \U0001f98a"
        value["conversation"]["settings"] = form(settings)

    odd = document(renamed)
    taken = await house.take(odd(unpacked(sound)))
    assert [made.title for made in taken.conversations] == ["a fox \ufffd \U0001f98a"]


async def test_no_import_opens_a_picture_that_is_somebody_elses(sound: bytes, house: House) -> None:
    """A file may name any picture; only whoever sends its bytes may see it."""
    theirs = b"".join([unpacked(sound)[n] for n in unpacked(sound) if n.startswith("pictures/02")])
    ref, _ = await house.pictures.keep("somebody", theirs, "model")

    def lose(value: dict[str, Any]) -> None:
        value["pictures"] = [row for row in value["pictures"] if row["sha256"] != ref.sha256]

    await house.take(document(lose)(unpacked(sound)))
    with pytest.raises(Exception, match="There is no such picture"):
        await house.pictures.bytes_of(ME, ref.sha256, thumbnail=False)


class _NoRoom(MemoryConversations):
    """A database whose disk is full."""

    def add_whole(
        self,
        owner: str,
        wholes: Sequence[WholeConversation],
        pictures: Sequence[MediaRef] = (),
        *,
        lender: str = "",
    ) -> list[Conversation]:
        raise Full(f"No room for {owner}{lender}: {len(wholes)} and {len(pictures)}.")


async def test_pictures_go_again_where_the_conversations_cannot_be_kept(
    sound: bytes, house: House
) -> None:
    house.importer = Importer(_NoRoom(), house.pictures, JsonForm(), lambda _: "usual", EDITOR)
    with pytest.raises(Full):
        await house.take(sound)
    assert house.media.names(now()) == []


async def test_a_picture_that_was_here_before_stays_when_an_import_fails(
    sound: bytes, house: House
) -> None:
    entries = unpacked(sound)
    name = next(name for name in entries if name.startswith("pictures/01"))
    ref, _ = await house.pictures.keep("somebody", entries[name], "model")
    with pytest.raises(NotTaken):
        await house.take(packed({**entries, "pictures/02-a-red-fox.jpg": b"no picture"}))
    assert (await house.pictures.bytes_of("somebody", ref.sha256, False))[1] == entries[name]
    assert {sha.partition(".")[0] for sha in house.media.names(now())} == {ref.sha256}


@pytest.mark.parametrize("forged", [False, True], ids=["with its own sum", "with that of ours"])
async def test_another_picture_is_not_taken_for_one_that_is_here(
    sound: bytes, house: House, forged: bool
) -> None:
    entries = unpacked(sound)
    name = next(name for name in entries if name.startswith("pictures/01"))
    ours = entries[name]
    for _ in range(2):  # its sum is known once it was compared
        await house.take(sound)
    other = ours[:-1] + bytes([ours[-1] ^ 1])
    sent = packed({**entries, name: other})
    if forged:
        told, made = (struct.pack("<L", zlib.crc32(each)) for each in (other, ours))
        assert sent.count(told) == 2, "before the entry, and in the list of entries"
        sent = sent.replace(told, made)
    with pytest.raises(NotTaken, match="The zip is damaged"):
        await house.take(sent)
    sha256 = hashlib.sha256(ours).hexdigest()
    assert (await house.pictures.bytes_of(ME, sha256, thumbnail=False))[1] == ours


async def test_imports_at_once_lose_no_picture_to_one_that_fails(
    sound: bytes, house: House
) -> None:
    entries = unpacked(sound)
    broken = packed({**entries, "pictures/02-a-red-fox.jpg": b"no picture"})
    done = await asyncio.gather(
        *(house.take(each) for each in (broken, sound, broken, sound)), return_exceptions=True
    )
    assert [isinstance(each, NotTaken) for each in done] == [True, False, True, False]
    for name, data in entries.items():
        if name.startswith("pictures/"):
            sha256 = hashlib.sha256(data).hexdigest()
            assert (await house.pictures.bytes_of(ME, sha256, thumbnail=False))[1] == data


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_picture_may_be_larger_than_the_list_of_entries(packing: int) -> None:
    """Or a conversation with a photograph would leave as a zip that nobody takes in again."""
    picture = random.Random(packing).randbytes(sources.MAX_DIRECTORY_BYTES + 500_000)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as made:
        made.writestr("pictures/01-a-fox.png", picture)
    source = sources.open_source(out)
    assert sources.read_bytes(source, "pictures/01-a-fox.png", len(picture)) == picture
    with source.open("pictures/01-a-fox.png") as file:
        assert file.read() == picture
    with pytest.raises(NotTaken, match="too large"):
        sources.read_bytes(source, "pictures/01-a-fox.png", len(picture) - 1, "too large")
