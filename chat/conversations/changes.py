"""Tells open pages that a conversation has changed. Carries no content: who hears it, reads."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager


class Subscription:
    """What one page has not heard yet."""

    def __init__(self) -> None:
        """Start with nothing new."""
        self._changed: set[str] = set()
        self._news = asyncio.Event()

    def tell(self, conversation_id: str) -> None:
        """Something about this conversation changed."""
        self._changed.add(conversation_id)
        self._news.set()

    async def changes(self) -> AsyncIterator[set[str]]:
        """Ids of conversations that changed since the last look, each once."""
        while True:
            await self._news.wait()
            self._news.clear()
            changed, self._changed = self._changed, set()
            yield changed


class ChangeFeed:
    """Subscriptions by owner."""

    def __init__(self) -> None:
        """Start with no subscriber."""
        self._by_owner: dict[str, set[Subscription]] = {}

    def publish(self, owner: str, conversation_id: str) -> None:
        """Tell every page of this owner."""
        for subscription in self._by_owner.get(owner, ()):
            subscription.tell(conversation_id)

    @contextmanager
    def subscribe(self, owner: str) -> Iterator[Subscription]:
        """Hear of changes for as long as the context lasts."""
        subscription = Subscription()
        self._by_owner.setdefault(owner, set()).add(subscription)
        try:
            yield subscription
        finally:
            subscriptions = self._by_owner[owner]
            subscriptions.discard(subscription)
            if not subscriptions:
                del self._by_owner[owner]
