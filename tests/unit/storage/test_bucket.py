"""What an object store does wrong: nothing is lost, and somebody is told what to do."""

import hashlib
from collections.abc import Iterator

import pytest

from chat.core.errors import ConfigError, Full, NotFound, StorageError
from chat.core.ports import MediaStore
from storage.media.bucket import FULL, MALFORMED, REFUSED, SILENT
from storage.media.memory import MemoryObjects
from storage.media.small_copies import SmallCopies
from storage.open import open_media
from tests.loopback import Loopback, Reply, Request

DATA = b"\x89PNG not really \0\xff" * 1000
NAME = hashlib.sha256(DATA).hexdigest()
KEY = f"{NAME[:2]}/{NAME}"
COPY = f"{KEY}.t768"

SAYS = "<?xml version='1.0'?><Error><Code>{code}</Code><Message>No.</Message></Error>"

LISTS = "<?xml version='1.0'?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"


def refusal(status: int, code: str) -> Reply:
    return Reply((SAYS.format(code=code).encode(),), status, {"content-type": "application/xml"})


class Bucket:
    """One bucket, just enough of it, that fails as a test says: by method, so many times."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.failing: dict[str, list[Reply]] = {}

    def answer(self, request: Request) -> Reply:
        key = request.path.partition("?")[0]
        if waiting := self.failing.get(request.method):
            return waiting.pop(0)
        if request.method == "PUT":
            if request.headers.get("if-none-match") == "*" and key in self.held:
                return refusal(412, "PreconditionFailed")
            self.held[key] = request.body
            return Reply(headers={"etag": '"1"'}, promised_bytes=0)
        if request.method == "DELETE":
            self.held.pop(key, None)
            return Reply(status=204, promised_bytes=0)
        if "list-type=2" in request.path:
            return Reply((LISTS.encode(),), 200, {"content-type": "application/xml"})
        if key not in self.held:
            return refusal(404, "NoSuchKey")
        facts = {"etag": '"1"', "last-modified": "Mon, 30 Nov 2026 10:00:00 GMT"}
        data = self.held[key]
        if request.method == "HEAD":
            return Reply((), 200, facts, promised_bytes=len(data))
        return Reply((data,), 200, facts, promised_bytes=len(data))


@pytest.fixture
def held() -> Bucket:
    return Bucket()


@pytest.fixture
def server(held: Bucket, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loopback]:
    with Loopback(held.answer) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAOFTESTS")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-tests")
        monkeypatch.setenv("AWS_REGION", "us-east-1")
        yield server


@pytest.fixture
def store(server: Loopback) -> MediaStore:
    del server  # it is in the environment
    return open_media("s3://pictures/easel")


BUSY = refusal(503, "SlowDown")


def test_a_busy_service_is_asked_again_and_the_picture_is_kept(
    store: MediaStore, held: Bucket
) -> None:
    held.failing["PUT"] = [BUSY, BUSY]
    store.put(NAME, DATA)
    held.failing["GET"] = [BUSY, BUSY]
    assert store.get(NAME) == DATA


@pytest.mark.parametrize(
    ("reply", "sentence", "kind"),
    [
        (BUSY, SILENT, StorageError),
        (refusal(500, "InternalError"), SILENT, StorageError),
        (refusal(403, "AccessDenied"), REFUSED, StorageError),
        (refusal(403, "InvalidAccessKeyId"), REFUSED, StorageError),
        (refusal(401, "Unauthorized"), REFUSED, StorageError),
        (refusal(403, "QuotaExceeded"), FULL, Full),
        (refusal(507, "XMinioStorageFull"), FULL, Full),
        (refusal(501, "NotImplemented"), SILENT, StorageError),
    ],
    ids=lambda each: each.status if isinstance(each, Reply) else None,
)
def test_a_service_that_does_not_take_a_picture_is_told_in_a_sentence(
    store: MediaStore, held: Bucket, reply: Reply, sentence: str, kind: type[StorageError]
) -> None:
    held.failing["PUT"] = [reply] * 9
    with pytest.raises(StorageError) as caught:
        store.put(NAME, DATA)
    assert type(caught.value) is kind
    assert str(caught.value) == sentence
    assert held.held == {}


def test_half_of_a_picture_is_never_given_out(store: MediaStore, held: Bucket) -> None:
    store.put(NAME, DATA)
    facts = {"etag": '"1"', "last-modified": "Mon, 30 Nov 2026 10:00:00 GMT"}
    half = Reply((DATA[:5000],), 200, facts, cut=True, promised_bytes=len(DATA))
    held.failing["GET"] = [half] * 9
    with pytest.raises(StorageError) as caught:
        store.get(NAME)
    assert not isinstance(caught.value, NotFound), "it is there, only out of reach"
    held.failing.clear()
    assert store.get(NAME) == DATA


def test_the_second_of_two_replicas_writes_over_nobody(
    store: MediaStore, held: Bucket, server: Loopback
) -> None:
    store.put(NAME, DATA)
    first = [each for each in server.requests if each.method == "PUT"]
    assert [each.headers.get("if-none-match") for each in first] == ["*"]
    store.put(NAME, DATA)
    assert list(held.held) == [f"/pictures/easel/{KEY}"]
    assert store.get(NAME) == DATA


@pytest.mark.usefixtures("server")
def test_a_bucket_that_is_not_there_is_said_at_the_start(held: Bucket) -> None:
    held.failing["GET"] = [refusal(404, "NoSuchBucket")]
    with pytest.raises(StorageError, match="no such bucket"):
        open_media("s3://pictures/easel")


@pytest.mark.usefixtures("server")
def test_a_service_that_is_not_there_stops_the_start_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with Loopback([]) as gone:
        pass
    monkeypatch.setenv("AWS_ENDPOINT_URL", gone.url)
    with pytest.raises(StorageError) as caught:
        open_media("s3://pictures/easel")
    assert str(caught.value) == SILENT


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    "address",
    [
        "s3:",
        "s3://",
        "s3:///folder",
        "s3://AKIA:secret@pictures",
        "s3://pictures?region=eu",
        "s3://pictures#x",
        "az://container",
    ],
)
def test_an_address_that_names_no_bucket_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_media(address)
    assert str(caught.value) == MALFORMED


def test_small_copies_are_asked_for_once_and_pictures_each_time() -> None:
    """Or a page of thumbnails would ask far away for each; and a damaged picture would stay."""
    beneath = MemoryObjects()
    near = SmallCopies(beneath, kept_bytes=320)
    beneath.write(COPY, b"small")
    beneath.write(KEY, DATA)
    assert near.read(COPY) == b"small"
    assert near.read(KEY) == DATA
    beneath.remove(COPY)
    beneath.remove(KEY)
    assert near.read(COPY) == b"small"
    with pytest.raises(NotFound):
        near.read(KEY)
    near.remove(COPY)
    with pytest.raises(NotFound):
        near.read(COPY)


def test_small_copies_at_hand_have_a_bound() -> None:
    beneath = MemoryObjects()
    near = SmallCopies(beneath, kept_bytes=320)
    keys = [f"ab/{number:064x}.t768" for number in range(20)]
    for key in keys:
        near.write(key, bytes(20))
    near.write("ab/" + "f" * 64 + ".t768", bytes(400))
    for key in keys:
        beneath.remove(key)
    still = []
    for key in keys:
        try:
            near.read(key)
        except NotFound:
            continue
        still.append(key)
    assert still == keys[-16:], "the newest, as many as fit"
