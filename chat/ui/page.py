"""The page: its panels in their slots, and what stands in its head.

Gradio holds the columns and the widgets of the settings. The transcript and the message box are
static HTML that our own scripts fill: a streamed word must not cost a pass through the
whole page, and an upload must be checked before anything is kept. That HTML is served with the page
and works before Gradio has begun (``chat/ui/ahead.py``).
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html import escape
from importlib import import_module
from pathlib import Path
from string import Template
from typing import Any, Literal, Protocol, TypeAlias, cast

import gradio as gr
from gradio.context import get_render_context, set_render_context

from chat.core.conversation_settings import SETTINGS, Setting
from chat.turns.app_state import AppState
from chat.ui.ahead import place_for
from chat.version import Build

log = logging.getLogger(__name__)

ASSETS = Path(__file__).resolve().parents[2] / "assets"

Region: TypeAlias = Literal["page", "main", "dock"]
"""Where a panel stands: beside everything, in the middle column, or in the dock at its foot."""

REGIONS: dict[Region, tuple[str, ...]] = {"page": (), "main": ("main",), "dock": ("main", "dock")}
"""The columns that a region lies in, from the outside in."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A panel and its place."""

    module: str
    region: Region


SLOTS: dict[str, Slot] = {
    "sidebar": Slot("chat.ui.panels.sidebar", "page"),
    "topbar": Slot("chat.ui.panels.topbar", "main"),
    "transcript": Slot("chat.ui.panels.transcript", "main"),
    "library": Slot("chat.ui.panels.library", "main"),
    "composer": Slot("chat.ui.panels.composer", "dock"),
    "controls": Slot("chat.ui.panels.controls", "dock"),
    "settings": Slot("chat.ui.panels.settings", "page"),
    "help": Slot("chat.ui.panels.help", "page"),
    "providers": Slot("chat.ui.panels.providers", "page"),
    "viewer": Slot("chat.ui.panels.viewer", "page"),
    "versions": Slot("chat.ui.panels.versions", "page"),
    "compare": Slot("chat.ui.panels.compare", "page"),
}
"""Panel by name, in the order of its region. A row is all that a new panel needs here."""


@dataclass(slots=True)
class Page:
    """What panels share: the app_state, and the components that others may wire to."""

    app_state: AppState
    schema: Sequence[Setting] = SETTINGS
    components: dict[str, Any] = field(default_factory=dict)
    widgets: dict[str, Any] = field(default_factory=dict)
    """The component of each setting that has one, by the setting's name."""

    @property
    def quiet(self) -> dict[str, Any]:
        """How every event of the page runs: no spinner, no queue of its own, no public API.

        By itself Gradio drops what happens while the same event is under way, which on a slow
        line is the choice that counts.
        """
        return {
            "show_progress": "hidden",
            "queue": False,
            "api_visibility": "private",
            "trigger_mode": "multiple",
        }

    @property
    def answered(self) -> dict[str, Any]:
        """How an event runs that a function on the server answers: quietly, but in Gradio's queue.

        No other way to such a function is open. It is not told who asks, so it may not touch what
        belongs to somebody: that is for a route of ``chat/web``, which a script of the page asks.
        """
        return {**self.quiet, "queue": True}

    def afterwards(self, event: Any, js: str) -> None:
        """Run this in the page when an event is over, whether it was answered or refused."""
        event.then(None, None, None, js=js)
        event.failure(None, None, None, js=js)

    def frame(self, name: str, elem_id: str, **facts: int | str) -> None:
        """The static HTML of ``assets/html/<name>.html``, here; ``$name`` for each fact.

        Facts are the program's own, put in as they are.
        """
        html = (ASSETS / "html" / f"{name}.html").read_text(encoding="utf-8")
        if facts:
            html = Template(html).substitute(facts)
        place_for(html, elem_id)


class Panel(Protocol):
    """A part of the page."""

    build: Callable[[Page], None]
    """Make the components, and leave in ``page.components`` what others may wire to."""
    wire: Callable[[Page], None]
    """Connect events, once every panel is built."""


def build_page(
    app_state: AppState,
    slots: Mapping[str, Slot] = SLOTS,
    schema: Sequence[Setting] = SETTINGS,
) -> gr.Blocks:
    """Every panel in its slot, wired.

    A panel that fails is left out, with a sentence in its place; the log has the cause.
    """
    from chat.ui.settings_widgets import connect_settings  # it needs ``Page``

    page = Page(app_state, schema)
    built: dict[str, Panel] = {}
    columns: dict[str, gr.Column] = {}
    blocks: gr.Blocks
    with gr.Blocks(
        title="Easel", analytics_enabled=False, fill_height=True, fill_width=True
    ) as blocks:
        for name, slot in _in_place(slots):
            with _region(slot.region, columns):
                if panel := _built(name, slot, page, blocks):
                    built[name] = panel
        for name, panel in built.items():
            with _region(slots[name].region, columns):
                _wired(name, panel, page, blocks)
        connect_settings(page)
    return blocks


def _in_place(slots: Mapping[str, Slot]) -> list[tuple[str, Slot]]:
    """The panels in the order of the page: the dock is at the foot of the middle column.

    A column lies where its first panel stands, and a row for the dock may come first.
    """
    inner = sorted(
        (item for item in slots.items() if REGIONS[item[1].region]),
        key=lambda item: len(REGIONS[item[1].region]),
    )
    left = iter(inner)
    return [next(left) if REGIONS[slot.region] else (name, slot) for name, slot in slots.items()]


@contextmanager
def _region(region: Region, columns: dict[str, gr.Column]) -> Iterator[None]:
    """Inside a region; its columns are made where the first panel wants them."""
    with ExitStack() as stack:
        for name in REGIONS[region]:
            if name not in columns:
                columns[name] = gr.Column(elem_id=name)
            stack.enter_context(columns[name])
        yield


def _built(name: str, slot: Slot, page: Page, blocks: gr.Blocks) -> Panel | None:
    """The panel, once its components stand; ``None`` where it could not be built."""
    with _undone_if_it_fails(blocks, page) as attempt:
        panel = cast("Panel", import_module(slot.module))
        panel.build(page)
    if not attempt:
        return panel
    _excuse(name, "could not be shown", attempt[0])
    return None


def _wired(name: str, panel: Panel, page: Page, blocks: gr.Blocks) -> None:
    with _undone_if_it_fails(blocks, page) as attempt:
        panel.wire(page)
    if attempt:
        _excuse(name, "does not work", attempt[0])


@contextmanager
def _undone_if_it_fails(blocks: gr.Blocks, page: Page) -> Iterator[list[Exception]]:
    """Around a step of a panel. Where it raises, nothing of it stays; the list holds the error."""
    config, context = blocks.default_config, get_render_context()
    assert context is not None
    shared: list[dict[Any, Any]] = [config.blocks, config.fns, page.components, page.widgets]
    before = [dict(each) for each in shared]
    children = list(context.children)
    failed: list[Exception] = []
    try:
        yield failed
        _check_events(fn for key, fn in config.fns.items() if key not in before[1])
    except Exception as error:
        set_render_context(context)
        context.children = children
        for each, was in zip(shared, before, strict=True):
            each.clear()
            each.update(was)
        failed.append(error)


def _check_events(events: Iterable[Any]) -> None:
    if any(event.fn and not event.queue for event in events):
        raise TypeError(
            "A function on the server is reached through Gradio's queue alone: give its event "
            "**page.answered in place of **page.quiet."
        )


def _excuse(name: str, what: str, error: Exception) -> None:
    """Say in the page and in the log which panel failed."""
    log.error("the panel %s %s", name, what, exc_info=error)
    sentence = f"The panel “{escape(name)}” {what}. The log has the cause."
    html = f'<p role="alert" data-failed-panel="{escape(name)}">{sentence}</p>'
    place_for(html, f"failed-{escape(name)}", "failed-panel")


def head_html(build: Build, tags: str, *, told_apart: bool = False, host: bool = False) -> str:
    """What stands in the page's head: of which build it is, whether people sign in, its files.

    ``host`` says that whoever opens the page looks after this Easel.
    """
    people = '<meta name="easel-people">' if told_apart else ""
    people += '<meta name="easel-host">' if host else ""
    return (
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, '
        'interactive-widget=resizes-content">'
        '<link rel="icon" href="easel/icons/easel.svg" type="image/svg+xml">'
        '<link rel="apple-touch-icon" href="easel/icons/easel-180.png">'
        # Its people sign in by a cookie, which a manifest is asked for without unless this says so.
        '<link rel="manifest" href="easel/easel.webmanifest" crossorigin="use-credentials">'
        '<meta name="theme-color" content="#faf9f6" media="(prefers-color-scheme: light)">'
        '<meta name="theme-color" content="#171918" media="(prefers-color-scheme: dark)">'
        f'<meta name="easel-build" content="{build.id}" data-version="{build.version}"'
        f' data-development="{str(build.development).lower()}">{people}{tags}'
    )
