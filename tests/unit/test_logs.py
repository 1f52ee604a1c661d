"""What goes wrong between us and a server is logged, and nobody's key with it."""

import io
import json
import logging
import secrets
from collections.abc import Callable, Iterator

import pytest

from chat.core.errors import Full, NotFound, ReadOnly, StorageError
from chat.logs import AGAIN_AFTER_S, REQUEST_ID, Discreet, Sparing

OWN = "my-very-own-password"
GUESSABLE = "sk-proj-Ab12_cd34ef"


@pytest.fixture
def written() -> Iterator[Callable[[], str]]:
    """Everything that a handler of the root logger has written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    formatter = Discreet()
    formatter.hide([OWN, OWN[:10], "", "x"])
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream.getvalue
    root.removeHandler(handler)


@pytest.mark.parametrize("secret", [OWN, GUESSABLE, "AIzaSyD-1234567", "Bearer abc.def"])
def test_no_key_is_in_a_line_or_in_the_trace_of_its_causes(
    written: Callable[[], str], secret: str
) -> None:
    """A server that echoes the header it was sent must not put it into the log."""
    log = logging.getLogger("tests.unit.logs")
    refused = RuntimeError("refused")
    refused.__cause__ = ValueError(f"you sent {{'Authorization': '{secret}'}}")
    try:
        raise refused
    except RuntimeError as error:
        log.warning("turn %s failed: %s", "a1" * 16, secret, exc_info=error)
    text = written()
    assert secret not in text
    assert f"turn {'a1' * 16} failed: …" in text
    assert "ValueError: you sent" in text
    assert "RuntimeError: refused" in text


def test_a_collector_of_logs_gets_one_object_a_line_and_no_key_however_deep_it_lies() -> None:
    """Quoted inside of JSON a key would look different: it is taken out before."""
    own = 'pass"word\\of mine'
    formatter = Discreet()
    formatter.hide([own])
    formatter.as_json = True
    made = logging.getLogger("tests.unit.logs").makeRecord
    known = REQUEST_ID.set("ab12")
    try:
        error = ValueError(f"you sent {own}")
        info = (ValueError, error, None)
        record = made("x", logging.ERROR, "f", 1, "at\n%s", (own,), info)
        nested = made("x", logging.INFO, "f", 1, "same", (), None, extra={"fields": {"a": [own]}})
        texts = [formatter.format(record), formatter.format(nested)]
    finally:
        REQUEST_ID.reset(known)
    assert [text.count("\n") for text in texts] == [0, 0]
    first, second = (json.loads(text) for text in texts)
    assert (first["level"], first["message"], first["request_id"]) == ("ERROR", "at\n…", "ab12")
    assert first["trace"] == "ValueError: you sent …"
    assert second["fields"] == {"a": ["…"]}


@pytest.mark.parametrize("behind", ["", ".", "/x", "/copy'"])
def test_what_a_shared_link_carries_is_in_no_line_and_no_trace(
    written: Callable[[], str], behind: str
) -> None:
    token = secrets.token_urlsafe(32)
    log, path = logging.getLogger("tests.unit.logs"), f"/studio/shared/{token}{behind}"
    error = RuntimeError(path)
    log.warning("GET %s", path, exc_info=(RuntimeError, error, None))
    log.warning("chat/providers/shared/http/exchange.py")
    hidden = f"/studio/shared/…{behind}"
    assert [line.rpartition(" tests.unit.logs ")[2] for line in written().splitlines()] == [
        f"GET {hidden}", f"RuntimeError: {hidden}", "chat/providers/shared/http/exchange.py",
    ]  # fmt: skip


def test_a_trouble_names_its_request_also_where_people_read_the_log(
    written: Callable[[], str],
) -> None:
    known = REQUEST_ID.set("ab12")
    logging.getLogger("tests.unit.logs").warning("it failed")
    REQUEST_ID.reset(known)
    logging.getLogger("tests.unit.logs").warning("and again")
    assert [line.partition("logs ")[2] for line in written().splitlines()] == [
        "it failed (request ab12)",
        "and again",
    ]


def test_no_address_and_no_program_writes_to_the_terminal(written: Callable[[], str]) -> None:
    logging.getLogger("tests.unit.logs").warning("at %s", "/a\x1b[2J\rb\x9bc\x00\u00e9")
    assert written().endswith(r"at /a\x1b[2J\x0db\x9bc\x00é" + "\n")


def test_a_key_of_one_letter_does_not_riddle_the_log(written: Callable[[], str]) -> None:
    logging.getLogger("tests.unit.logs").warning("next to nothing is taxing")
    assert "next to nothing is taxing" in written()


class Clock:
    """Seconds, as many as a test says."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def failed(fault: StorageError) -> StorageError:
    """A fault with what a driver said."""
    fault.__cause__ = OSError(28, "No space left on device")
    return fault


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(stream: io.StringIO, clock: Clock) -> Iterator[logging.Logger]:
    """A logger that writes to the stream as the program does to standard error."""
    log, handler = logging.getLogger("tests.unit.logs.disk"), Sparing(stream, clock)
    log.propagate = False
    log.addHandler(handler)
    yield log
    log.removeHandler(handler)
    log.propagate = True


def test_a_full_disk_is_one_line_a_minute_whoever_meets_it(
    stream: io.StringIO, clock: Clock, log: logging.Logger
) -> None:
    full = failed(Full("The disk is full."))
    tellings: list[Callable[[], None]] = [
        lambda: log.error("reply %s could not be saved", "r1", exc_info=full),
        lambda: log.warning("a save beside the turn failed: %s", full),
        lambda: log.warning("turn %s failed: %s", "t1", full, exc_info=full.__cause__),
    ]
    for telling in tellings * 100:
        telling()
    [line] = stream.getvalue().splitlines()
    assert line == (
        "reply r1 could not be saved: The disk is full. "
        "(OSError: [Errno 28] No space left on device)"
    )
    clock.now_s += AGAIN_AFTER_S
    tellings[1]()
    tellings[1]()
    _, second = stream.getvalue().splitlines()
    assert second.endswith("[299 more like this since the last one]")


def test_a_full_disk_hides_no_other_fault(stream: io.StringIO, log: logging.Logger) -> None:
    for _ in range(3):
        log.warning("first: %s", failed(Full("The disk is full.")))
        log.warning("second: %s", failed(ReadOnly("It may only be read.")))
        log.warning("third: %s", NotFound("It is gone."))
        log.warning("fourth")
    words = [line.partition(":")[0] for line in stream.getvalue().splitlines()]
    assert words == ["first", "second", *["third", "fourth"] * 3]
