"""A picture is added by its address where that may be reached, and nothing else ever is."""

import pytest

from chat.core.errors import MediaRejected
from chat.turns.picture_address import picture_at
from tests.loopback import Loopback, Reply
from tests.wire_shapes import tiny_png

PICTURE = tiny_png(200)


async def test_a_picture_of_a_site_that_the_host_trusts_comes_as_it_is() -> None:
    shown = Reply((PICTURE,), promised_bytes=len(PICTURE))
    with Loopback([shown]) as server:
        data = await picture_at(f" {server.url}/fox.png\n", ["http://other:1", server.url])
    assert data == PICTURE
    (asked,) = server.requests
    assert set(asked.headers) == {"host", "accept", "accept-encoding", "user-agent"}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://127.0.0.1/x.png", "This is a link into a private network; it was not opened."),
        ("http://localhost/x.png", "This is a link into a private network; it was not opened."),
        ("https://10.1.2.3/x.png", "This is a link into a private network; it was not opened."),
        ("http://127.0.0.1:8080/x", "This is a link to an unusual port; it was not opened."),
        ("ftp://example.com/x.png", "This is a link that is not http or https"),
        ("http://me:word@example.com/", "This is a link with a name or password in it."),
        ("fox.png", "This is a link that is not a web address."),
    ],
)
async def test_what_may_not_be_reached_is_refused_in_words(address: str, sentence: str) -> None:
    with pytest.raises(MediaRejected) as refused:
        await picture_at(address)
    assert str(refused.value).startswith(sentence)


async def test_a_trusted_site_leads_into_no_other_place() -> None:
    with Loopback([]) as inner:
        away = Reply((), 302, {"location": f"{inner.url}/secret"}, promised_bytes=0)
        with Loopback([away]) as server, pytest.raises(MediaRejected, match="unusual port"):
            await picture_at(f"{server.url}/x", [server.url])
        assert inner.requests == []


async def test_more_than_an_upload_may_be_is_not_taken() -> None:
    large = Reply((b"",), headers={}, promised_bytes=20_000_001)
    with Loopback([large]) as server, pytest.raises(MediaRejected, match="20"):
        await picture_at(f"{server.url}/x", [server.url])
