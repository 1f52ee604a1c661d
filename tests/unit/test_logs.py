"""What goes wrong between us and a server is logged, and nobody's key with it."""

import io
import logging
from collections.abc import Callable, Iterator

import pytest

from chat.logs import Discreet

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


def test_a_key_of_one_letter_does_not_riddle_the_log(written: Callable[[], str]) -> None:
    logging.getLogger("tests.unit.logs").warning("next to nothing is taxing")
    assert "next to nothing is taxing" in written()
