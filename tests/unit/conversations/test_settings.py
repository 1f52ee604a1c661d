"""A setting is sent as any JSON: what cannot be chosen is refused and changes nothing."""

from dataclasses import replace
from typing import Any

import pytest

from chat.core.errors import CapabilityError
from chat.core.models import ModelCard
from tests.unit.models.files import ENDPOINT, MODEL
from tests.unit.turns.workshop import ME, Workshop

MARKER = "secret words"
HUGE = MARKER * 4_000
CARD = ModelCard(
    "model", "door", "wire-model", "The Model", tools=True, qualities=("high",), n_max=4
)


@pytest.mark.parametrize(
    "asked",
    [
        {"tools_on": HUGE}, {"tools_on": {"a": 1}}, {"tools_on": 1}, {"tools_on": "false"},
        {"model": MARKER}, {"model": 7}, {"model": ["model"]}, {"model": {}}, {"model": None},
        {"model": ""}, {"system": HUGE}, {"system": 7}, {"system": [MARKER]},
        {"tool_policy": {MARKER: "deny"}}, {"tool_policy": {"clock": MARKER}},
        {"tool_policy": {"clock": ["deny"]}}, {"tool_policy": [MARKER]}, {"tool_policy": MARKER},
        {"quality": MARKER}, {"quality": HUGE}, {"quality": {}}, {"aspect_ratio": MARKER},
        {"n": True}, {"n": 10**9}, {"n": -1}, {"n": 1.5}, {"n": "5"}, {"n": "1" * 400},
        {MARKER: "x"}, {"options": {"n": 2}}, {"tools_on": True, MARKER: "x"},
    ],
)  # fmt: skip
async def test_what_cannot_be_chosen_changes_nothing_and_is_not_repeated(
    asked: dict[str, Any],
) -> None:
    shop = Workshop([], card=CARD)
    before = await shop.begin(system="Be brief.", n="2")
    with pytest.raises(CapabilityError) as caught:
        await shop.settings.change(ME, before.id, asked)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert MARKER not in sentence
    assert len(sentence) < 200
    assert shop.store.get(ME, before.id) == before


async def test_each_setting_is_kept_beside_the_others() -> None:
    shop = Workshop([], card=CARD)
    made = await shop.begin()
    for asked in (
        {"model": "model"}, {"system": "Be\x00 brief."}, {"tools_on": True},
        {"tool_policy": {"clock": "deny"}}, {"tool_policy": {"calculator": "allow"}},
        {"quality": "high"}, {"n": 2}, {"quality": ""}, {"n": "3"},
    ):  # fmt: skip
        await shop.settings.change(ME, made.id, asked)
    kept = shop.store.get(ME, made.id)
    assert (kept.model, kept.system, kept.tools_on) == ("model", "Be brief.", True)
    assert kept.tool_policy == {"clock": "deny", "calculator": "allow"}
    assert kept.options == {"n": "3"}


async def test_a_tick_in_a_policy_that_cannot_be_read_allows_that_tool_and_no_other() -> None:
    shop = Workshop([], card=CARD)
    made = await shop.begin()
    shop.store.change(ME, made.id, lambda found: replace(found, tool_policy={"*": "deny"}))
    await shop.settings.change(ME, made.id, {"tool_policy": {"clock": "allow"}})
    policy = shop.store.get(ME, made.id).tool_policy
    assert policy["clock"] == "allow"
    assert policy["*"] == policy["calculator"] == "deny"


@pytest.mark.parametrize(
    ("rows", "asked", "sentence"),
    [
        ('key_env = ["MY_KEY"]\n' + MODEL, "m", "“m” cannot be used now. Set MY_KEY to use it."),
        (MODEL + "retires_on = 2026-01-01\n", "m", "was retired on 1 January 2026"),
        (MODEL, "e:secret words", "That model is not in the catalogue. Choose another."),
        (
            'base_url = "http://x"\ndiscover = true\n' + MODEL,
            "e:secret words",
            "That model is not in the catalogue. Choose another.",
        ),
    ],
)
async def test_only_a_model_that_can_answer_is_chosen(rows: str, asked: str, sentence: str) -> None:
    spare = '[[endpoint]]\nid = "spare"\nkind = "scripted"\ntitle = "S"\n'
    spare += '[[model]]\nid = "spare"\nendpoint = "spare"\nwire_name = "spare"\n'
    shop = Workshop([], rows=ENDPOINT + rows + spare)
    made = await shop.begin()
    with pytest.raises(CapabilityError) as caught:
        await shop.settings.change(ME, made.id, {"model": asked})
    assert sentence in str(caught.value)
    assert shop.store.get(ME, made.id).model == made.model


async def test_a_model_is_kept_by_its_id_whatever_it_is_asked_for_by() -> None:
    shop = Workshop([], rows=ENDPOINT + MODEL + 'aliases = ["old"]\n')
    made = await shop.begin(model="old")
    assert made.model == "m"
