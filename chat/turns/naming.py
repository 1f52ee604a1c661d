"""Names conversations by their first exchange, among those of their owner. For threads."""

from dataclasses import replace

from chat.core.messages import Conversation, Message
from chat.core.parts import Image, Part, Text, plain_text
from chat.core.ports import Conversations
from chat.turns.alt_text import first_sentence
from chat.turns.conversation_titles import NO_WORDS, title_of, told_apart

NEIGHBOURS = 100
"""Conversations used last, from which a new one is told."""


def name_by_question(
    store: Conversations, conversation: Conversation, parts: tuple[Part, ...]
) -> None:
    """Name a conversation that has no title. Raises ``NotFound``."""
    title = _among(store, conversation, parts)
    store.change(
        conversation.owner,
        conversation.id,
        lambda found: found if found.title else replace(found, title=title),
    )


def begins_without_words(question: Message) -> bool:
    """Whether a conversation begins with this, and it says nothing."""
    return question.parent_id is None and title_of(question.parts) == NO_WORDS


def name_by_reply(store: Conversations, conversation: Conversation, reply: Message) -> None:
    """Name a conversation that began without a word by what was answered. Raises ``NotFound``."""
    drawn = (part.alt for part in reply.parts if isinstance(part, Image))
    said = first_sentence(plain_text(reply.parts)) or next(drawn, "")
    if not said:
        return
    title = _among(store, conversation, (Text(said.rstrip(".。")),))
    store.change(
        conversation.owner,
        conversation.id,
        lambda found: (
            replace(found, title=title) if found.title.partition(" (")[0] == NO_WORDS else found
        ),
    )


def _among(store: Conversations, conversation: Conversation, parts: tuple[Part, ...]) -> str:
    others = store.search(conversation.owner, limit=NEIGHBOURS)
    taken = {hit.conversation.title for hit in others if hit.conversation.id != conversation.id}
    return told_apart(title_of(parts), parts, taken)
