"""A mail, through the server of the host."""

from chat.core.errors import ToolFailed
from chat.core.text import clean_text
from chat.core.tools import ToolContext
from chat.mail.outbox import Letter, Outbox
from chat.tools.schema import Needs, with_facts

MAX_RECIPIENTS = 10
MAX_SUBJECT_CHARS = 200
MAX_TEXT_CHARS = 50_000


@with_facts(
    reach="Sends the words that are shown to the people that are shown, through the mail server of "
    "this Easel and from its address. A mail cannot be taken back.",
    policy="ask",
    always_asks=True,
    timeout_s=90.0,
    title="Send an e-mail",
    setup="It needs a mail server. Set EASEL_SMTP_URL, EASEL_SMTP_FROM and EASEL_SMTP_RECIPIENTS.",
)
async def send_email(
    to: list[str], subject: str, text: str, outbox: Needs[Outbox], context: ToolContext
) -> str:
    """Send a plain text e-mail. The user sees all of it before it is sent.

    It comes from the address of the user's Easel; sign it with a name that the user gave.

    Args:
        to: plain addresses of the recipients, at most 10, such as anna@example.com.
        subject: one line of at most 200 characters.
        text: the whole mail, at most 50,000 characters.
        outbox: sends it.
        context: hears of Stop.
    """
    addresses = list(dict.fromkeys(address.strip() for address in to))
    if not 0 < len(addresses) <= MAX_RECIPIENTS:
        raise ToolFailed(f"A mail has from 1 to {MAX_RECIPIENTS} recipients.")
    if refused := outbox.refused(addresses):
        raise ToolFailed(
            f"No mail may go to {refused[0][:80]!r} from this Easel, so nothing was sent. "
            f"It goes to plain addresses of: {outbox.allowed[:200]}."
        )
    if not 0 < len(subject.strip()) <= MAX_SUBJECT_CHARS or not subject.isprintable():
        raise ToolFailed(f"A subject is one line of 1 to {MAX_SUBJECT_CHARS} characters.")
    if not 0 < len(text.strip()) <= MAX_TEXT_CHARS or clean_text(text) != text:
        raise ToolFailed(f"A mail has a text of 1 to {MAX_TEXT_CHARS:,} sound characters.")
    letter = Letter(addresses, subject.strip(), text)
    await context.in_thread(lambda: outbox.send(letter, context.raise_if_stopped))
    people = ", ".join(addresses)
    return f"Sent from {outbox.sender} to {people}: {letter.subject}"
