"""Rows of the sidebar as pages are told of them: each is read once for all pages of its owner.

Every page hears of every change. Where many stand open, as on an Easel without login, a row that
each of them read for itself would cost a day's reading at each question.
"""

import asyncio
from collections import OrderedDict

from chat.core.languages import language
from chat.turns.app_state import AppState
from chat.web.commands import conversation_row
from chat.web.live_messages import RowChanged, written

REMEMBERED = 1_000
"""Conversations."""


class SidebarRows:
    """The rows of a process, as they travel."""

    def __init__(self, app_state: AppState) -> None:
        """Read them here, and forget each as soon as it changes."""
        self._app_state = app_state
        self._read: OrderedDict[tuple[str, str], dict[str, asyncio.Task[str]]] = OrderedDict()
        """By owner and conversation, in each language: being read, or as it stands."""
        app_state.news.before(self._changed)

    def _changed(self, owner: str, conversation_id: str) -> None:
        self._read.pop((owner, conversation_id), None)

    async def told(self, owner: str, conversation_id: str) -> str:
        """What a page is told of a conversation; empty where nothing was said in it yet.

        Raises:
            NotFound: it is not there.
            ChatError: it cannot be read.
        """
        key = (owner, conversation_id)
        by_language = self._read.setdefault(key, {})
        self._read.move_to_end(key)
        reading = by_language.get(language())
        if reading is None:
            task = asyncio.create_task(self._row(owner, conversation_id), name="sidebar-row")
            reading = by_language[language()] = task
            task.add_done_callback(lambda task: self._drop_failed(key, task))
        while len(self._read) > REMEMBERED:
            self._read.popitem(last=False)
        return await asyncio.shield(reading)  # whoever leaves takes it from nobody

    async def _row(self, owner: str, conversation_id: str) -> str:
        found = await self._app_state.library.listed(owner, conversation_id)
        if found.conversation.head_id is None:
            return ""
        return written(RowChanged(row=conversation_row(self._app_state, found)))

    def _drop_failed(self, key: tuple[str, str], reading: asyncio.Task[str]) -> None:
        """Who asks next may have better luck."""
        failed = reading.cancelled() or reading.exception() is not None
        if failed and reading in self._read.get(key, {}).values():
            del self._read[key]
