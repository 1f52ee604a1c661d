"""What every guard promises. A new row in GUARDS is tested by itself, by its class's example."""

import asyncio
import dataclasses
import random
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.core.errors import Blocked, ConfigError
from chat.core.events import Finished, ProviderEvent, TextDelta
from chat.core.messages import Finish
from chat.core.models import Endpoint
from chat.guards.checks import SIDES, Check, Finding
from chat.guards.guardrails import RuledGuardrails
from chat.guards.registry import GUARDS, check_class
from chat.guards.rules import read_rules, takes
from tests.loopback import Loopback, Reply, Request, json_reply
from tests.unit.guards.rows import shown, streamed, words_of
from tests.wire.talk import KEY, card, request, user
from tests.wire_shapes import tiny_png

EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
DONE = Finished(Finish("stop"))
NO_SERVER = {"openai": Endpoint("openai", "openai_chat", "OpenAI", "http://127.0.0.1:9/v1", KEY)}


def opinion(asked: Request) -> Reply:
    """A moderation server that objects to hurting."""
    flagged = "hurt" in str(asked.json["input"])
    result = {"flagged": flagged, "categories": {"violence": flagged}, "category_scores": {}}
    return json_reply({"id": "m", "model": "m", "results": [result]})


@pytest.fixture(params=GUARDS)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def row(kind: str, *more: str) -> str:
    return "\n".join(["[[guard]]", f'kind = "{kind}"', check_class(kind).example.options, *more])


@pytest.fixture
async def check(kind: str) -> AsyncIterator[Check]:
    """The check of the example, with a server where it wants one."""
    with Loopback(opinion) as server:
        openai = dataclasses.replace(NO_SERVER["openai"], base_url=f"{server.url}/v1")
        (rule,) = read_rules("guards.toml", row(kind), {"openai": openai})
        yield rule.check
        await rule.check.aclose()
        await rule.check.aclose()


def test_it_is_a_check_whose_options_a_row_can_give(kind: str) -> None:
    checks = check_class(kind)
    assert issubclass(checks, Check)
    assert checks.__doc__
    assert checks.sides
    assert set(checks.sides) <= set(SIDES)
    hints = get_type_hints(checks)
    untaken = {f.name for f in dataclasses.fields(checks) if f.init and not takes(hints[f.name])}
    assert untaken == set()


def test_its_example_is_a_row_that_works_wherever_it_can_stand(kind: str) -> None:
    for side in check_class(kind).sides:
        (rule,) = read_rules("guards.toml", row(kind, f'when = ["{side}"]'), NO_SERVER)
        assert isinstance(rule.check, check_class(kind))
        assert rule.when == (side,)


def test_a_misspelt_option_is_named_with_file_line_and_the_right_one(kind: str) -> None:
    for field in dataclasses.fields(check_class(kind)):
        if not field.init:
            continue
        toml = row(kind, f"{field.name}x = 1")
        with pytest.raises(ConfigError) as caught:
            read_rules("guards.toml", toml, NO_SERVER)
        line = toml.count("\n") + 1
        assert str(caught.value).startswith(f"guards.toml, line {line}: guard number 1: “")
        assert f"Did you mean “{field.name}”?" in str(caught.value)


def test_an_option_of_the_wrong_type_is_named_with_its_line(kind: str) -> None:
    for field in dataclasses.fields(check_class(kind)):
        if not field.init:
            continue
        lines = [line for line in row(kind).split("\n") if not line.startswith(field.name)]
        toml = "\n".join([*lines, f"{field.name} = 1979-05-27"])
        with pytest.raises(ConfigError) as caught:
            read_rules("guards.toml", toml, NO_SERVER)
        assert f"guards.toml, line {len(lines) + 1}: guard number 1: " in str(caught.value)
        assert field.name in str(caught.value)


async def test_it_finds_what_its_example_says(check: Check) -> None:
    found = await check.check_text(check.example.caught)
    assert found
    assert await check.check_text("") == []


async def test_it_takes_any_bytes_as_a_picture(check: Check) -> None:
    for data in (b"", b"\x00" * 40, tiny_png(200)):
        assert all(isinstance(found, Finding) for found in await check.check_image(data))


@EXAMPLES
@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_findings_stand_in_order_inside_the_text_and_quote_nothing(
    kind: str, before: str, after: str
) -> None:
    (rule,) = read_rules("guards.toml", row(kind), NO_SERVER)
    if any(hint is Endpoint for hint in get_type_hints(type(rule.check)).values()):
        return  # what a server says has no places
    text = f"{before} {rule.check.example.caught} {after}"
    found = asyncio.run(rule.check.check_text(text))
    assert found
    end = 0
    for finding in found:
        assert finding.label
        assert rule.check.example.caught not in finding.label
        if finding.start is not None:
            assert finding.end is not None
            assert end <= finding.start < finding.end <= len(text)
            end = finding.end


async def test_what_it_blocks_never_leaves_and_what_it_only_logs_does(
    check: Check, kind: str
) -> None:
    if "before" not in check.sides:
        pytest.skip("it stands after the model only")
    asked = request(card("openai_chat"), user(check.example.caught))
    with Loopback(opinion) as server:
        openai = {"openai": dataclasses.replace(NO_SERVER["openai"], base_url=f"{server.url}/v1")}
        blocks = RuledGuardrails(read_rules("guards.toml", row(kind), openai))
        with pytest.raises(Blocked):
            await blocks.admit(asked)
        logs = RuledGuardrails(read_rules("guards.toml", row(kind, 'mode = "log"'), openai))
        assert await logs.admit(asked) == asked
        await blocks.aclose()
        await logs.aclose()


async def test_nothing_of_it_is_shown_however_an_answer_is_cut_into_pieces(
    check: Check, kind: str
) -> None:
    if "after" not in check.sides:
        pytest.skip("it stands before the model only")
    caught = check.example.caught
    text = "The beginning is harmless. " * 8 + caught + " And so on." * 60
    asked = request(card("openai_chat"))
    with Loopback(opinion) as server:
        openai = {"openai": dataclasses.replace(NO_SERVER["openai"], base_url=f"{server.url}/v1")}
        toml = row(kind, 'when = ["after"]', 'mode = "block"')
        for seed in range(6):
            chance, pieces, rest = random.Random(seed), [], text
            while rest:
                size = chance.randint(1, 40)
                pieces.append(TextDelta(rest[:size]))
                rest = rest[size:]
            guards = RuledGuardrails(read_rules("guards.toml", toml, openai))
            seen: list[ProviderEvent] = []
            with pytest.raises(Blocked):
                await _collect(guards.screen(asked, streamed(*pieces, DONE)), seen)
            assert caught not in words_of(seen)
            await guards.aclose()


async def _collect(events: AsyncGenerator[ProviderEvent, None], into: list[ProviderEvent]) -> None:
    async with aclosing(events):
        async for event in events:
            into.append(event)  # noqa: PERF401  # what came before an error counts


async def test_a_check_that_breaks_lets_nothing_through(kind: str) -> None:
    (rule,) = read_rules("guards.toml", row(kind), NO_SERVER)

    class Broken(Check):
        async def check_text(self, text: str) -> list[Finding]:
            raise LookupError(text)

    guards = RuledGuardrails([dataclasses.replace(rule, check=Broken(), when=SIDES)])
    with pytest.raises(Blocked, match="could not be asked, so nothing was sent"):
        await guards.admit(request(card("openai_chat"), user("Hello")))
    with pytest.raises(Blocked, match="could not be asked, so the rest is held back"):
        await shown(guards, request(card("openai_chat")), [TextDelta("Hi"), DONE])
    await rule.check.aclose()
