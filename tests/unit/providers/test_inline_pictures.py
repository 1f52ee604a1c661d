"""Text that hides pictures is taken apart without losing a character, however it is cut."""

import base64
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.providers.shared.replies.inline_pictures import PictureScanner
from chat.providers.shared.replies.inline_pieces import InlineLink, InlinePicture, Piece
from chat.providers.shared.replies.inline_syntax import may_hold
from tests.wire_shapes import data_url, tiny_png

RED, BLUE = tiny_png(200, 2, side_px=18), tiny_png(0, 0, 200)
"""The digits of the red one have every sign: a plus, slashes, and padding."""
URL = data_url(RED)
BASE64 = URL.partition(",")[2]
ESCAPED = BASE64.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
SVG = "<svg xmlns='http://www.w3.org/2000/svg' width='20' height='20'><g/></svg>"


def wrapped(chars: int, indent: str = "") -> str:
    lines = (BASE64[at : at + chars] for at in range(0, len(BASE64), chars))
    return f"\n{indent}".join(lines)


def _signs(url: str, slash: str, plus: str, equals: str) -> str:
    """The address with its signs spelled otherwise."""
    return url.replace("=", equals).replace("/", slash).replace("+", plus)


TITLED = f'![a]({URL} "the (first) one")'
FULL_HEAD = f"data:image/png;charset=utf-8;name=a.png;base64,{BASE64}"
ALL_ESCAPED = f"data%3Aimage%2Fpng%3Bbase64%2C{ESCAPED}"
IN_JSON = '{"image":"data:image\\/png;base64,' + BASE64.replace("/", "\\/") + '"}'
URL_SAFE = BASE64.replace("+", "-").replace("/", "_").rstrip("=")

SPELLINGS: dict[str, tuple[str, str, str]] = {
    # What the model writes, what of it stays words, and how the picture is described.
    "Markdown": (f"A ![a fox]({URL}) b", "A  b", "a fox"),
    "without alt": (f"A ![]({URL}) b", "A  b", ""),
    "alt of 301": (f"![{301 * 'a'}]({URL})", "", 301 * "a"),
    "alt of 9000": (f"![{3000 * 'a b'}]({URL})", "", 3000 * "a b"),
    "alt with brackets": (f"X ![photo [1] of a cat]({URL}) y", "X  y", "photo [1] of a cat"),
    "alt escaped": (f"X ![a \\] b]({URL}) y", "X  y", "a ] b"),
    "alt in two lines": (f"X ![a cat\nand a dog]({URL}) y", "X  y", "a cat and a dog"),
    "spaces": (f"X ![a]( {URL} ) y", "X  y", "a"),
    "title": (f"X {TITLED} y", "X  y", "a"),
    "angle brackets": (f"X ![a](<{URL}>) y", "X  y", "a"),
    "link": (f"X [Download]({URL}) y", "X  y", "Download"),
    "upper case": (f"X ![a](DATA:IMAGE/PNG;BASE64,{BASE64}) y", "X  y", "a"),
    "wrapped": (f"X ![a](data:image/png;base64,{wrapped(20)}) y", "X  y", "a"),
    "wrapped, indented": (
        f"X ![a](data:image/png;base64,\n  {wrapped(60, '  ')}\n) y",
        "X  y",
        "a",
    ),
    "wrapped, bare": (f"X\ndata:image/png;base64,{wrapped(60)}\nEnjoy\nit", "X\n\nEnjoy\nit", ""),
    "URL-safe, unpadded": (f"X ![a](data:image/png;base64,{URL_SAFE}) y", "X  y", "a"),
    "parameters": (f"X ![a]({FULL_HEAD}) y", "X  y", "a"),
    "octet-stream": (f"X ![a](data:application/octet-stream;base64,{BASE64}) y", "X  y", "a"),
    "a false label": (f"X ![a](data:text/plain;base64,{BASE64}) y", "X  y", "a"),
    "no label": (f"X ![a](data:;base64,{BASE64}) y", "X  y", "a"),
    "wrapped in a quotation": (
        f"> ![a](data:image/png;base64,{wrapped(40, '> ')})\n> y",
        "> \n> y",
        "a",
    ),
    "wrapped, between blank lines": (
        f"X ![a](data:image/png;base64,{wrapped(40, chr(10))}) y",
        "X  y",
        "a",
    ),
    "wrapped by spaces": (f"X ![a]({URL[:40]} {URL[40:90]}  {URL[90:]}) y", "X  y", "a"),
    "wrapped every four": (f"X ![a](data:image/png;base64,{wrapped(4)}) y", "X  y", "a"),
    "wrapped by breaks": (f"X ![a]({URL[:80]}<br>{URL[80:90]}<br />{URL[90:]}) y", "X  y", "a"),
    "wrapped by a program": (f"X ![a]({URL[:80]}\\\n{URL[80:]}) y", "X  y", "a"),
    "wrapped by what nobody sees": (f"X ![a](\u200b{URL[:80]}\u200b{URL[80:]}) y", "X  y", "a"),
    "digits escaped": (f"X ![a](data:image/png;base64,{ESCAPED}) y", "X  y", "a"),
    "all escaped": (f"X ![a]({ALL_ESCAPED}) y", "X  y", "a"),
    "HTML": (f'X <img src="{URL}" alt="x &amp; y"/> z', "X  z", "x & y"),
    "HTML, entities": (f'X <img src="{_signs(URL, "&#47;", "&#x2B;", "&equals;")}"> z', "X  z", ""),
    "JSON, every sign escaped": (
        f'"{_signs(URL, "{0}u002f", "{0}u002B", "{0}u003d").replace("{0}", chr(92))}"',
        '""',
        "",
    ),
    "Markdown, every sign escaped": (
        f"X ![a]({_signs(URL, '/', chr(92) + '+', chr(92) + '=')}) y",
        "X  y",
        "a",
    ),
    "HTML, single quotes": (f"X <IMG alt='q > r' width=3 src='{URL}'> z", "X  z", "q > r"),
    "HTML, no quotes": (f"X <img src={URL} alt=fox> z", "X  z", "fox"),
    "HTML, srcset": (f'X <img srcset="{URL} 2x"> z', "X  z", ""),
    "bare": (f"X {URL} y", "X  y", ""),
    "bare, alone": (URL, "", ""),
    "bare, no space between words": (f"图{URL}。好", "图。好", ""),
    "in parentheses": (f"({URL})", "()", ""),
    "in JSON": (IN_JSON, '{"image":""}', ""),
    "autolink": (f"X <{URL}> y", "X  y", ""),
    "code": (f"X `{URL}` y", "X  y", ""),
    "code fence": (f"X\n```\n{URL}\n```\ny", "X\n\ny", ""),
    "Markdown in a fence": (f"X\n```md\n![a]({URL})\n```\ny", "X\n\ny", "a"),
    "fence with words": (f"X\n```\nhi {URL}\n```\ny", "X\n```\nhi \n```\ny", ""),
    "fence that goes on": (f"```\n{URL}\nhi\n```\ny", "```\n\nhi\n```\ny", ""),
    "reference": (f"X ![fox][1] y\n\n[1]: {URL}\nz", "X  y\n\n\nz", "fox"),
    "reference, collapsed": (f"X ![fox][] y\n\n[FOX]: <{URL}> 'title'\nz", "X  y\n\n\nz", "fox"),
    "reference, alone": (f"X ![fox] y\n\n[fox]: {URL}\nz", "X  y\n\n\nz", "fox"),
    "link reference": (f"X [fox][1] y\n\n[1]: {URL}\nz", "X  y\n\n\nz", "fox"),
    "link reference, collapsed": (f"X [fox][] y\n\n[FOX]: <{URL}>\nz", "X  y\n\n\nz", "fox"),
    "base64 alone": (f"X {BASE64} y", "X  y", ""),
    "base64 for an address": (f"X ![a]({BASE64}) y", "X  y", "a"),
    "never closed": (f"X ![a]({URL}", "X ", "a"),
    "words for a closer": (f"X ![a]({URL} and so (see) on", "X  and so (see) on", "a"),
}

WORDS = [
    "Q is no Qk1 and no Qk12, S no SUkqA, T no TU0AK; AAAAAA AAABAA AAAADGpQ",
    "Wow![1] is [x](https://y.test/a.png) and ![z](https://y.test/b.png) done!",
    "The data: 5, metadata:image, data:text/plain,hello; a <b and c> `code` ~~no~~",
    "see data:text/plain;base64,SGVsbG8gd29ybGQhIEhlbGxvIHdvcmxkISBIZWxsbw== ok",
    "Use `data:image/png;base64,iVBORw0KGgo...` or data:image/png;base64,iVBORw0KGgoAAAANSUhEUg…",
    '```html\n<img src="data:image/png;base64,...">\n```\n```py\nx = [[1, 2], [3]]\n```',
    "X ![fox][1] y\n\n[1]: https://y.test/a\nz and /9j/ and iVBORw0KGgo",
    "the open data:image/svg+xml,<svg that never ends",
    f"PD94bWwg is how {base64.b64encode(b'<?xml version=1?><feed>' + 120 * b'.').decode()} begins",
    "see [a page][1] and x[i][j] and f(x)[1][2]\n\n[1]: https://y.test/a",
]


def read(pieces: list[str], scanner: PictureScanner | None = None) -> list[Piece]:
    """What comes of these deltas, neighbouring words joined."""
    scanner = scanner or PictureScanner()
    out: list[Piece] = []
    for piece in [*(scanner.feed(piece) for piece in pieces), scanner.flush()]:
        for item in piece:
            if out and isinstance(item, str) and isinstance(out[-1], str):
                out[-1] += item
            else:
                out.append(item)
    assert not scanner.holds
    return out


def cut(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


def test_a_long_text_is_one_piece_and_its_pictures_are_seen() -> None:
    words = "and more [a] " * 10_000
    assert read([words]) == [words]
    assert read([f"{words}![fox]({URL}){words}"]) == [words, InlinePicture(RED, "fox"), words]


def test_words_behind_a_link_to_elsewhere_do_not_wait_long() -> None:
    scanner = PictureScanner()
    passed = "".join(str(piece) for piece in scanner.feed("see [a page][1] " + "and more " * 60))
    assert passed.startswith("see [a page][1] and more")
    assert "".join(map(str, PictureScanner().feed("x[i][j] and more"))) == "x[i][j] and more"


@pytest.mark.parametrize("size", [1, 2, 7, 64, 100_000])
@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS.keys())
def test_a_picture_in_any_spelling_is_seen_and_no_word_is_lost(
    spelling: tuple[str, str, str], size: int
) -> None:
    text, words, alt = spelling
    found = read(cut(text, size))
    assert [piece for piece in found if not isinstance(piece, str)] == [InlinePicture(RED, alt)]
    assert "".join(piece for piece in found if isinstance(piece, str)) == words


@pytest.mark.parametrize("size", [1, 5, 100_000])
@pytest.mark.parametrize(
    "picture",
    [
        b"\0\0\0\x1cftypavif\0\0\0\0mif1avif" + bytes(range(200)),
        b"\0\0\0\x18ftypheic\0\0\0\0mif1" + bytes(range(200)),
        b"\xff\xd8\xff\xdb" + bytes(range(200)) + b"\xff\xd9",
        b"BM\xf6\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0" + bytes(range(200)),
        b"II*\0\x08\0\0\0" + bytes(range(200)),
        b"MM\0*\0\0\0\x08" + bytes(range(200)),
        b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(range(200)),
        b"\0\0\1\0\1\0" + bytes(range(200)),
        SVG.encode() + 40 * b" ",
        b"<?xml version='1.0'?>" + SVG.encode() + 40 * b" ",
    ],
)
def test_base64_alone_is_a_picture_of_any_kind(picture: bytes, size: int) -> None:
    digits = base64.urlsafe_b64encode(picture).decode().rstrip("=")
    assert read(cut(f"Look: {digits} y", size)) == ["Look: ", InlinePicture(picture), " y"]


@pytest.mark.parametrize("size", [1, 3, 100_000])
@pytest.mark.parametrize("text", WORDS)
def test_words_that_only_look_like_a_picture_stay_words(text: str, size: int) -> None:
    assert read(cut(text, size)) == [text]


@pytest.mark.parametrize("size", [1, 5, 100_000])
@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("data:image/svg+xml;utf8,", SVG),
        ("data:image/svg+xml;charset=utf-8,", SVG.replace("<", "%3C").replace(">", "%3E")),
        ("data:image/svg+xml;base64,", base64.b64encode(SVG.encode()).decode()),
    ],
)
def test_a_drawing_is_seen(head: str, body: str, size: int) -> None:
    found = read(cut(f"X ![a]({head}{body}) y", size))
    assert found == ["X ", InlinePicture(SVG.encode(), "a"), " y"]


def test_the_picture_stands_where_it_was_referred_to() -> None:
    text = f"One ![fox][1] two ![hen][2] three\n\n[1]: {URL}\n[2]: {data_url(BLUE)}\n"
    found = read(cut(text, 9))
    assert found == [
        "One ",
        InlinePicture(RED, "fox"),
        " two ",
        InlinePicture(BLUE, "hen"),
        " three\n\n\n\n",
    ]


def test_pictures_without_a_gap_are_two() -> None:
    found = read([f"![a]({URL})![b]({data_url(BLUE)})"])
    assert found == [InlinePicture(RED, "a"), InlinePicture(BLUE, "b")]


@pytest.mark.parametrize(
    "text", ["Hello", "See [1] for", "a < b and", "Oh! Well", "x = [1]\n", "<b>bold</b>"]
)
def test_ordinary_words_are_passed_on_at_once(text: str) -> None:
    scanner = PictureScanner()
    assert "".join(str(piece) for piece in scanner.feed(f"{text}.")) == f"{text}."


def test_an_alt_text_that_never_ends_does_not_hold_the_answer_back() -> None:
    scanner = PictureScanner()
    held = 0
    for _ in range(2_000):
        scanner.feed(20 * "a" + "![")
        held = max(held, len(scanner._text))
    assert held < 17_000


@pytest.mark.deep
@pytest.mark.parametrize(
    "unit",
    [
        "![", "[", "![a](", "<img ", '<img alt="', "```\n", "`", "data:image/png;base64,", "\\",
        "![a][1]", "[1]: ", "<", "data:image/svg+xml,<svg ", "iVBORw0KGgo", "%4", "\n", "A\nB",
        "![](data:image/png;base64,AAAA\n", "![a](https://x.test/", "<a href=data:", "'\"", "d",
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [1, 500])
def test_twice_the_text_is_twice_the_work(unit: str, size: int) -> None:
    """Counted are the characters that are looked at, each time that anything looks at them."""

    def work(chars: int) -> int:
        counted = 0

        class Counting(PictureScanner):
            def _step(self, found: list) -> bool:  # type: ignore[type-arg]
                nonlocal counted
                counted += len(self._text) - self._seen.at if self._open is None else 40
                return super()._step(found)

        text = (unit * (chars // len(unit) + 1))[:chars]
        read(cut(text, size), Counting(lambda _: True))
        return counted

    least, most = work(8_000), work(16_000)
    assert most < 2.6 * least + 8_000


def test_a_picture_by_address_is_opened_only_where_it_may_be() -> None:
    text = "A ![x](http://own.test/a.png \"t\") b ![y](https://other.test/b.png) <img src='/c.png'>"
    scanner = PictureScanner(lambda address: "other" not in address)
    assert read(cut(text, 3), scanner) == [
        "A ",
        InlineLink("http://own.test/a.png", "x", '![x](http://own.test/a.png "t")'),
        " b ![y](https://other.test/b.png) ",
        InlineLink("/c.png", "", "<img src='/c.png'>"),
    ]


@pytest.mark.parametrize(
    "text", [f"![]({URL[:60]}", f"X {URL[:70]}", f'<img src="{URL[:60]}'], ids=str
)
def test_a_picture_that_broke_off_is_mentioned_not_shown_as_digits(text: str) -> None:
    said = "".join(str(piece) for piece in read([text]))
    assert "could not be read" in said
    assert "base64" not in said


def test_a_long_file_that_is_no_picture_is_mentioned() -> None:
    said = read(
        [f"Here: data:application/pdf;base64,{base64.b64encode(9000 * b'%PDF').decode()} ok"]
    )
    assert said == [
        "Here: \n\n[A file came as text, which Easel does not show: application/pdf, 36 kB.]\n\n ok"
    ]


TRICKY = st.sampled_from(
    [*"![]()<>\"'`\\\n=:%iRU/d aä…", "![", "](", "data:", "data:image/", ";base64,", "![a][1]",
     "[1]: ", "<img ", "src=", "```\n", "iVBORw0KGgo", "/9j/", "<svg ", "</svg>",
     URL, f"![]({URL})"]
)  # fmt: skip
TEXT = st.lists(TRICKY, max_size=16).map("".join)


@given(TEXT, st.data())
def test_where_the_text_is_cut_makes_no_difference(text: str, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20)))
    pieces = [text[a:b] for a, b in pairwise([0, *cuts, len(text)])]
    assert read(pieces) == read([text])


@given(TEXT.map(lambda text: text.replace(URL, "x")))
def test_text_without_pictures_is_passed_on_unchanged(text: str) -> None:
    found = read([text])
    said = "".join(piece for piece in found if isinstance(piece, str))
    assert said == text or len(found) > 1 or "could not be read" in said


@pytest.mark.parametrize(
    "beginning",
    [
        "data:image/png;base64,",
        "DATA:image/svg+xml,",
        "data%3Aimage/png",
        "iVBORw0KGgo",
        "/9j/4",
        "_9j_4",
        "R0lGODlh",
        "UklGRh",
        "AAAAIGZ0eXB",
        "AAAAHGZ0eXB",
        "Qk1SAAAAAAAAAA",
        "SUkqAAgA",
        "TU0AKgAA",
        "AAAADGpQIC",
        "AAABAAEA",
        "PHN2ZyB4",
        "PHN2Zz4",
        "PD94bWwg",
    ],
)
def test_a_kept_reply_is_looked_through_however_a_picture_begins(beginning: str) -> None:
    assert may_hold(f"Here it is: {beginning}")
    assert not may_hold(f"Here it is: {beginning[1:3]}")
