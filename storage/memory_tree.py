"""The messages of a memory store as trees: who answers what, and what came after what."""

from collections.abc import Sequence
from dataclasses import replace

from chat.core.errors import Conflict, NotFound
from chat.core.messages import Message

LASTING = ("id", "conversation_id", "parent_id", "role", "client_id", "created_at")
"""What an update of a message leaves as it was added."""


class MessageTree:
    """Messages in order of arrival, with the children of each."""

    def __init__(self) -> None:
        """Hold none."""
        self._messages: dict[str, Message] = {}
        """In order of arrival: an update keeps its place."""
        self._children: dict[str, list[str]] = {}
        """By parent; roots stand under the id of their conversation."""

    def all(self) -> list[Message]:
        """Every message, oldest first."""
        return list(self._messages.values())

    def of(self, conversation_id: str) -> list[Message]:
        """Every message of a conversation, oldest first."""
        return [
            found for found in self._messages.values() if found.conversation_id == conversation_id
        ]

    def get(self, message_id: str) -> Message:
        """One message. Raises: NotFound."""
        if message_id not in self._messages:
            raise NotFound("There is no such message.")
        return self._messages[message_id]

    def add(self, messages: Sequence[Message]) -> None:
        """Add messages of one conversation, all or none. Raises: Conflict, NotFound."""
        self._refuse(messages)
        for message in messages:
            self._messages[message.id] = message
            nest = message.parent_id or message.conversation_id
            self._children.setdefault(nest, []).append(message.id)

    def update(self, message: Message) -> None:
        """Replace what may change of a message. Raises: NotFound."""
        stored = self.get(message.id)
        kept = {name: getattr(stored, name) for name in LASTING}
        self._messages[message.id] = replace(message, **kept)

    def forget(self, conversation_id: str) -> None:
        """Remove every message of a conversation."""
        for message in self.of(conversation_id):
            del self._messages[message.id]
            self._children.pop(message.id, None)
        self._children.pop(conversation_id, None)

    def newest_child(self, message_id: str) -> Message | None:
        """The child that came last."""
        children = self._children.get(message_id)
        return self._messages[children[-1]] if children else None

    def newest_leaf(self, message_id: str) -> str:
        """From a message down, always by the newest child. Raises: NotFound."""
        leaf = self.get(message_id).id
        while children := self._children.get(leaf):
            leaf = children[-1]
        return leaf

    def branch(self, leaf_id: str, limit: int | None) -> list[Message]:
        """The way from the root to a leaf, oldest first. Raises: NotFound."""
        way = [self.get(leaf_id)]
        while way[-1].parent_id is not None and (limit is None or len(way) < limit):
            way.append(self._messages[way[-1].parent_id])
        return way[::-1]

    def siblings(self, message_id: str) -> list[str]:
        """All children of a message's parent, oldest first. Raises: NotFound."""
        message = self.get(message_id)
        return list(self._children[message.parent_id or message.conversation_id])

    def _refuse(self, messages: Sequence[Message]) -> None:
        """Refuse what is there already, and what hangs on nothing."""
        kin = self.of(messages[0].conversation_id)
        there = {message.id for message in kin}
        client_ids = {message.client_id for message in kin} - {None}
        for message in messages:
            if message.id in self._messages or message.id in there:
                raise Conflict("That message is there already.")
            if message.client_id in client_ids:
                raise Conflict("That message is there already.")
            if message.parent_id is not None and message.parent_id not in there:
                raise NotFound("The message that this one answers is not there any more.")
            there.add(message.id)
            if message.client_id is not None:
                client_ids.add(message.client_id)
