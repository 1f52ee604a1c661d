"""Something sent to another program."""

import json

from chat.core.errors import ToolFailed
from chat.core.quoting import quoted
from chat.core.text import clean_text
from chat.http.webhooks import Webhooks
from chat.tools.schema import Needs, with_facts

MAX_BODY_CHARS = 50_000
MAX_ANSWER_CHARS = 4_000


@with_facts(
    reach="Sends the text that is shown to the address that is shown, once, and reads the answer. "
    "It may set something going there. Only hosts that this Easel lists are called.",
    policy="ask",
    always_asks=True,
    title="Call a webhook",
    setup="It needs hosts that may be called. Name them in EASEL_WEBHOOK_HOSTS.",
)
async def call_webhook(address: str, body: str, hooks: Needs[Webhooks]) -> str:
    """Send a JSON text by POST to a webhook of a host that the user's Easel lists.

    The user sees address and text before they are sent. Each call is sent once and may set
    something going, so call only what the user asked for.

    Args:
        address: the whole address of the webhook.
        body: the JSON text to send, exactly as it shall arrive, at most 50,000 characters.
        hooks: sends it.
    """
    if len(body) > MAX_BODY_CHARS:
        raise ToolFailed(f"A webhook is sent at most {MAX_BODY_CHARS:,} characters.")
    try:
        json.loads(body, parse_constant=_no_number)
        body.encode()
    except (ValueError, RecursionError) as error:
        raise ToolFailed("The body is not valid JSON, so nothing was sent.") from error
    answer = await hooks.call(address.strip(), body)
    said = clean_text(answer.data.decode("utf-8", "replace"))[:MAX_ANSWER_CHARS].strip()
    if not 200 <= answer.status < 300:
        raise ToolFailed(f"The webhook was sent it, and answered {answer.status}.")
    done = f"Sent. The webhook answered {answer.status}."
    return f"{done}\n\n{quoted('What it said', said)}" if said else done


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no JSON")
