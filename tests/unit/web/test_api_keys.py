"""A host's list of keys is read as meant, or refused with a sentence that gives none away."""

from hashlib import sha256

import pytest

from chat.core.errors import ConfigError
from chat.web.api_keys import read_api_keys

KEY = "sk-easel-0123456789abcdef"
OTHER = "sk-easel-fedcba9876543210="


def test_each_key_opens_under_its_own_name() -> None:
    digest = sha256(OTHER.encode()).hexdigest()
    file = f"# for the night\n\nbatch = sha256:{digest}\n"
    keys, plain = read_api_keys(f"laptop={KEY}, ", file, "the file")
    assert plain == [KEY]
    assert (keys.name_of(KEY), keys.name_of(OTHER)) == ("laptop", "batch")
    for strange in ("", KEY[:-1], f"{KEY} ", "laptop", digest, f"sha256:{digest}", "\ud800"):
        assert keys.name_of(strange) is None


def test_without_keys_nobody_comes_in() -> None:
    keys, plain = read_api_keys("", "# none yet", "the file")
    assert (bool(keys), plain, keys.name_of("")) == (False, [], None)


@pytest.mark.parametrize(
    ("listed", "lines", "what"),
    [
        (KEY, "", "Entry 1 of EASEL_API_KEYS is no name"),
        ("laptop=short", "", "Entry 1 of EASEL_API_KEYS has no key"),
        (f"laptop={KEY} x", "", "Entry 1 of EASEL_API_KEYS has no key"),
        (f"a={KEY},a={OTHER}", "", "Entry 2 of EASEL_API_KEYS has the name"),
        (f"a={KEY},b={KEY}", "", "the same key"),
        ("", f"one two={KEY}", "Line 1 of the file is no name"),
        ("", "a=sha256:xyz", "Line 1 of the file is no digest"),
    ],
)
def test_a_list_that_makes_no_sense_stops_the_start(listed: str, lines: str, what: str) -> None:
    with pytest.raises(ConfigError, match=what) as met:
        read_api_keys(listed, lines, "the file")
    assert KEY not in str(met.value)
