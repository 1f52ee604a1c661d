"""A Gradio component for each setting of a conversation, and the events that tie it to the page.

A component here is a widget and no more. What is changed in it goes to the server by the same
request as every other change of a setting (``assets/js/settings.js``); what it shows comes from
there, too. No handler runs in Gradio's server.
"""

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import gradio as gr

from chat.core.conversation_settings import Setting, Widget
from chat.ui.page import Page

Made: TypeAlias = Callable[[Setting, str, Page], Any]
"""From a setting, the id of its element and the page to a component."""


def _line(setting: Setting, elem_id: str, page: Page, lines: int = 1) -> Any:
    del page
    return gr.Textbox(
        label=setting.label,
        info=setting.row.info or None,
        lines=lines,
        max_lines=14 if lines > 1 else 1,
        elem_id=elem_id,
    )


def _lines(setting: Setting, elem_id: str, page: Page) -> Any:
    return _line(setting, elem_id, page, lines=5)


def _number(setting: Setting, elem_id: str, page: Page) -> Any:
    del page
    return gr.Number(
        label=setting.label,
        info=setting.row.info or None,
        precision=0,
        minimum=setting.row.least,
        maximum=setting.row.most,
        elem_id=elem_id,
    )


def _switch(setting: Setting, elem_id: str, page: Page) -> Any:
    del page
    return gr.Checkbox(
        label=setting.label,
        info=setting.row.info or None,
        container=False,
        elem_id=elem_id,
        interactive=True,
    )


def _menu(setting: Setting, elem_id: str, page: Page) -> Any:
    del page
    return gr.Dropdown(
        choices=[(str(setting.default), setting.default)],
        value=setting.default,
        label=setting.label,
        info=setting.row.info or None,
        elem_id=elem_id,
        interactive=True,
    )


WIDGETS: dict[Widget, tuple[Made, str]] = {
    "line": (_line, "blur"),
    "lines": (_lines, "blur"),
    "number": (_number, "blur"),
    "switch": (_switch, "input"),
    "menu": (_menu, "input"),
}
"""How a widget is made, and its event that only people cause."""


def place_settings(page: Page, panel: str) -> None:
    """Make the components of the settings that stand in this panel, in the order of the schema."""
    for setting in page.schema:
        if setting.row.place == panel and setting.widget in WIDGETS:
            make, _ = WIDGETS[setting.widget]
            elem_id = f"setting-{setting.name.replace('_', '-')}"
            page.widgets[setting.name] = make(setting, elem_id, page)


def connect_settings(page: Page) -> None:
    """Send what is changed, and show what was kept. Call it when every panel is built."""
    placed = [setting for setting in page.schema if setting.name in page.widgets]
    for setting in placed:
        widget = page.widgets[setting.name]
        _, event = WIDGETS[setting.widget]
        change = f"(value) => {{ easel.change({json.dumps(setting.name)}, value); }}"
        getattr(widget, event)(None, [widget], None, js=change, **page.quiet)
    # Gradio shows new values only as the outcome of an event of one of its own components.
    bridge = gr.Button("", elem_id="settings-bridge")
    rows = [
        {
            "name": setting.name,
            "widget": setting.widget,
            "label": setting.label,
            "info": setting.row.info,
            "place": setting.row.place,
            "default": setting.default,
        }
        for setting in placed
    ]
    shown = bridge.click(
        None,
        None,
        [page.widgets[setting.name] for setting in placed],
        js=f"() => easel.widgets({json.dumps(rows)})",
        **page.quiet,
    )
    page.afterwards(shown, "() => easel.shown()")
