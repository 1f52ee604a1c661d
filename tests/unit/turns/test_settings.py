"""Settings come from a page as any JSON: what cannot be chosen is refused and changes nothing."""

from typing import Any

import pytest

from chat.core.errors import CapabilityError
from tests.unit.turns.workshop import ME, Workshop

MARKER = "secret words"
HUGE = MARKER * 4_000


@pytest.mark.parametrize(
    "asked",
    [
        {"tools_on": HUGE}, {"tools_on": {"a": 1}}, {"tools_on": 1}, {"tools_on": "false"},
        {"model": MARKER}, {"model": 7}, {"model": ["model"]}, {"model": {}},
        {"system": HUGE}, {"system": 7}, {"system": [MARKER]},
        {"tool_policy": {MARKER: "deny"}}, {"tool_policy": {"clock": MARKER}},
        {"tool_policy": {"clock": ["deny"]}}, {"tool_policy": [MARKER]}, {"tool_policy": MARKER},
        {"options": {MARKER: "x"}}, {"options": {"quality": HUGE}}, {"options": {"quality": {}}},
        {"options": {"n": True}}, {"options": {"n": 10**9}}, {"options": {"n": -1}},
        {"options": {"n": 1.5}}, {"options": [MARKER]}, {"options": MARKER},
        {"tools_on": True, "options": {MARKER: "x"}},
    ],
)  # fmt: skip
async def test_what_cannot_be_chosen_changes_nothing_and_is_not_repeated(
    asked: dict[str, Any],
) -> None:
    shop = Workshop([])
    before = await shop.begin(system="Be brief.", options={"n": "2"})
    with pytest.raises(CapabilityError) as caught:
        await shop.library.set_up(ME, before.id, **asked)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert MARKER not in sentence
    assert len(sentence) < 100
    assert shop.store.get(ME, before.id) == before


async def test_each_setting_is_kept_beside_the_others() -> None:
    shop = Workshop([])
    made = await shop.begin()
    for asked in (
        {"model": "model"}, {"system": "Be\x00 brief."}, {"tools_on": True},
        {"tool_policy": {"clock": "deny", "calculator": "allow"}},
        {"options": {"aspect_ratio": "16:9", "n": 2, "quality": "high"}},
        {"options": {"quality": "", "n": None}},
    ):  # fmt: skip
        await shop.library.set_up(ME, made.id, **asked)
    kept = shop.store.get(ME, made.id)
    assert (kept.model, kept.system, kept.tools_on) == ("model", "Be brief.", True)
    assert kept.tool_policy == {"clock": "deny", "calculator": "allow"}
    assert kept.options == {"aspect_ratio": "16:9"}
