"""The page: its frame, its panels in their slots, its theme.

Gradio holds the frame and the settings. The transcript and the message box are static
templates that our own scripts fill: a streamed word must not cost a pass through the whole
page, and an upload must pass the one door before anything is kept.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

import gradio as gr

from chat.core.errors import CapabilityError, ChatError
from chat.render.code import code_css
from chat.turns.services import Services

log = logging.getLogger(__name__)

ASSETS = Path(__file__).resolve().parents[2] / "assets"

SLOTS: dict[str, str] = {
    "sidebar": "chat.ui.panels.sidebar",
    "transcript": "chat.ui.panels.transcript",
    "composer": "chat.ui.panels.composer",
    "controls": "chat.ui.panels.controls",
    "settings": "chat.ui.panels.settings",
    "help": "chat.ui.panels.help",
}
"""Panel by slot, in the order of the page. ``controls`` stands inside the dock of ``composer``."""

GRADIO_ROUTES = (
    ("POST", r"/gradio_api/run/\w+", "an event outside the queue: a setting that changed"),
)
"""What the page needs of Gradio's server beside its own files: method, path, reason."""

DOCKED = ("composer", "controls")

CURRENT_CONVERSATION_JS = (
    "async (...values) => [...values.slice(0, -1), await easel.conversation()]"
)
"""Put before a settings event: its last input becomes the open conversation's id."""


@dataclass(slots=True)
class Page:
    """What panels share: the services, and the components that others may wire to."""

    services: Services
    components: dict[str, Any] = field(default_factory=dict)

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

    def afterwards(self, event: Any, js: str) -> None:
        """Run this in the page when an event is over, whether it was answered or refused."""
        event.then(None, None, None, js=js)
        event.failure(None, None, None, js=js)

    def keep(self, component: str, event: str, change: Callable[[Any], dict[str, Any]]) -> Any:
        """Store a setting of the open conversation as soon as this event happens.

        Args:
            component: a name in ``components``.
            event: the name of its event; one that only people cause, never an update of ours.
            change: from the new value, any JSON, to arguments of ``Library.set_up``.

        Returns: the event, for what depends on it.
        """
        library, owner = self.services.library, self.services.owner

        async def save(value: Any, conversation_id: object) -> None:
            try:
                if not isinstance(conversation_id, str):
                    raise CapabilityError("That is not the name of a conversation.")
                await library.set_up(owner, conversation_id, **change(value))
            except ChatError as error:
                log.info("%s was not kept: %s", component, error)
                raise gr.Error(str(error), print_exception=False) from error

        changed = getattr(self.components[component], event)(
            save,
            [self.components[component], self.components["current"]],
            None,
            js=CURRENT_CONVERSATION_JS,
            # Gradio would print what it refuses; the library refuses the same, and more.
            preprocess=False,
            **self.quiet,
        )
        self.afterwards(changed, "() => easel.settled()")
        return changed

    def frame(self, name: str, elem_id: str) -> gr.HTML:
        """The static HTML of ``assets/html/<name>.html`` as a component.

        It holds no value: Gradio would compile one as code.
        """
        html = (ASSETS / "html" / f"{name}.html").read_text(encoding="utf-8")
        return gr.HTML(
            html_template=html, js_on_load=None, apply_default_css=False, elem_id=elem_id
        )


class Panel(Protocol):
    """A room of the page."""

    build: Callable[[Page], None]
    """Make the components, and leave in ``page.components`` what others may wire to."""
    wire: Callable[[Page], None]
    """Connect events, once every panel is built."""


def build_page(services: Services) -> gr.Blocks:
    """Every panel in its slot, wired."""
    page = Page(services)
    panels = {slot: cast("Panel", import_module(name)) for slot, name in SLOTS.items()}
    blocks: gr.Blocks
    with gr.Blocks(
        title="Easel", analytics_enabled=False, fill_height=True, fill_width=True
    ) as blocks:
        page.components["current"] = gr.Textbox(visible=False)
        panels["sidebar"].build(page)
        with gr.Column(elem_id="main"):
            panels["transcript"].build(page)
            with gr.Column(elem_id="dock"):
                for slot in DOCKED:
                    panels[slot].build(page)
        panels["settings"].build(page)
        panels["help"].build(page)
        for panel in panels.values():
            panel.wire(page)
    return blocks


def head_html() -> str:
    """Our styles and our script, by their own addresses."""
    styles = sorted((ASSETS / "css").glob("*.css"))
    links = "".join(f'<link rel="stylesheet" href="/easel/css/{style.name}">' for style in styles)
    return (
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="/easel/icons/easel.svg" type="image/svg+xml">'
        f"{links}<style>{code_css()}</style>"
        '<script type="module" src="/easel/js/main.js"></script>'
    )
