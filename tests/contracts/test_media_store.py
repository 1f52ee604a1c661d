"""What every store of picture bytes promises."""

import hashlib
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from chat.core.errors import NotFound
from chat.core.messages import now
from chat.core.ports import MediaStore
from storage.media.objects import Objects
from storage.media.pictures import StoredPictures

DATA = b"\x89PNG not really \0\xff" * 1000
NAME = hashlib.sha256(DATA).hexdigest()
COPY = NAME + ".t768"

TODAY = date(2026, 11, 29)
LATER = timedelta(seconds=5)

NOT_NAMES = [
    "",
    "fox.png",
    NAME[:-1],
    NAME.upper(),
    NAME + "\n",
    NAME + ".",
    NAME + ".T768",
    NAME + "." + "a" * 17,
    NAME + ".a.b",
    NAME + "/../x",
    "../" + NAME,
    "/etc/passwd",
    NAME[:-1] + "٣",
    NAME + "\0",
]


def test_bytes_come_back_as_they_went_in(media: MediaStore) -> None:
    media.put(NAME, DATA)
    media.put(COPY, b"smaller")
    assert media.get(NAME) == DATA
    assert media.get(COPY) == b"smaller"
    assert media.has(NAME)
    assert media.has(COPY)


def test_a_store_that_is_there_says_nothing_when_it_is_asked_how_it_is(media: MediaStore) -> None:
    media.check()


def test_what_was_never_put_is_not_found(media: MediaStore) -> None:
    assert not media.has(NAME)
    with pytest.raises(NotFound) as caught:
        media.get(NAME)
    assert NAME not in str(caught.value)


def test_putting_twice_is_putting_once(media: MediaStore) -> None:
    for _ in range(2):
        media.put(NAME, DATA)
        media.put(COPY, b"smaller")
    assert media.names(now() + LATER) == sorted([NAME, COPY])
    assert media.get(NAME) == DATA


def test_a_name_cannot_be_given_to_other_bytes(media: MediaStore) -> None:
    """Or a picture could be swapped for another under everybody who has it."""
    with pytest.raises(ValueError, match="promises"):
        media.put(NAME, DATA + b"!")
    assert not media.has(NAME)
    media.put(NAME, DATA)
    with pytest.raises(ValueError, match="promises"):
        media.put(NAME, b"")
    assert media.get(NAME) == DATA


def test_deleting_removes_one_name_only(media: MediaStore) -> None:
    media.put(NAME, DATA)
    media.put(COPY, b"smaller")
    media.delete(NAME)
    media.delete(NAME)
    assert not media.has(NAME)
    assert media.get(COPY) == b"smaller"


@pytest.mark.parametrize("name", NOT_NAMES)
def test_other_names_are_refused(media: MediaStore, name: str) -> None:
    """A name may come from a request: it must never lead out of the store."""
    with pytest.raises(ValueError, match="name"):
        media.put(name, DATA)
    with pytest.raises(ValueError, match="name"):
        media.get(name)
    with pytest.raises(ValueError, match="name"):
        media.has(name)
    with pytest.raises(ValueError, match="name"):
        media.delete(name)
    with pytest.raises(ValueError, match="name"):
        media.discard(name, TODAY)


def test_names_are_told_by_age(media: MediaStore) -> None:
    media.put(NAME, DATA)
    assert media.names(now() - timedelta(minutes=1)) == []
    assert media.names(now() + LATER) == [NAME]


def test_the_same_picture_put_at_once_is_whole(media: MediaStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: media.put(NAME, DATA), range(24)))
    assert media.get(NAME) == DATA
    assert media.names(now() + LATER) == [NAME]


def test_a_damaged_picture_is_moved_aside_and_never_given_out(media: MediaStore) -> None:
    media.put(NAME, DATA)
    damage(media, NAME)
    for _ in range(2):
        with pytest.raises(NotFound):
            media.get(NAME)
    assert media.names(now() + LATER) == []
    assert len(objects(media).listing("damaged/")) == 1, "for whoever can still make use of it"


def test_what_is_damaged_after_it_was_compared_is_not_given_out_by_its_checksum(
    media: MediaStore,
) -> None:
    media.put(NAME, DATA)
    for _ in range(2):
        assert media.get_with_crc32(NAME) == (DATA, zlib.crc32(DATA))
    damage(media, NAME)
    with pytest.raises(NotFound):
        media.get_with_crc32(NAME)
    media.put(NAME, DATA)
    assert media.get_with_crc32(NAME) == (DATA, zlib.crc32(DATA))
    media.delete(NAME)
    with pytest.raises(NotFound):
        media.get_with_crc32(NAME)


def test_only_sound_and_equal_bytes_are_said_to_be_held(media: MediaStore) -> None:
    summed, other = zlib.crc32(DATA), DATA[:-1] + b"!"
    assert not media.holds(NAME, DATA, summed)
    media.put(NAME, DATA)
    for _ in range(2):  # the first time nothing is known of it
        assert media.holds(NAME, DATA)
        assert media.holds(NAME, DATA, summed)
    # Whoever sends other bytes may say of them what they like.
    assert not media.holds(NAME, other, summed)
    assert not media.holds(NAME, other, zlib.crc32(other))
    damage(media, NAME)
    assert not media.holds(NAME, DATA, summed)
    media.put(NAME, DATA)
    damage(media, NAME)
    assert not media.holds(NAME, other, zlib.crc32(other)), "they equal what is stored, and lie"
    media.put(NAME, DATA)
    media.discard(NAME, TODAY)
    assert media.holds(NAME, DATA, summed), "it comes back from the bin"
    media.delete(NAME)
    assert not media.holds(NAME, DATA, summed)


def test_the_same_bytes_heal_a_damaged_picture(media: MediaStore) -> None:
    media.put(NAME, DATA)
    damage(media, NAME)
    media.put(NAME, DATA)
    assert media.get(NAME) == DATA


def test_what_is_put_into_the_bin_comes_back_when_it_is_asked_for(media: MediaStore) -> None:
    for name, data in ((NAME, DATA), (COPY, b"smaller")):
        media.put(name, data)
        media.discard(name, TODAY)
    media.discard(NAME, TODAY)
    assert media.names(now() + LATER) == []
    assert media.has(NAME)
    assert media.get(NAME) == DATA
    assert media.names(now() + LATER) == [NAME]
    assert media.get(COPY) == b"smaller"
    assert objects(media).listing("bin/") == []


def test_the_bin_heals_a_damaged_picture(media: MediaStore) -> None:
    media.put(NAME, DATA)
    media.discard(NAME, TODAY)
    media.put(NAME, DATA)
    damage(media, NAME)
    assert media.get(NAME) == DATA
    assert media.get(NAME) == DATA


def test_a_damaged_picture_in_the_bin_is_not_given_out_either(media: MediaStore) -> None:
    media.put(NAME, DATA)
    damage(media, NAME)
    media.discard(NAME, TODAY)
    with pytest.raises(NotFound):
        media.get(NAME)


def test_the_bin_is_emptied_by_its_date_and_spares_what_is_needed(media: MediaStore) -> None:
    kept = hashlib.sha256(b"kept").hexdigest()
    for name, data, day in (
        (NAME, DATA, TODAY - timedelta(days=1)),
        (COPY, b"smaller", TODAY),
        (kept, b"kept", TODAY - timedelta(days=1)),
    ):
        media.put(name, data)
        media.discard(name, day)
    assert media.empty_bin(TODAY, {kept}) == [NAME]
    assert not media.has(NAME)
    assert media.has(COPY)
    assert media.names(now() + LATER) == [kept]


def test_notes_lie_beside_the_pictures_and_are_none(media: MediaStore) -> None:
    assert media.record("backup-1") is None
    media.note("backup-1", {"names": [NAME], "target": "/srv/Sicherung ä"})
    media.note("database", [1, None])
    media.note("database", [2])
    assert media.record("backup-1") == {"names": [NAME], "target": "/srv/Sicherung ä"}
    assert media.record("database") == [2]
    assert media.records() == ["backup-1", "database"]
    assert media.names(now() + LATER) == []
    media.note("database", None)
    media.note("database", None)
    assert media.records() == ["backup-1"]
    for title in ("", "../easel", "a/b", "A", "x" * 81):
        with pytest.raises(ValueError, match="title"):
            media.note(title, 1)


def objects(media: MediaStore) -> Objects:
    """Where a store keeps its bytes."""
    assert isinstance(media, StoredPictures)
    return media._objects


def damage(media: MediaStore, name: str) -> None:
    """Other bytes under the same name, as a failing disk would leave them."""
    objects(media).write(f"{name[:2]}/{name}", DATA[:-1] + b"!")
