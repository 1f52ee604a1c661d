"""The page travels packed, and its policy is that of what the browser unpacks."""

import gzip
from collections.abc import Callable

import brotli
import pytest
from starlette.testclient import TestClient

from chat.web.packing import coding_for
from chat.web.page_scripts import script_hashes
from chat.web.policy import Policy
from tests.unit.web.mounted import small_app


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=1.0, gzip;q=0.8", "br"),
        ("BR; q=0, GZip", "gzip"),
        ("gzip;q=0, br;q=0.000", ""),
        ("broken, gzippy", ""),
        ("identity", ""),
        ("", ""),
    ],
)
def test_what_a_browser_refuses_it_does_not_get(accepted: str, coding: str) -> None:
    assert coding_for(accepted) == coding


def test_the_page_is_the_same_however_it_is_packed() -> None:
    front = TestClient(small_app(Policy()))
    unpack: dict[str, Callable[[bytes], bytes]] = {
        "identity": bytes,
        "gzip": gzip.decompress,
        "br": brotli.decompress,
    }
    pages = set()
    for coding, unpacked in unpack.items():
        with front.stream("GET", "/", headers={"accept-encoding": coding}) as answer:
            raw = b"".join(answer.iter_raw())
        assert answer.headers.get("content-encoding", "identity") == coding
        assert int(answer.headers["content-length"]) == len(raw)
        assert answer.headers["vary"] == "accept-encoding"
        page = unpacked(raw).decode()
        assert all(
            source in answer.headers["content-security-policy"] for source in script_hashes(page)
        )
        pages.add(page)
    assert len(pages) == 1
