"""A whole message as HTML: who, what, how it ended, and what to do next."""

from collections.abc import Sequence

from chat.core.display_names import DisplayNames
from chat.core.languages import say
from chat.core.messages import ALIVE, STUDIO, Message
from chat.core.parts import undecided
from chat.render.approvals import approval
from chat.render.blocks import question_blocks, reply_blocks
from chat.render.escaping import escape, spoken
from chat.render.facts import facts_html
from chat.render.notices import notes_html, notice_html, ways_on


def body_html(message: Message, names: DisplayNames) -> str:
    """The parts of a message, drawn."""
    if message.role == "user":
        return "".join(question_blocks(message.parts))
    if message.status != "waiting":
        return "".join(reply_blocks(message.parts, names.tools))
    blocks = reply_blocks(message.parts, names.tools, waits=True)
    return "".join([*blocks, approval(undecided(message.parts))])


def message_html(
    message: Message, siblings: Sequence[str], names: DisplayNames, body: str, *, running: bool
) -> str:
    """One message of the transcript.

    Args:
        message: what to draw.
        siblings: ids of all versions of this message, oldest first, itself included.
        names: titles of models and tools.
        body: its parts, as ``body_html`` draws them; not shown while it is running.
        running: whether a turn is writing it at this moment; its body is then left empty
            and filled by the live stream.
    """
    status = message.status
    if status in ALIVE and not running:
        status = "interrupted"
    who = author(message, names)
    busy = ' aria-busy="true"' if running else ""
    by = f' data-by="{escape(message.origin.kind)}"' if message.origin is not None else ""
    return (
        f'<article class="msg {message.role}" id="m-{message.id}" data-id="{message.id}"'
        f' data-parent="{message.parent_id or ""}" data-status="{status}"{by}{busy}>'
        f'<h2 class="who">{escape(who)}</h2>'
        f'<div class="body">{"" if running else body}</div>'
        f"{tail_html(message, siblings, names, running=running)}</article>"
    )


def tail_html(
    message: Message, siblings: Sequence[str], names: DisplayNames, *, running: bool
) -> str:
    """What stands under the body: notes, notice, actions, versions, facts."""
    if running:
        return '<div class="tail"></div>'
    versions, facts = _versions(message, siblings), facts_html(message, names)
    # The buttons at the end that nothing moves: the right of a question, the left of a reply.
    foot = (
        f"{versions}{facts}{_actions(message)}"
        if message.role == "user"
        else f"{_actions(message)}{versions}{facts}"
    )
    return (
        f'<div class="tail">{notes_html(message)}{notice_html(message)}'
        f'<footer class="foot">{foot}</footer></div>'
    )


def author(message: Message, names: DisplayNames) -> str:
    """Who wrote a message, as plain text."""
    if message.role == "user":
        return say("You")
    if message.origin is None or _by_studio(message):
        return "Easel"
    title = names.models.get(message.origin.model, message.origin.model)
    return title.partition(",")[0].strip() or title  # what follows explains it, once in the menu


def _actions(message: Message) -> str:
    actions = [("copy", spoken("Copy"))]
    if message.role == "user":
        actions.append(("edit", spoken("Edit")))
    elif message.parts:
        actions.append(("read", spoken("Read aloud")))
    if (
        message.role == "assistant"
        and not _by_studio(message)
        and (message.status == "complete" or "retry" not in ways_on(message))
    ):
        actions.append(("regenerate", spoken("Regenerate")))
    buttons = "".join(
        f'<button type="button" class="quiet" data-act="{act}">{label}</button>'
        for act, label in actions
    )
    return f'<span class="actions">{buttons}</span>'


def _by_studio(message: Message) -> bool:
    """Whether a picture operation made it: the same again would be the same."""
    return message.origin is not None and message.origin.kind == STUDIO.kind


def _versions(message: Message, siblings: Sequence[str]) -> str:
    """``2/3`` with a way to the neighbours; nothing where there is only one version."""
    if len(siblings) < 2 or message.id not in siblings:
        return ""
    at = siblings.index(message.id)

    def step(neighbour: int, label: str, icon: str) -> str:
        if not 0 <= neighbour < len(siblings):
            return (
                f'<button type="button" disabled aria-label="{label}" data-icon="{icon}"></button>'
            )
        return (
            f'<button type="button" data-act="show" data-target="{siblings[neighbour]}"'
            f' aria-label="{label}" data-icon="{icon}"></button>'
        )

    return (
        '<span class="versions" role="group" aria-label="'
        + spoken("Versions of this message")
        + '">'
        f"{step(at - 1, spoken('Earlier version'), 'left')}<span>{at + 1}/{len(siblings)}</span>"
        f"{step(at + 1, spoken('Later version'), 'right')}</span>"
    )
