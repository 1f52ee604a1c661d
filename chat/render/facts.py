"""The small print of a message: when, how long, and what it cost, with the bill behind a press."""

from chat.core.display_names import DisplayNames
from chat.core.languages import later, plural, say
from chat.core.messages import Billed, Message, Usage
from chat.core.numbers import number
from chat.render.costs import UNKNOWN, paid_words
from chat.render.durations import duration
from chat.render.escaping import escape

_COUNTS = (
    (later("Text in"), "input_text_tokens"),
    (later("Pictures in"), "input_image_tokens"),
    (later("of it cached"), "cached_tokens"),
    (later("Text out"), "output_text_tokens"),
    (later("Pictures out"), "output_image_tokens"),
    (later("Thinking"), "reasoning_tokens"),
)
_OUR_LIST = later("by Easel’s price list")


def facts_html(message: Message, names: DisplayNames) -> str:
    """Time, duration and cost of a message that has ended."""
    stamp = message.created_at.isoformat()
    facts = [f'<time datetime="{stamp}"></time>']
    if message.role == "assistant":
        if message.finished_at is not None:
            took_s = max(0.0, (message.finished_at - message.created_at).total_seconds())
            facts.append(f'<span class="took">{escape(duration(took_s))}</span>')
        facts.append(_spent(message, names))
    return f'<span class="facts">{"".join(facts)}</span>'


def price_known(message: Message) -> bool:
    """Whether it is known what the reply cost, nothing at all included."""
    return message.cost_usd is not None or _billed(message) == "no"


def _billed(message: Message) -> Billed:
    return message.finish.billed if message.finish is not None else "unknown"


def _spent(message: Message, names: DisplayNames) -> str:
    """The cost, with the bill behind it; nothing where a notice says that nothing was billed."""
    bill = _bill(message, names)
    unbilled = not message.cost_usd and _billed(message) == "no"
    if unbilled or (message.cost_usd is None and message.status == "failed"):
        words = say("Details") if bill else ""
    else:
        words = say(UNKNOWN) if message.cost_usd is None else paid_words(message.cost_usd)
    words = escape(words)
    if not words or not bill:
        return f'<span class="cost">{words}</span>' if words else ""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in bill)
    spoken = escape(", ".join(f"{name}: {value}" for name, value in bill))
    return (
        f'<details class="spent" name="spent"><summary class="cost" title="{spoken}">{words}'
        f'</summary><dl class="bill">{rows}</dl></details>'
    )


def _bill(message: Message, names: DisplayNames) -> list[tuple[str, str]]:
    """Name and value of everything that is known of how the reply was made and paid."""
    rows: list[tuple[str, str]] = []
    usage, origin = message.usage, message.origin
    if message.cost_usd:
        rows.append((say("Cost"), f"{paid_words(message.cost_usd)}, {_by_whom(message, names)}"))
    if usage is not None:
        rows += _counts(usage)
    if origin is not None and origin.deployment:
        rows.append((say("Answered by"), origin.deployment))
    return rows


def _by_whom(message: Message, names: DisplayNames) -> str:
    if message.usage is None or message.usage.reported_cost_usd is None or message.origin is None:
        return say(_OUR_LIST)
    endpoint = message.origin.endpoint
    return say("as {endpoint} stated", endpoint=names.endpoints.get(endpoint, endpoint))


def _counts(usage: Usage) -> list[tuple[str, str]]:
    counted = ((name, getattr(usage, field)) for name, field in _COUNTS)
    return [
        (say(name), plural(tokens, "{n} token", "{n} tokens", n=number(tokens)))
        for name, tokens in counted
        if tokens
    ]
