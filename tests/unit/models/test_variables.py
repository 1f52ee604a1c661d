"""A key or an address that was copied badly is named before anything is sent, and never shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.models.variables import wrong_with_address, wrong_with_key
from tests.unit.models.files import read, shipped


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("sk-abc_DEF.123", ""),
        ("x", ""),
        ("/keys/my account.json", ""),
        (r"C:\Schlüssel\konto.json", ""),
        ('"sk-abc"', "has quotes around it"),
        ("“sk-abc”", "has quotes around it"),
        ("'sk-abc", "has quotes around it"),
        ("sk-abc\nOTHER=1", "holds a line break"),
        ("/keys/a.json\n/keys/b.json", "holds a line break"),
        ("sk abc", "holds a space"),
        ("sk-äbc", "a character that no key has"),
        ("sk-\x00abc", "a character that no key has"),
    ],
)
def test_what_is_wrong_with_a_key_is_said(key: str, wrong: str) -> None:
    said = wrong_with_key(key)
    assert wrong in said
    assert bool(said) == bool(wrong)
    assert key not in said


@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("http://127.0.0.1:4000/v1", ""),
        ("HTTPS://me.openai.azure.com/", ""),
        ("http://[::1]:4000", ""),
        ("127.0.0.1:4000", "must begin with http:// or https://"),
        ("ftp://x", "must begin with"),
        ('"http://x"', "has quotes around it"),
        ("http://x y", "holds a space or a line break"),
        ("http://x\nhttp://y", "holds a space or a line break"),
        ("http://", "is not a web address"),
        ("http://x:99999", "is not a web address"),
        ("http://[::1", "is not a web address"),
    ],
)
def test_what_is_wrong_with_an_address_is_said(address: str, wrong: str) -> None:
    said = wrong_with_address(address)
    assert wrong in said
    assert bool(said) == bool(wrong)


@given(st.text())
def test_no_value_makes_a_check_fail_instead_of_answering(value: str) -> None:
    for said in (wrong_with_key(value), wrong_with_address(value)):
        assert not said or said.endswith(".")


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        (
            {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "localhost:4000"},
            "OPENAI_BASE_URL must begin with http:// or https://.",
        ),
        ({"GEMINI_API_KEY": '"secret-1"'}, "GEMINI_API_KEY has quotes around it; take them away."),
        ({"GOOGLE_API_KEY": "secret\nX=1"}, "GOOGLE_API_KEY holds a line break"),
    ],
)
def test_nonsense_in_a_variable_takes_its_models_out_and_is_told(
    environ: dict[str, str], sentence: str
) -> None:
    catalogue = shipped("", **environ)
    assert catalogue.default.id == "sketch"
    assert any(told.startswith(sentence) for told in catalogue.troubles)
    assert any(shelf.reason.startswith(sentence) for shelf in catalogue.shelf())
    assert "secret" not in "".join(catalogue.troubles)
    # What is wrong with it is not a reason to forget it: it must be kept out of the log.
    assert set(environ.values()) <= {
        value for e in catalogue.endpoints.values() for value in (e.api_key, e.base_url)
    }


@pytest.mark.parametrize(
    ("value", "pace_s", "trouble"),
    [
        ("0.5", 0.5, ""),
        ("", 2.0, ""),
        ("fast", 2.0, "PACE must be a number, 0 or more."),
        ("-1", 2.0, "PACE must be a number, 0 or more."),
        ("nan", 2.0, "PACE must be a number, 0 or more."),
    ],
)
def test_an_option_from_a_variable_has_the_type_that_its_kind_wants(
    value: str, pace_s: float, trouble: str
) -> None:
    rows = (
        '[[endpoint]]\nid = "e"\nkind = "sketch"\n'
        'options = { pace_s = 2 }\noptions_env = { pace_s = "PACE" }\n'
    )
    catalogue = read(rows, PACE=value)
    assert catalogue.endpoints["e"].options == {"pace_s": pace_s}
    assert catalogue.lacks("e") == trouble


@pytest.mark.parametrize(("value", "on"), [("true", True), ("0", False), ("", None)])
def test_a_variable_may_switch_an_option(value: str, on: bool | None) -> None:
    rows = '[[endpoint]]\nid = "e"\nkind = "gemini"\noptions_env = { enterprise = "CLOUD" }\n'
    options = read(rows, CLOUD=value).endpoints["e"].options
    assert options == ({} if on is None else {"enterprise": on})
