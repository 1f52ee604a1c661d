"""A second copy of a conversation for its owner: every branch, version and picture, under new ids.

Nothing goes on in it by itself: a reply that was being written is interrupted in the copy, and what
was allowed of tools in the original is asked for anew.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from chat.conversations.variants import KIND as VARIANTS
from chat.core.messages import UNENDED, Conversation, Message, new_id, now
from chat.core.parts import Json
from chat.core.ports import Conversations, OwnedRecord, WholeConversation

LOOKED_THROUGH = 200
"""Conversations of a like title, among which a copy finds a title of its own."""

_COPY = re.compile(r" \(copy(?: \d+)?\)$")


def duplicate(
    store: Conversations, owner: str, conversation_id: str, longest_title: int
) -> Conversation:
    """Copy a conversation; the copy, which was used last of all. Raises ``NotFound``."""
    original = store.get(owner, conversation_id)
    messages = store.tree(owner, conversation_id)
    moment = now()
    fresh = {message.id: new_id() for message in messages}
    strict = {name: may for name, may in original.tool_policy.items() if may != "allow"}
    copy = replace(
        original,
        id=new_id(),
        title=_title(store, owner, original.title, longest_title),
        head_id=None if original.head_id is None else fresh[original.head_id],
        created_at=moment,
        updated_at=moment,
        pinned_at=None,
        tool_policy=strict,
        tool_schemas={},
    )
    copied = [_copied(message, copy.id, fresh) for message in messages]
    (kept,) = store.add_whole(owner, [WholeConversation(copy, copied)])
    for record in store.records(owner, VARIANTS):
        if record.conversation_id == conversation_id and record.id in fresh:
            _decide_alike(store, owner, record, kept.id, fresh)
    return kept


def _copied(message: Message, conversation_id: str, fresh: Mapping[str, str]) -> Message:
    parent_id = None if message.parent_id is None else fresh[message.parent_id]
    copied = replace(
        message, id=fresh[message.id], conversation_id=conversation_id, parent_id=parent_id
    )
    if message.status not in UNENDED:
        return copied
    # How it would go on is told where it goes on.
    finish = None if message.finish is None else replace(message.finish, message="")
    return replace(copied, status="interrupted", finish=finish, finished_at=now())


def _decide_alike(
    store: Conversations,
    owner: str,
    record: OwnedRecord,
    conversation_id: str,
    fresh: Mapping[str, str],
) -> None:
    """What was chosen among replies that were asked for at once is chosen in the copy, too."""
    value: Json = record.value
    if isinstance(value, dict) and isinstance(hidden := value.get("hidden"), list):
        value = {**value, "hidden": [fresh.get(str(each), "") for each in hidden]}
    question = fresh[record.id]
    made = OwnedRecord(record.kind, question, value, conversation_id=conversation_id)
    store.keep_record(owner, record.kind, question, lambda _: made)


def _title(store: Conversations, owner: str, title: str, longest: int) -> str:
    """The title with “(copy)” behind it, or with a number where there is one already."""
    bare = _COPY.sub("", title)
    taken = {hit.conversation.title for hit in store.search(owner, bare, LOOKED_THROUGH)}
    number = 1
    while True:
        mark = " (copy)" if number == 1 else f" (copy {number})"
        made = f"{bare[: longest - len(mark)]}{mark}"
        if made not in taken:
            return made
        number += 1
