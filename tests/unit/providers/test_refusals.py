"""What a provider says of its error helps the user, and gives nothing away."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.errors import Blocked, ModelNotFound
from chat.core.models import Endpoint
from chat.providers.registry import specs
from chat.providers.shared.replies.refusals import (
    QUOTE_CHARS,
    quoted,
    refused,
    retry_after_s,
    status_in,
    web_page,
)

ENDPOINT = Endpoint("e", "gemini", "Test", api_key="my own key", key_env=("A_KEY", "B_KEY"))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Skip tokenisation of skeletons.", "Skip tokenisation of skeletons."),
        (
            "models/gemini-3.1-flash-lite-image is gone",
            "models/gemini-3.1-flash-lite-image is gone",
        ),
        ("Bad key my own key!", "Bad key …!"),
        ("Bad key sk-proj-Ab12_cd34ef, sk-****7f3a", "Bad key …, …"),
        ("Bad key AIzaSyD-1234567.", "Bad key …."),
        ("Use Bearer abc, please", "Use … please"),
        ("See https://x.test/a?key=b for more", "See … for more"),
        ("data iVBORw0KGgoAAAANSUhEUgAAAAgAAAAI end", "data … end"),
        ('First line.\n  File "a.py", line 1\n', "First line."),
        ("Bell\a and \x1b[31mred", "Bell and [31mred"),
    ],
)
def test_a_quotation_is_one_clean_line(said: str, shown: str) -> None:
    assert quoted(said, ENDPOINT) in {f" It said: “{shown}”", f" It said: “{shown}”."}


def test_a_quotation_ends_as_a_sentence_so_that_another_may_follow() -> None:
    assert quoted("Rate limit reached for requests", ENDPOINT).endswith("for requests”.")
    for said in ("Told.", "What?", "No!"):
        assert quoted(said, ENDPOINT).endswith(f"{said}”")


@pytest.mark.parametrize("said", ["", "  \n", "<!doctype html><p>Error</p>", None, {"a": 1}])
def test_what_is_no_sentence_is_not_quoted(said: object) -> None:
    assert quoted(said, ENDPOINT) == ""


@pytest.mark.parametrize(
    ("status", "code", "is_model"),
    [
        (404, "model_not_found", True),
        (400, "model_not_found", True),
        (410, "model_not_found", True),
        (404, "NOT_FOUND", True),
        (400, "NOT_FOUND", False),
        (403, "model_not_found", False),
        (404, "", False),
    ],
)
def test_a_model_that_is_gone_is_known_by_its_code(status: int, code: str, is_model: bool) -> None:
    assert (type(refused(ENDPOINT, status, "No.", codes=(code,))) is ModelNotFound) is is_model


def test_a_long_quotation_is_cut() -> None:
    quote = quoted("word " * 200, ENDPOINT)
    assert len(quote) <= QUOTE_CHARS + len(" It said: “”")
    assert quote.endswith("word…”")


def test_every_variable_that_may_hold_the_key_is_named() -> None:
    assert "Check A_KEY or B_KEY." in str(refused(ENDPOINT, 401))
    without = Endpoint("e", "openai_chat", "My server", key_env=("A_KEY", "B_KEY"))
    assert str(refused(without, 401)) == (
        "My server wants a key, and none is set. Set A_KEY or B_KEY."
    )
    keyless = Endpoint("e", "openai_chat", "My server")
    assert str(refused(keyless, 401)) == (
        "My server wants a key, and none is set. Enter it, or name its variable in key_env."
    )


@pytest.mark.parametrize("status", [*range(300, 310), *range(400, 432), 451, *range(500, 512), 529])
def test_every_status_has_a_sentence_about_the_endpoint(status: int) -> None:
    sentence = str(refused(ENDPOINT, status))
    assert "Test" in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (429, 429),
        ("503", 503),
        (True, None),
        (-1, None),
        ("²", None),
        ("1" * 5_000, None),
        ([], None),
    ],
)
def test_a_code_is_a_status_where_it_can_be_one(code: object, status: int | None) -> None:
    assert status_in(code) == status


@given(st.text() | st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ [+-]\d+", fullmatch=True))
def test_a_pause_in_any_words_is_a_time_or_none(value: str) -> None:
    wait_s = retry_after_s({"retry-after": value})
    assert wait_s is None or wait_s >= 0


def test_retry_after_is_read_as_seconds_or_as_a_date() -> None:
    assert retry_after_s({"retry-after": " 1.5 "}) == 1.5
    assert retry_after_s({"retry-after": "-3"}) == 0
    soon = retry_after_s({"retry-after": format_datetime(datetime.now(UTC) + timedelta(minutes=1))})
    assert soon is not None
    assert 30 < soon <= 60
    assert retry_after_s({"retry-after": "Wed, 21 Oct 2015 07:28:00"}) == 0
    for nothing in (None, {}, *({"retry-after": odd} for odd in ("", "soon", "inf", "nan"))):
        assert retry_after_s(nothing) is None


@pytest.mark.parametrize(
    ("kind", "address", "sentence"),
    [
        ("openai_chat", "http://x.test:4000", "Check its address (it may lack /v1)."),
        ("openai_images", "http://x.test/api/", "Check its address (it may lack /v1)."),
        ("openai_chat", "http://x.test/v1/", "Check its address."),
        ("openai_chat", "http://x.test/api/v1", "Check its address."),
        ("gemini", "http://x.test", "Check its address."),
        ("openai_chat", "", "Check the network you are in."),
    ],
)
def test_a_web_page_points_at_the_address(kind: str, address: str, sentence: str) -> None:
    said = str(web_page(Endpoint("e", kind, "My proxy", base_url=address, spec=specs()[kind])))
    assert said == f"My proxy answered with a web page. {sentence}"


@pytest.mark.parametrize(
    ("said", "status", "blocks"),
    [
        ("BedrockException - Filter reason: prompt", 400, True),
        (
            'BedrockException - {"message": "This has been blocked by our content filters."}',
            400,
            True,
        ),
        ("Black_forest_labsException - Request Moderated", 400, True),
        ("Content was filtered by Stability AI safety systems", 400, True),
        ("XaiException - Generated image rejected by content moderation.", 400, True),
        ("OpenAIException - 'moderation' is not supported", 400, False),
        ("BedrockException - the content filters of this account are not set up", 400, False),
        ("BedrockException - Filter reason: prompt", 401, False),
    ],
)
def test_a_proxy_that_keeps_only_the_words_of_a_content_refusal_is_understood(
    said: str, status: int, blocks: bool
) -> None:
    told = refused(ENDPOINT, status, f"litellm.BadRequestError: {said}", codes=(None, str(status)))
    assert isinstance(told, Blocked) is blocks
    assert not isinstance(refused(ENDPOINT, 400, f"I draw what was told: {said}"), Blocked)
