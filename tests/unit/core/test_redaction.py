"""A key does not get out, in whatever form a server sends it back."""

import html
import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote, quote_plus

import pytest

from chat.core.redaction import HIDDEN, without_keys

KEY = "correct horse/battery+staple?ü"


@pytest.mark.parametrize("key", [KEY, "my-own-key", "aB3?x>~", "abcdef"])
@pytest.mark.parametrize("before", ["", "a", "ab", "abc", "user:"])
@pytest.mark.parametrize("after", ["", "z", "zy", "zyx"])
def test_no_form_of_a_key_passes(key: str, before: str, after: str) -> None:
    data = f"{before}{key}{after}".encode()
    forms = {
        key,
        quote(key, safe=""),
        quote(key, safe="").lower(),
        quote_plus(key),
        quote(quote(key, safe=""), safe=""),
        "".join(f"%{byte:02X}" for byte in key.encode()),
        html.escape(key),
        "".join(f"&#{ord(letter)};" for letter in key),
        json.dumps(key)[1:-1],
        json.dumps(key)[1:-1].replace("/", "\\/"),
        "".join(f"\\u{ord(letter):04x}" for letter in key),
        repr(key.encode())[2:-1],
        key.upper(),
        key.encode().hex(),
        key.encode().hex(" ").upper(),
        b64encode(b64encode(key.encode())).decode(),
        b64encode(data).decode(),
        urlsafe_b64encode(data).decode(),
        b64encode(data).decode().rstrip("="),
    }
    for form in forms:
        found = without_keys(f"it said: {form} to us", [key])
        assert HIDDEN in found, form
        assert form not in found
        left = found.removeprefix("it said: ").removesuffix(" to us")
        assert len(left.replace(HIDDEN, "")) <= len(before + after) * 2 + 5, (form, found)


def test_a_short_key_is_hidden_where_it_stands_alone() -> None:
    assert without_keys("key 'pass' is wrong; the passage is not", ["pass"]) == (
        f"key '{HIDDEN}' is wrong; the passage is not"
    )
    assert without_keys("it is no key", ["no"]) == "it is no key"


def test_words_stay_as_they_are() -> None:
    text = "Nothing to hide here, in none of these words: YWJj."
    assert without_keys(text, [KEY, "another-key"]) == text


def test_a_longer_key_is_hidden_before_one_that_is_a_part_of_it() -> None:
    assert without_keys("abcdefgh", ["abcdef", "abcdefgh"]) == HIDDEN
