"""Tells open pages that something has changed. Carries no content: who hears it, reads."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed since the last look."""

    conversations: frozenset[str]
    """The ids of those that did, each once."""
    tools: bool = False
    """Whether there are other tools now."""
    models: bool = False
    """Whether there are other models now."""


class Subscription:
    """What one page has not heard yet."""

    def __init__(self) -> None:
        """Start with nothing new."""
        self._changed: set[str] = set()
        self._tools = self._models = False
        self._news = asyncio.Event()

    def tell(self, conversation_id: str) -> None:
        """Something about this conversation changed."""
        self._changed.add(conversation_id)
        self._news.set()

    def tell_tools(self) -> None:
        """There are other tools now."""
        self._tools = True
        self._news.set()

    def tell_models(self) -> None:
        """There are other models now."""
        self._models = True
        self._news.set()

    async def changes(self) -> AsyncIterator[Changed]:
        """What changed since the last look."""
        while True:
            await self._news.wait()
            self._news.clear()
            changed = Changed(frozenset(self._changed), self._tools, self._models)
            self._changed.clear()
            self._tools = self._models = False
            yield changed


class ChangeFeed:
    """Subscriptions by owner."""

    def __init__(self) -> None:
        """Start with no subscriber."""
        self._by_owner: dict[str, set[Subscription]] = {}
        self._before: list[Callable[[str, str], None]] = []
        self.relay: Callable[[str, str], None] = lambda *_: None
        """Tells other processes of what is published: owner and conversation."""

    def before(self, hear: Callable[[str, str], None]) -> None:
        """Have ``hear`` called with owner and conversation before any page is told of a change."""
        self._before.append(hear)

    def publish(self, owner: str, conversation_id: str) -> None:
        """Tell every page of this owner, whichever process it is connected to."""
        self.publish_here(owner, conversation_id)
        self.relay(owner, conversation_id)

    def publish_here(self, owner: str, conversation_id: str) -> None:
        """Tell every page of this owner that is connected to this process."""
        for hear in self._before:
            hear(owner, conversation_id)
        for subscription in self._by_owner.get(owner, ()):
            subscription.tell(conversation_id)

    def publish_tools(self) -> None:
        """Tell every page of everybody that there are other tools now."""
        for subscriptions in self._by_owner.values():
            for subscription in subscriptions:
                subscription.tell_tools()

    def publish_models(self) -> None:
        """Tell every page of everybody that there are other models now."""
        for subscriptions in self._by_owner.values():
            for subscription in subscriptions:
                subscription.tell_models()

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
