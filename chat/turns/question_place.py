"""Where a question stands, before it is asked: what the store says of it, in one visit.

Everything here waits for the store, and is for a thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from chat.core.errors import NotFound
from chat.core.messages import Conversation, Message
from chat.core.parts import File, Image, Part
from chat.core.ports import Conversations
from chat.turns.outgoing import Outgoing
from chat.turns.question import files_shown, shown

TOP = ""
"""As the message above a question: none, it begins a branch of its own."""
LOOK_BACK_MESSAGES = 200
"""How far up a picture is looked for to keep its origin and alt text."""


@dataclass(frozen=True, slots=True)
class QuestionPlace:
    """What the store says of what is sent."""

    conversation: Conversation
    parent_id: str | None
    known: Message | None
    """The question itself, if it came before."""
    earlier: Mapping[str, Image] = field(default_factory=dict)
    """What was said of pictures further up."""
    files_above: Mapping[str, File] = field(default_factory=dict)
    replaced: Sequence[Part] = ()
    """The question that is asked in other words."""


def of_question(
    store: Conversations, owner: str, conversation_id: str, parent_id: str | None, sent: Outgoing
) -> QuestionPlace:
    """The place of a new question under a message, :data:`TOP`, or the end of what is shown.

    Raises:
        NotFound: the conversation or the message is not there.
    """
    conversation = store.get(owner, conversation_id)
    if parent_id is None:
        # Who does not say what is above goes on where the conversation stands.
        return _read(store, conversation, conversation.head_id, sent)
    if parent_id == TOP:
        return _read(store, conversation, None, sent)
    parent = store.message(owner, parent_id)
    if parent.conversation_id != conversation_id:
        raise NotFound("That message is not part of this conversation.")
    return _read(store, conversation, parent_id, sent)


def of_edited(store: Conversations, owner: str, message_id: str, sent: Outgoing) -> QuestionPlace:
    """The place of a question in other words, beside the old one.

    Raises:
        NotFound: there is no such question.
    """
    old = store.message(owner, message_id)
    if old.role != "user":
        raise NotFound("Only a question can be edited.")
    found = _read(store, store.get(owner, old.conversation_id), old.parent_id, sent)
    known = {**files_shown([old]), **found.files_above}
    return replace(found, replaced=old.parts, files_above=known)


def _read(
    store: Conversations, conversation: Conversation, parent_id: str | None, sent: Outgoing
) -> QuestionPlace:
    known = store.by_client_id(conversation.id, sent.client_id)
    if known is not None or not (sent.shas or sent.files) or parent_id is None:
        return QuestionPlace(conversation, parent_id, known)
    # A long conversation is not searched for nothing.
    above = store.branch(parent_id, LOOK_BACK_MESSAGES)
    return QuestionPlace(conversation, parent_id, None, shown(above), files_shown(above))
