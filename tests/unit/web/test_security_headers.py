"""What every answer carries: an answer without these lets a browser guess, frame or leak."""

from collections.abc import Iterator

import pytest

from chat.web.policy import Policy
from chat.web.security import SecurityMiddleware
from tests.serving import served
from tests.unit.web.guarded import ask, small_app

STANDING = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with served(
        SecurityMiddleware(small_app(), Policy(frame_ancestors=("'self'", "https://hub.example")))
    ) as p:
        yield p


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/picture", 200),
        ("GET", "/stream", 200),
        ("GET", "/nowhere", 404),
        ("PATCH", "/count", 405),
        ("GET", "/broken", 500),
    ],
)
def test_every_answer_is_dressed(port: int, method: str, path: str, status: int) -> None:
    answer = ask(port, method, path)
    assert answer.status == status
    assert {name: answer.headers[name] for name in STANDING} == STANDING
    assert "content-security-policy" in answer.headers
    assert "camera=()" in answer.headers["permissions-policy"]
    assert b"secret" not in answer.body


@pytest.mark.parametrize(
    ("headers", "status"), [({"Host": "evil"}, 400), ({"Origin": "http://evil"}, 403)]
)
def test_refusals_are_dressed_too(port: int, headers: dict[str, str], status: int) -> None:
    answer = ask(port, "POST", "/count", headers, b"abc")
    assert answer.status == status
    assert {name: answer.headers[name] for name in STANDING} == STANDING
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_may_load_nothing_from_elsewhere(port: int) -> None:
    policy = ask(port, "GET", "/").headers["content-security-policy"]
    rules = {name: rest for name, _, rest in (rule.partition(" ") for rule in policy.split("; "))}
    assert rules["default-src"] == rules["script-src"] == rules["connect-src"] == "'self'"
    assert rules["img-src"] == rules["media-src"] == "'self' data: blob:"
    assert rules["form-action"] == "'self'"
    assert rules["base-uri"] == rules["object-src"] == "'none'"
    assert rules["object-src"] == "'none'"
    assert rules["frame-ancestors"] == "'self' https://hub.example"


def test_what_a_route_says_itself_stands(port: int) -> None:
    answer = ask(port, "GET", "/picture")
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["cache-control"] == "private, immutable"


@pytest.mark.parametrize("path", ["/", "/stream"])
def test_conversations_do_not_stay_in_a_cache(port: int, path: str) -> None:
    assert ask(port, "GET", path).headers["cache-control"] == "no-store"
