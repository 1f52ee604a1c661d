"""Data URLs come from many senders; what can be read is read, what cannot is named."""

import base64
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.core.errors import MediaRejected
from chat.images.dataurl import is_data_url, read_data_url, write_data_url

# A busy machine is no counterexample.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

DATA = bytes(range(256)) + b"\xfb\xff\xfe"
PLAIN = base64.b64encode(DATA).decode()
LIMIT = 1_000_000


@PATIENT
@given(st.binary(max_size=500))
def test_what_is_written_is_read(data: bytes) -> None:
    assert read_data_url(write_data_url(data, "image/png"), 500) == data


@PATIENT
@given(st.binary(min_size=1, max_size=200), st.data())
def test_no_sender_s_habit_loses_a_byte(data: bytes, draw: st.DataObject) -> None:
    """Unpadded, URL-safe, wrapped and escaped, in any mixture."""
    digits = base64.b64encode(data).decode()
    if draw.draw(st.booleans()):
        digits = digits.replace("+", "-").replace("/", "_")
    if draw.draw(st.booleans()):
        digits = digits.rstrip("=")
    if draw.draw(st.booleans()):
        at = draw.draw(st.integers(0, len(digits)))
        digits = digits[:at] + "\r\n\t " + digits[at:]
    if draw.draw(st.booleans()):
        digits = "".join(f"%{ord(c):02X}" if c in "+/=\r\n\t " else c for c in digits)
    header = draw.draw(st.sampled_from(["data:", "DATA:image/PNG", "data:;charset=utf-8;base64"]))
    assert read_data_url(f"{header},{digits}", 200) == data


@pytest.mark.deep
@PATIENT
@given(st.text(max_size=200))
def test_nonsense_is_refused_and_never_breaks_anything(text: str) -> None:
    for candidate in (text, "data:" + text, "data:image/png;base64," + text):
        with suppress(MediaRejected):
            assert len(read_data_url(candidate, LIMIT)) <= len(candidate)


@pytest.mark.parametrize(
    "text",
    [
        f"data:image/png;base64,{PLAIN}",
        f"  data:image/png;base64,{PLAIN}\n",
        f"data:image/png;base64,{PLAIN.rstrip('=')}",
        f"data:text/html;base64,{PLAIN}",
        f"data:image/png;name=a.png;charset=utf-8;base64,{PLAIN}",
        f"data:,{PLAIN}",
    ],
)
def test_headers_of_all_kinds_are_overlooked(text: str) -> None:
    assert is_data_url(text)
    assert read_data_url(text, LIMIT) == DATA


@pytest.mark.parametrize(
    "payload",
    [
        "***",
        "QUJD***",
        "QU\0JD",
        "QU%00JD",
        "Q",
        "QUJDR",
        "QU=JD",
        "QUJD%",
        "QUJD%zz",
        "ÄÖÜ",
        "QUJD#a",
    ],
)
def test_garbage_is_not_quietly_dropped(payload: str) -> None:
    """A lenient decoder would skip it and hand on a broken picture."""
    with pytest.raises(MediaRejected, match="garbled"):
        read_data_url(f"data:image/png;base64,{payload}", LIMIT)


@pytest.mark.parametrize("text", ["", "https://example.org/a.png", "iVBORw0KGgo=", "dat:,QUJD"])
def test_other_text_is_no_data_url(text: str) -> None:
    assert not is_data_url(text)
    with pytest.raises(MediaRejected, match="not a picture in a data URL"):
        read_data_url(text, LIMIT)


def test_a_url_without_a_comma_is_garbled() -> None:
    with pytest.raises(MediaRejected, match="garbled"):
        read_data_url("data:image/png;base64", LIMIT)


@pytest.mark.parametrize("filler", ["A", "%41", "A\n"])
def test_size_is_checked_before_decoding(filler: str) -> None:
    with pytest.raises(MediaRejected, match=r"the most Easel takes is 1 MB"):
        read_data_url("data:image/png;base64," + filler * 1_400_000, LIMIT)


def test_the_largest_that_may_come_does_come() -> None:
    data = bytes(1000)
    assert read_data_url(write_data_url(data, "image/png"), 1000) == data
    with pytest.raises(MediaRejected):
        read_data_url(write_data_url(data + b"!", "image/png"), 1000)
