"""What every store of picture bytes promises."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chat.core.errors import NotFound
from chat.core.messages import now
from chat.core.ports import MediaStore

DATA = b"\x89PNG not really \0\xff" * 1000
NAME = hashlib.sha256(DATA).hexdigest()
COPY = NAME + ".t768"

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


def test_names_are_told_by_age(media: MediaStore) -> None:
    media.put(NAME, DATA)
    assert media.names(now() - timedelta(minutes=1)) == []
    assert media.names(now() + LATER) == [NAME]


def test_the_same_picture_put_at_once_is_whole(media: MediaStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: media.put(NAME, DATA), range(24)))
    assert media.get(NAME) == DATA
    assert media.names(now() + LATER) == [NAME]
