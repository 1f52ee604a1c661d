"""Whatever a program sends to whichever route, it is told so in words, and Easel lives on."""

import json
import random
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import pytest

from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.promises.rounds import dice, rounds
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.process

ODD: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    2**63,
    1e308,
    0.5,
    "",
    " ",
    "\x00",
    "\ud800",
    "‮evil",
    "../../etc/passwd",
    "a" * 5_000,
    "'; DROP TABLE message; --",
    "<script>alert(1)</script>",
    "9" * 40,
    "0" * 64,
    "2026-02-30",
    [],
    [[]] * 300,
    {},
    {"": None},
    {"$ref": "#"},
)
RAW = (b"", b"{", b"[" * 5_000, b"\xff\xfe", b'{"a":NaN}', b'{"a":1e999}', b'"\\ud800"', b"null")
ELSEWHERE = ("/access/leave",)
"""What would end the run: nothing else is left out."""


@pytest.fixture(scope="module")
def described(upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Easel]:
    """An Easel that tells which routes it has and what they take."""
    folder = tmp_path_factory.mktemp("described") / "data"
    with Easel(folder, **upstream.environ, EASEL_DEV="1") as easel:
        yield easel


class Sender:
    """Makes up requests of the shapes that a description of an API names, and of others."""

    def __init__(self, described: Mapping[str, Any], known: list[str], chance: random.Random):
        """``known``: ids that exist, for whatever wants one."""
        self._schemas = described.get("components", {}).get("schemas", {})
        self._known = known
        self._chance = chance
        self.routes = [
            (path, method, route)
            for path, methods in described["paths"].items()
            for method, route in methods.items()
            if path not in ELSEWHERE
        ]

    def address(self, path: str) -> str:
        """With something in the place of each name, often an id that exists."""
        while "{" in path:
            before, _, rest = path.partition("{")
            _, _, after = rest.partition("}")
            value = self._chance.choice([*self._known, *self._known, "x", "..", "0" * 64, "\x00"])
            path = f"{before}{quote(value, safe='')}{after}"
        return path

    def parameters(self, route: Mapping[str, Any]) -> dict[str, str]:
        """Some of what the route reads from its query."""
        named = [each["name"] for each in route.get("parameters", []) if each["in"] == "query"]
        chosen = [name for name in named if self._chance.random() < 0.6]
        return {name: self._sayable(self._chance.choice([*ODD, *self._known])) for name in chosen}

    def body(self, route: Mapping[str, Any]) -> bytes:
        """What the route takes, most often with something odd in it."""
        if self._chance.random() < 0.1:
            return self._chance.choice(RAW)
        content = route.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        return json.dumps(self._value(schema, 0)).encode()

    def _value(self, schema: Mapping[str, Any], depth: int) -> Any:
        chance = self._chance
        if depth > 6 or chance.random() < 0.12:
            return chance.choice(ODD)
        if "$ref" in schema:
            return self._value(self._schemas[schema["$ref"].rpartition("/")[2]], depth + 1)
        if options := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
            return self._value(chance.choice(options), depth + 1)
        if "enum" in schema:
            return chance.choice(schema["enum"])
        if "const" in schema:
            return schema["const"]
        match schema.get("type"):
            case "object":
                return self._object(schema, depth)
            case "array":
                count = chance.choice([0, 1, 2, 2, 150])
                return [self._value(schema.get("items", {}), depth + 1) for _ in range(count)]
            case "integer":
                return chance.choice([0, 1, 2, 4, -1, 10**12])
            case "number":
                return chance.choice([0.0, 0.5, 1.0, -1.0, 1e300])
            case "boolean":
                return chance.random() < 0.5
            case "string":
                return chance.choice([*self._known, "words", "go", "a" * 40, "", "é\n"])
        return chance.choice(ODD)

    def _object(self, schema: Mapping[str, Any], depth: int) -> dict[str, Any]:
        made = {
            name: self._value(each, depth + 1)
            for name, each in schema.get("properties", {}).items()
            if name in schema.get("required", ()) or self._chance.random() < 0.5
        }
        if isinstance(more := schema.get("additionalProperties"), dict):
            made[self._chance.choice([*self._known, "more"])] = self._value(more, depth + 1)
        return made

    @staticmethod
    def _sayable(value: Any) -> str:
        said = value if isinstance(value, str) else json.dumps(value)
        return said.encode("utf-8", "replace").decode()


def test_no_body_whatever_is_in_it_makes_easel_fail(described: Easel) -> None:
    sha = described.http.post("/api/media", content=tiny_png(5)).json()["sha"]
    started = described.ask(described.begin(), "go")
    known = [*started.values(), sha]
    known = [each for each in known if isinstance(each, str)]
    sender = Sender(described.http.get("/openapi.json").json(), known, dice("bodies"))
    assert len(sender.routes) > 80
    failed: list[str] = []
    for number in range(rounds(300, 4_000)):
        path, method, route = sender.routes[number % len(sender.routes)]
        address, query, body = sender.address(path), sender.parameters(route), sender.body(route)
        answer = described.http.request(
            method.upper(),
            address,
            params=query,
            content=None if method == "get" else body,
            headers={"content-type": "application/json"},
        )
        if answer.status_code >= 500:
            failed.append(f"{method} {address} {query} {body[:300]!r}: {answer.text[:300]}")
    assert not failed, "\n".join(failed)
    assert "Traceback" not in described.log()
    assert described.http.get("/healthz").status_code == 200
