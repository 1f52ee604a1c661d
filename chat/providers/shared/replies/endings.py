"""How replies end that were not simply finished, in words that all providers share.

Each ending says what happened, whether it is charged, and what may help. Charged means: by a
provider that charges at all.

- An error status is not charged; a question refused under one may be (see :func:`refused`).
- Where the model ran, what it made is charged, also what was filtered out afterwards.
- Where nobody says, it is unknown.

Sources, 2026-11-26: https://ai.google.dev/gemini-api/docs/billing (a request that fails with
400 or 500 is not charged); Microsoft's “Content filtering”, note on charges (a prompt refused
with 400 is charged, and so is an answer with ``content_filter``).
"""

from chat.core.errors import BadReply, Blocked
from chat.core.events import Finished
from chat.core.messages import Billed, Finish, NextAction
from chat.core.models import Endpoint

REWORD: tuple[NextAction, ...] = ("reword", "other_model")
"""After a refusal of the content: the same words would be refused again."""

ASK_PICTURE: tuple[NextAction, ...] = ("ask_picture", "retry", "other_model")
"""After an answer without the picture."""

AGAIN: tuple[NextAction, ...] = ("retry", "other_model")
"""After chance or trouble."""

AGAIN_OR_EDIT: tuple[NextAction, ...] = ("retry", "edit")
"""After an answer that went wrong by itself, such as a call of a tool that made no sense."""

LENGTH = "The answer reached the model's length limit."
CONTENT_RULES = "The provider's content rules stopped this answer. Try other words."
NO_PICTURE = "The model made no picture. Say more clearly what to draw."


def length(native: str, sentence: str = LENGTH) -> Finish:
    """The model stopped at a limit; what it said until then is charged."""
    return Finish("length", native, sentence, "yes", AGAIN_OR_EDIT)


def filtered(native: str, billed: Billed, sentence: str = CONTENT_RULES) -> Finish:
    """The content was refused by rules."""
    return Finish("blocked", native, sentence, billed, REWORD)


DECLINED = filtered("refusal", "yes", "The model declined this request. Try other words.")
"""The model said so in words of its own, in the place that OpenAI's wires have for them; they are
tokens like others."""


def no_picture(native: str, billed: Billed, sentence: str = NO_PICTURE) -> Finish:
    """A picture was wanted and none came."""
    return Finish("no_image", native, sentence, billed, ASK_PICTURE)


DRAFT_ALONE = "What you see is a draft: the finished picture did not come."


def only_draft() -> Finish:
    """A draft was sent and the picture it was of was not."""
    return no_picture("only_draft", "yes", DRAFT_ALONE)


def unknown(reason: str) -> Finish:
    """The model gave a reason that no provider knows; it is named."""
    native = reason[:60]
    sentence = f"The model stopped for a reason unknown here: {native or 'none given'}."
    return Finish("error", native or "unknown", sentence, "unknown", AGAIN)


def empty(native: str, title: str) -> Finish:
    """A complete answer with nothing in it. Whether nothing costs something nobody says."""
    sentence = f"{title} sent an empty answer. Try again."
    return Finish("error", native, sentence, "unknown", AGAIN)


def refused(refusal: Blocked, endpoint: Endpoint) -> Finished:
    """The end of a reply whose question was refused by an error code, be it in mid-answer.

    Whether it is charged the spec of the endpoint's kind says.
    """
    finish = filtered(refusal.reason, endpoint.service.refusal_billed, str(refusal))
    return Finished(finish, request_id=refusal.request_id)


def broke_off(title: str) -> BadReply:
    """The error for an answer that ended without saying so."""
    return BadReply(f"The answer of {title} broke off. Try again.")
