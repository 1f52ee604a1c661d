"""The page is its slots: each is built, then wired, and one that fails costs itself alone."""

import logging
from collections.abc import Mapping
from typing import Any

import gradio as gr
import pytest

from chat.core.conversation_settings import SETTINGS
from chat.ui.ahead import ahead_of
from chat.ui.page import SLOTS, Slot, build_page
from tests.unit.turns.workshop import Workshop
from tests.unit.web.studio import app_state_of

HERE = "tests.unit.ui.panels"


def built(slots: Mapping[str, Slot] = SLOTS) -> gr.Blocks:
    return build_page(app_state_of(Workshop([])), slots)


def elements(page: gr.Blocks) -> set[str]:
    """The ids of the elements that lie somewhere in the layout."""
    parts = {part["id"]: part["props"] for part in page.config["components"]}
    found: set[str] = set()
    waiting: list[Any] = [page.config["layout"]]
    while waiting:
        node = waiting.pop()
        waiting.extend(node.get("children") or ())
        found.add(str(parts.get(node["id"], {}).get("elem_id")))
    return found


def inside(page: gr.Blocks, column: str, element: str) -> bool:
    """Whether an element lies in a column."""
    names = {part["id"]: part["props"].get("elem_id") for part in page.config["components"]}

    def holds(node: Any, within: bool) -> bool:
        name = names.get(node["id"])
        if within and name == element:
            return True
        return any(holds(child, within or name == column) for child in node.get("children") or ())

    return holds(page.config["layout"], within=False)


async def test_every_panel_stands_in_its_region() -> None:
    page = built()
    for column, element in (
        ("main", "transcript"), ("dock", "composer"), ("main", "composer"), ("dock", "controls"),
        ("settings", "setting-system"), ("sidebar", "conversation-list"),
    ):  # fmt: skip
        assert inside(page, column, element), element
    assert not inside(page, "main", "settings")


async def test_a_panel_is_added_by_its_row_alone() -> None:
    page = built({**SLOTS, "greets": Slot(f"{HERE}.greets", "dock")})
    assert inside(page, "dock", "greet")
    assert "'hello'" in str(page.config["dependencies"])


async def test_the_message_box_stays_at_the_foot_whichever_row_comes_first() -> None:
    page = built({"greets": Slot(f"{HERE}.greets", "dock"), **SLOTS})
    names = {part["id"]: part["props"].get("elem_id") for part in page.config["components"]}
    layout: Any = page.config["layout"]
    (main,) = [child for child in layout["children"] if names[child["id"]] == "main"]
    assert names[main["children"][-1]["id"]] == "dock"
    dock = [names[child["id"]] for child in main["children"][-1]["children"]]
    assert dock.index("greet") < dock.index("composer")


async def test_a_function_that_no_route_leads_to_is_named_with_the_way_that_works(
    caplog: pytest.LogCaptureFixture,
) -> None:
    page = built({**SLOTS, "asks": Slot(f"{HERE}.asks_past_the_queue", "dock")})
    assert "The panel “asks” does not work." in ahead_of(page)
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "**page.answered" in str(record.exc_info and record.exc_info[1])


@pytest.mark.parametrize(
    ("module", "sentence", "cause", "remains"),
    [
        ("breaks_in_build", "could not be shown", "the paint is out", {"half", "half-a-box"}),
        ("was_never_written", "could not be shown", "was_never_written", set()),
    ],
)
async def test_a_panel_that_fails_is_named_in_the_page_and_the_rest_stands(
    module: str, sentence: str, cause: str, remains: set[str], caplog: pytest.LogCaptureFixture
) -> None:
    whole = elements(built())
    page = built({"broken": Slot(f"{HERE}.{module}", "main"), **SLOTS})
    assert whole <= elements(page)
    assert not remains & elements(page)
    shown = ahead_of(page)
    assert f"The panel “broken” {sentence}." in shown
    assert not any(name in shown + str(page.config["components"]) for name in remains)
    assert "'half'" not in str(page.config["dependencies"])
    (record,) = [each for each in caplog.records if each.levelno == logging.ERROR]
    assert "broken" in record.getMessage()
    assert cause in str(record.exc_info and record.exc_info[1])


async def test_a_panel_that_cannot_be_wired_keeps_nobody_else_from_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    page = built({"deaf": Slot(f"{HERE}.breaks_in_wire", "page"), **SLOTS})
    assert "deaf-box" in elements(page)
    events = str(page.config["dependencies"])
    assert "'deaf'" not in events
    assert all(f'"{each.name}"' in events for each in SETTINGS if each.widget != "none")
    assert "The panel “deaf” does not work." in ahead_of(page)
    assert [each.levelno for each in caplog.records] == [logging.ERROR]


async def test_the_tools_switch_works_although_the_drawer_of_settings_fails() -> None:
    page = built({**SLOTS, "settings": Slot(f"{HERE}.breaks_in_build", "page")})
    assert "setting-tools-on" in elements(page)
    assert '"tools_on"' in str(page.config["dependencies"])
