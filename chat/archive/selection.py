"""What of a conversation goes into a file: all of it, or some of its messages."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from chat.core.errors import NotFound
from chat.core.messages import Message
from chat.core.ports import WholeConversation


@dataclass(frozen=True, slots=True)
class Shown:
    """The branch of a conversation that is on the screen, and what is not."""

    branch: list[Message]
    versions: dict[str, tuple[int, int]]
    """Of messages with siblings: which one is shown, counted from 1, of how many."""
    others: list[Message]


def selected(whole: WholeConversation, chosen: Collection[str]) -> WholeConversation:
    """Only the chosen messages; each under the nearest chosen one above it.

    The head is the nearest chosen message from the old one upwards, else the last that is there.

    Raises:
        NotFound: one of them is not in the conversation, or none is chosen.
    """
    kept = set(chosen)
    by_id = {message.id: message for message in whole.messages}
    if not kept or not kept <= by_id.keys():
        raise NotFound("There is no such message in this conversation.")

    def nearest(message_id: str | None) -> str | None:
        while message_id is not None and message_id not in kept:
            message_id = by_id[message_id].parent_id
        return message_id

    messages = [
        replace(message, parent_id=nearest(message.parent_id))
        for message in whole.messages
        if message.id in kept
    ]
    head = nearest(whole.conversation.head_id) or messages[-1].id
    return WholeConversation(replace(whole.conversation, head_id=head), messages)


def shown_of(whole: WholeConversation) -> Shown:
    """The branch down to the head."""
    by_id = {message.id: message for message in whole.messages}
    broods: dict[str | None, list[str]] = {}
    for message in whole.messages:
        broods.setdefault(message.parent_id, []).append(message.id)
    branch: list[Message] = []
    at = whole.conversation.head_id
    while at is not None:
        branch.append(by_id[at])
        at = by_id[at].parent_id
    branch.reverse()
    on_branch = {message.id for message in branch}
    versions = {}
    for message in branch:
        brood = broods[message.parent_id]
        if len(brood) > 1:
            versions[message.id] = (brood.index(message.id) + 1, len(brood))
    others = [message for message in whole.messages if message.id not in on_branch]
    return Shown(branch, versions, others)
