"""The settings of the open conversation: which tools, shape and size of pictures, system prompt."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from chat.core.errors import CapabilityError, ChatError
from chat.core.messages import Conversation
from chat.core.models import ModelCard
from chat.models import Catalogue
from chat.ui.page import Page

ASCII_SIGNS = re.compile(r"[!-/:-@\[-`{-~]")
AS_THE_MODEL_LIKES = ("As the model likes", "")


@dataclass(frozen=True, slots=True)
class Choice:
    """A menu that is there only where the model has something to choose from."""

    name: str
    """Of the component, and its element."""
    label: str
    option: str
    """What it is called among the conversation's options."""
    offered: Callable[[ModelCard], tuple[str, ...]]


CHOICES = (
    Choice("shape", "Shape", "aspect_ratio", lambda card: card.aspect_ratios),
    Choice("size", "Size", "image_size", lambda card: card.image_sizes),
    Choice("quality", "Quality", "quality", lambda card: card.qualities),
    Choice("background", "Background", "background", lambda card: card.backgrounds),
    Choice("count", "Pictures at once", "n", lambda card: _counts(card.n_max)),
)

BRIDGE_JS = """
element.id = 'bridge';
element.addEventListener('easel:opened', (event) => {
  trigger('opened', { conversation: event.detail });
});
"""
"""``assets/js/shell.js`` says here which conversation is open."""


def build(page: Page) -> None:
    """A second sidebar, closed at first."""
    parts = page.components
    parts["bridge"] = gr.HTML(html_template="<span></span>", js_on_load=BRIDGE_JS, elem_id="seam")
    with gr.Sidebar(position="right", open=False, width=320, elem_id="settings") as parts["drawer"]:
        gr.Markdown("## Settings\nThey belong to this conversation.")
        for choice in CHOICES:
            parts[choice.name] = gr.Dropdown(
                choices=[AS_THE_MODEL_LIKES],
                value="",
                label=choice.label,
                elem_id=choice.name,
                interactive=True,
            )
        titles = page.services.names.tools
        parts["tool_list"] = gr.CheckboxGroup(
            choices=[(title, name) for name, title in titles.items()],
            value=list(titles),
            label="Tools that may be used while Tools is on",
            elem_id="tool-list",
        )
        parts["system"] = gr.Textbox(
            label="System prompt",
            info="Said to the model before every message.",
            lines=5,
            max_lines=14,
            elem_id="system",
        )
        parts["about"] = gr.Markdown(elem_id="about-model")
        page.frame("spent", elem_id="spent")


def wire(page: Page) -> None:
    """Load on open; keep each change at once."""
    services, parts = page.services, page.components
    names = [
        "tools_on",
        "tool_list",
        "system",
        "about",
        *(choice.name for choice in CHOICES),
    ]
    shown = [parts[name] for name in names]

    async def load(event: gr.EventData) -> list[Any]:
        conversation = None
        told = event._data
        conversation_id = told.get("conversation") if isinstance(told, dict) else None
        if isinstance(conversation_id, str) and conversation_id:
            try:
                conversation = await services.library.get(services.owner, conversation_id)
            except ChatError:
                conversation = None  # deleted meanwhile: the page shows a new one, and so do these
        return _values(page, conversation)

    opened = parts["bridge"].opened(load, None, shown, **page.quiet)
    page.afterwards(opened, "() => easel.shown()")
    parts["open_settings"].click(
        None, None, None, js="() => document.querySelector('#settings .toggle-button').click()"
    )

    titles = services.names.tools
    for choice in CHOICES:
        page.keep(choice.name, "input", _into(choice.option))
    page.keep("system", "blur", lambda value: {"system": value})
    page.keep(
        "tool_list",
        "input",
        lambda names: {"tool_policy": _policy(names, titles)},
    )


def _into(option: str) -> Callable[[Any], dict[str, Any]]:
    return lambda value: {"options": {option: value}}


def _policy(ticked: Any, tools: Iterable[str]) -> dict[str, str]:
    if not isinstance(ticked, list):
        raise CapabilityError("That is not a choice of tools.")
    return {name: "allow" if name in ticked else "deny" for name in tools}


def _counts(n_max: int) -> tuple[str, ...]:
    return tuple(str(n) for n in range(1, n_max + 1)) if n_max > 1 else ()


def _values(page: Page, conversation: Conversation | None) -> list[Any]:
    """What every setting shows for this conversation, or for one that is not begun."""
    card = _answering(page.services.catalogue, conversation)
    options = dict(conversation.options) if conversation else {}
    policy = conversation.tool_policy if conversation else {}
    tools = page.services.names.tools
    return [
        gr.update(
            value=bool(conversation and conversation.tools_on and card.tools),
            interactive=card.tools,
            label="Tools" if card.tools else "No tools",
        ),
        gr.update(value=[name for name in tools if policy.get(name) != "deny"], visible=card.tools),
        gr.update(value=conversation.system if conversation else ""),
        _about(card),
        *(_menu(choice.offered(card), options.get(choice.option, "")) for choice in CHOICES),
    ]


def _answering(catalogue: Catalogue, conversation: Conversation | None) -> ModelCard:
    """The model of the conversation or its successor; where neither can answer, the usual one."""
    try:
        return catalogue.resolve(conversation.model).card if conversation else catalogue.default
    except ChatError:
        return catalogue.default


def _about(card: ModelCard) -> str:
    """The model in words, with the reason where the tools switch is off for good."""
    lines = [f"**{_literal(card.title)}**", _literal(card.note)]
    if not card.tools:
        lines.append("This model cannot call tools; choose another to use them.")
    return "  \n".join(line for line in lines if line)


def _literal(text: str) -> str:
    """The text with every sign that Markdown or HTML would take for its own made harmless."""
    return ASCII_SIGNS.sub(r"\\\g<0>", text)


def _menu(values: tuple[str, ...], chosen: Any) -> Any:
    return gr.update(
        choices=[AS_THE_MODEL_LIKES, *((value, value) for value in values)],
        value=chosen if chosen in values else "",
        visible=bool(values),
    )
