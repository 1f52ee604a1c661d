"""What every panel promises. A new row in SLOTS is tested by itself."""

import logging
from importlib import import_module
from inspect import getdoc, signature
from typing import get_args

import pytest

from chat.ui.page import SLOTS, Region, build_page
from tests.unit.turns.workshop import Workshop
from tests.unit.web.studio import app_state_of


@pytest.fixture(params=SLOTS)
def name(request: pytest.FixtureRequest) -> str:
    panel: str = request.param
    return panel


def test_it_says_what_it_is_and_takes_the_page(name: str) -> None:
    slot = SLOTS[name]
    panel = import_module(slot.module)
    assert getdoc(panel)
    assert slot.region in get_args(Region)
    for step in (panel.build, panel.wire):
        assert getdoc(step)
        assert list(signature(step).parameters) == ["page"]


async def test_it_is_built_and_wired_beside_the_others(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = build_page(app_state_of(Workshop([])))
    assert f'data-failed-panel="{name}"' not in str(page.config["components"])
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_it_adds_something_to_the_page(name: str) -> None:
    without = {key: slot for key, slot in SLOTS.items() if key != name}
    app_state = app_state_of(Workshop([]))
    fewer, whole = build_page(app_state, without), build_page(app_state)
    assert len(whole.config["components"]) > len(fewer.config["components"])
