"""Conversations from elsewhere, made to fit in among those that are here: ids and times."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chat.core.errors import Conflict, NotFound
from chat.core.messages import new_id, now
from chat.core.ports import WholeConversation

TICK = timedelta(microseconds=1)


def fitted_in(
    whole: WholeConversation, owner: str, taken: set[str], used: set[datetime]
) -> WholeConversation:
    """The conversation under ids that are free, at a time of use that no other has.

    Args:
        whole: as it was elsewhere.
        owner: whose it becomes.
        taken: ids of conversations and messages that are here; those of this one are added.
        used: when this owner's conversations were used last; the new one's time is added.

    Raises:
        NotFound: a parent or the head is no message of the conversation, or stands too late.
    """
    fresh: dict[str, str] = {}

    def free(known: str) -> str:
        if known not in fresh:
            fresh[known] = new_id() if known in taken else known
        return fresh[known]

    stored = whole.conversation
    conversation_id = new_id() if stored.id in taken else stored.id
    messages = []
    for message in whole.messages:
        if message.parent_id is not None and message.parent_id not in fresh:
            raise NotFound("The message that this one answers is not in the conversation.")
        parent_id = None if message.parent_id is None else fresh[message.parent_id]
        messages.append(
            replace(
                message,
                id=free(message.id),
                conversation_id=conversation_id,
                parent_id=parent_id,
            )
        )
    if stored.head_id is not None and stored.head_id not in fresh:
        raise NotFound("The message that was shown last is not in the conversation.")
    updated_at = min(stored.updated_at, now())
    step = TICK if updated_at.year == 1 else -TICK  # nothing is earlier than the year 1
    while updated_at in used:
        updated_at += step
    used.add(updated_at)
    taken |= {conversation_id, *fresh.values()}
    conversation = replace(
        stored,
        id=conversation_id,
        owner=owner,
        head_id=None if stored.head_id is None else fresh[stored.head_id],
        updated_at=updated_at,
        deleted_at=None,
        pinned_at=None,
    )
    return WholeConversation(conversation, messages)


def check_ids(wholes: Sequence[WholeConversation]) -> None:
    """Make sure that no id, and no client id within a conversation, comes twice.

    Raises:
        Conflict: one does.
    """
    _all_different(whole.conversation.id for whole in wholes)
    _all_different(message.id for whole in wholes for message in whole.messages)
    for whole in wholes:
        _all_different(
            message.client_id for message in whole.messages if message.client_id is not None
        )


def _all_different(ids: Iterable[str]) -> None:
    listed = list(ids)
    if len(set(listed)) < len(listed):
        raise Conflict("Something comes twice in what was to be added.")
