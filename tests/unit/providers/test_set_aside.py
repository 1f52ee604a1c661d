"""A large picture is taken out of an answer as it comes, and none of it is lost."""

import base64
import json
import random

import pytest

from chat.providers.shared.http.set_aside import SetAside, whole

LEAST_DIGITS = 600
"""Far fewer than usual: the texts are read byte by byte, too."""
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
BEGINNINGS = [
    PNG,
    b"\xff\xd8\xff\xe0",
    b"GIF89a",
    b"RIFF1234WEBP",
    b"\0\0\0\x1cftypavif",
    b"\0\0\0\x0cjP  \r\n\x87\n",
    b"BM1234\0\0\0\0\x36\0\0\0\x28\0\0\0",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"\0\0\1\0\1\0",
]


def picture(size: int, start: bytes = PNG) -> bytes:
    return start + random.Random(size).randbytes(size - len(start))


LARGE = picture(LEAST_DIGITS + 7)


def passed_on(text: str, sizes: tuple[int, ...] = (256,)) -> tuple[str, SetAside]:
    aside, out, at, turn, data = SetAside(LEAST_DIGITS), b"", 0, 0, text.encode()
    while at < len(data):
        size = sizes[turn % len(sizes)]
        out += aside.feed(data[at : at + size])
        at, turn = at + size, turn + 1
    return (out + aside.end()).decode(), aside


@pytest.mark.parametrize("sizes", [(1 << 20,), (256,), (1,), (7, 1, 64)], ids=str)
@pytest.mark.parametrize("start", BEGINNINGS)
@pytest.mark.parametrize("more", [0, 1, 2])
@pytest.mark.parametrize("url", ["", "data:image/png;base64,"])
def test_a_picture_is_given_back_whole(
    sizes: tuple[int, ...], start: bytes, more: int, url: str
) -> None:
    data = picture(LEAST_DIGITS + more, start)
    digits = base64.b64encode(data).decode()
    for written in (digits, digits.rstrip("="), digits.replace("+", "-").replace("/", "_")):
        if start == b"\xff\xd8\xff\xe0" and written.startswith("_"):
            continue  # in that alphabet it begins like no picture, and just stays
        text, aside = passed_on(json.dumps({"a": ["x", url + written], "b": 1}), sizes)
        assert len(text) < 300
        read = json.loads(text)
        assert read["b"] == 1
        found = base64.b64decode(read["a"][1].removeprefix(url), validate=True)
        assert whole(found) == data
        assert [each.data for each in aside.pictures] == [data]


@pytest.mark.parametrize("sizes", [(1 << 20,), (256,), (1,), (7, 1, 64)], ids=str)
@pytest.mark.parametrize("start", BEGINNINGS)
def test_slashes_may_stand_behind_backslashes(sizes: tuple[int, ...], start: bytes) -> None:
    data = picture(LEAST_DIGITS + 50, start) + b"\xff" * 12
    url = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    text, aside = passed_on(json.dumps([url, "a/b"]).replace("/", "\\/"), sizes)
    assert len(text) < 300
    found = json.loads(text)
    assert whole(base64.b64decode(found[0].partition(",")[2])) == data
    assert found[1] == "a/b"
    assert [each.data for each in aside.pictures] == [data]


STAY = {
    "words": "aaaa " * 400,
    "one long word": "a" * 2_000,
    "a small picture": base64.b64encode(picture(LEAST_DIGITS // 2)).decode(),
    "what begins nearly like one": base64.b64encode(b"BM" + bytes(2_000)).decode(),
    "a signature": base64.urlsafe_b64encode(b"BM" + b"\xfb\xff" * 1_000).decode(),
    "no picture": base64.b64encode(random.Random(1).randbytes(2_000)).decode(),
    "a picture within a word": "x" + base64.b64encode(LARGE).decode(),
    "no whole base64": base64.b64encode(picture(LEAST_DIGITS * 3)).decode()[: LEAST_DIGITS + 1],
    "a beginning": "iVBORw0KGgo",
}


@pytest.mark.parametrize("words", STAY.values(), ids=STAY)
@pytest.mark.parametrize("sizes", [(1 << 20,), (256,), (99, 1)], ids=str)
def test_all_else_stays_as_it_is(words: str, sizes: tuple[int, ...]) -> None:
    text = json.dumps({"a": words, "b": [words]})
    assert passed_on(text, sizes)[0] == text


def test_digits_that_go_on_behind_a_backslash_stay() -> None:
    digits = base64.b64encode(picture(LEAST_DIGITS * 3)).decode()
    text = f'"{digits[:800]}\\n{digits[800:]}"'
    assert passed_on(text)[0] == text
    assert passed_on(text, (1,))[0] == text
    assert passed_on(text[:802], (1,))[0] == text[:802]


def test_what_is_cut_off_stays() -> None:
    text = '{"a": "' + base64.b64encode(LARGE * 2).decode().rstrip("=")
    assert passed_on(text)[0] == text


def test_the_same_picture_twice_is_held_once() -> None:
    digits = base64.b64encode(LARGE).decode()
    text, aside = passed_on(json.dumps([digits, digits]))
    first, second = json.loads(text)
    assert first == second
    assert aside.pictures[0] is aside.pictures[1]


def test_a_picture_is_held_no_longer_than_its_answer() -> None:
    text, aside = passed_on(json.dumps(base64.b64encode(LARGE).decode()))
    stands = base64.b64decode(json.loads(text))
    assert whole(stands) == LARGE
    del aside
    assert whole(stands) == stands


def test_of_a_picture_nothing_is_passed_on_while_it_comes() -> None:
    """So no reader copies it, and the work for a piece does not grow with those before it."""
    aside = SetAside(LEAST_DIGITS)
    out = len(aside.feed(b'{"a": "'))
    digits = base64.b64encode(picture(3_000_000))
    for at in range(0, len(digits), 4096):
        out += len(aside.feed(digits[at : at + 4096]))
    assert out < 50
