"""A whole message as HTML: who, what, how it ended, and what to do next."""

from collections.abc import Sequence

from chat.core.messages import ALIVE, Message
from chat.render.blocks import escape, question_blocks, reply_blocks
from chat.turns.services import Names

NOTICE_TITLES = {
    "stopped": "Stopped",
    "failed": "That did not work",
    "blocked": "The model declined",
    "interrupted": "Interrupted",
}


def body_html(message: Message, names: Names) -> str:
    """The parts of a message, drawn."""
    if message.role == "user":
        return "".join(question_blocks(message.parts))
    return "".join(reply_blocks(message.parts, names.tools))


def message_html(
    message: Message, siblings: Sequence[str], names: Names, body: str, *, running: bool
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
    who = "You" if message.role == "user" else _model(message, names)
    busy = ' aria-busy="true"' if running else ""
    return (
        f'<article class="msg {message.role}" id="m-{message.id}" data-id="{message.id}"'
        f' data-parent="{message.parent_id or ""}" data-status="{status}"{busy}>'
        f'<h2 class="who">{escape(who)}</h2>'
        f'<div class="body">{"" if running else body}</div>'
        f"{tail_html(message, siblings, running=running)}</article>"
    )


def tail_html(message: Message, siblings: Sequence[str], *, running: bool) -> str:
    """What stands under the body: notice, facts, actions, versions."""
    if running:
        return '<div class="tail"></div>'
    return (
        f'<div class="tail">{_notice(message)}<footer class="foot">{_versions(message, siblings)}'
        f"{_facts(message)}{_actions(message)}</footer></div>"
    )


def _model(message: Message, names: Names) -> str:
    if message.origin is None:
        return "Easel"
    return names.models.get(message.origin.model, message.origin.model)


def _notice(message: Message) -> str:
    status = "interrupted" if message.status in ALIVE else message.status
    finish = message.finish
    title = NOTICE_TITLES.get(status)
    if title is None:
        if finish is None or finish.kind != "length":
            return ""
        title = "Cut short"
    sentence = finish.message if finish is not None and finish.message else ""
    if not sentence:
        sentence = (
            "The answer reached the model's length limit."
            if title == "Cut short"
            else "What had arrived is kept."
        )
    buttons = '<button type="button" data-act="regenerate">Retry</button>'
    if status in ("failed", "blocked"):
        buttons += '<button type="button" class="second" data-act="edit-question">Edit</button>'
    role = "alert" if status == "failed" else "status"
    return (
        f'<div class="notice {status}" role="{role}"><div><strong>{title}.</strong> '
        f'<span dir="auto">{escape(sentence)}</span></div><div class="next">{buttons}</div></div>'
    )


def _facts(message: Message) -> str:
    stamp = message.created_at.isoformat()
    facts = [f'<time datetime="{stamp}"></time>']
    if message.role == "assistant":
        if message.finished_at is not None:
            took_s = max(0.0, (message.finished_at - message.created_at).total_seconds())
            facts.append(f'<span class="took">{_duration(took_s)}</span>')
        if message.cost_usd:
            facts.append(f'<span class="cost">${message.cost_usd:.4f}</span>')
    return f'<span class="facts">{"".join(facts)}</span>'


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _actions(message: Message) -> str:
    actions = [("copy", "Copy")]
    if message.role == "user":
        actions.append(("edit", "Edit"))
    elif message.status == "complete":  # any other end has its Retry already
        actions.append(("regenerate", "Regenerate"))
    buttons = "".join(
        f'<button type="button" class="quiet" data-act="{act}">{label}</button>'
        for act, label in actions
    )
    return f'<span class="actions">{buttons}</span>'


def _versions(message: Message, siblings: Sequence[str]) -> str:
    """``2/3`` with a way to the neighbours; nothing where there is only one version."""
    if len(siblings) < 2 or message.id not in siblings:
        return ""
    at = siblings.index(message.id)

    def step(neighbour: int, label: str, sign: str) -> str:
        if not 0 <= neighbour < len(siblings):
            return f'<button type="button" disabled aria-label="{label}">{sign}</button>'
        return (
            f'<button type="button" data-act="show" data-target="{siblings[neighbour]}"'
            f' aria-label="{label}">{sign}</button>'
        )

    return (
        '<span class="versions" role="group" aria-label="Versions of this message">'
        f"{step(at - 1, 'Earlier version', '‹')}<span>{at + 1}/{len(siblings)}</span>"
        f"{step(at + 1, 'Later version', '›')}</span>"
    )
