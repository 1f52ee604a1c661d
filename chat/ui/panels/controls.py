"""Under the message box: the model, the tools switch, and the way to all settings."""

from collections import Counter

import gradio as gr

from chat.models import Catalogue
from chat.ui.page import Page


def build(page: Page) -> None:
    """Model menu, tools switch, settings button."""
    cards = page.services.catalogue.usable()
    with gr.Row(elem_id="controls"):
        page.components["model"] = gr.Dropdown(
            choices=_menu(page.services.catalogue),
            value=page.services.catalogue.default.id,
            label="Model",
            show_label=False,
            container=False,
            filterable=len(cards) > 8,
            elem_id="model",
            interactive=True,
        )
        page.components["tools_on"] = gr.Checkbox(
            label="Tools", container=False, elem_id="tools", interactive=True
        )
        page.components["open_settings"] = gr.Button("Settings", elem_id="open-settings", size="sm")


def wire(page: Page) -> None:
    """Both are kept with the conversation, and the settings follow the model."""
    chosen = page.keep("model", "input", lambda model: {"model": model})
    chosen.then(None, None, None, js="() => easel.reload()")
    page.keep("tools_on", "input", lambda on: {"tools_on": on})


def _menu(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Title and id of every model that can answer; where two titles agree, with the endpoint."""
    cards = catalogue.usable()
    counted = Counter(card.title for card in cards)
    return [
        (
            card.title
            if counted[card.title] == 1
            else f"{card.title} · {catalogue.endpoint_of(card).title}",
            card.id,
        )
        for card in cards
    ]
