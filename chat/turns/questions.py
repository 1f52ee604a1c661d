"""Questions that tools ask the user in the middle of a call.

A question belongs to the running reply: pages are told of it through the log of the job, also those
that come later, and with the job it is gone.
"""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from chat.core.errors import Conflict, ToolFailed
from chat.core.events import UserAnswered, UserAsked
from chat.core.forms import filled, read_form
from chat.core.messages import new_id
from chat.core.parts import Json
from chat.core.text import clean_text
from chat.turns.alarms import Alarms

MAX_OPEN = 8
"""Of one reply."""
MAX_QUESTION_CHARACTERS = 2_000

ANSWERED = "This was answered already, or the tool does not wait for it any more."

Answer: TypeAlias = "asyncio.Future[Mapping[str, Json] | None]"


class Questions:
    """The open questions of one reply."""

    def __init__(
        self, publish: Callable[[UserAsked | UserAnswered], None], alarms: Alarms, patience_s: float
    ) -> None:
        """Tell of them by ``publish``; who is not answered within so long is told that."""
        self._publish = publish
        self._alarms = alarms
        self._patience_s = patience_s
        self._open: dict[str, tuple[UserAsked, Answer]] = {}

    @property
    def open(self) -> tuple[UserAsked, ...]:
        """Those that wait for an answer, oldest first."""
        return tuple(asked for asked, _ in self._open.values())

    async def ask(
        self, call_id: str, title: str, source: str, message: str, form: Mapping[str, Json]
    ) -> Mapping[str, Any] | None:
        """Ask, and wait for the answer; ``None`` where there is none.

        Args:
            call_id: the call that asks.
            title: what people call its tool.
            source: where the tool comes from.
            message: the question.
            form: what is to be filled in, see :func:`chat.core.forms.read_form`.

        Raises:
            ToolFailed: the form cannot be read, or too much is asked at once.
        """
        fields = read_form(form)
        if len(self._open) >= MAX_OPEN:
            raise ToolFailed("Too many questions are open already.")
        words = clean_text(message)[:MAX_QUESTION_CHARACTERS]
        asked = UserAsked(new_id(), call_id, title, source, words, fields)
        answer: Answer = asyncio.get_running_loop().create_future()
        self._open[asked.id] = asked, answer
        self._alarms.set(asked.id, self._patience_s, partial(_decline, answer))
        self._publish(asked)
        try:
            return await answer
        finally:
            self._alarms.forget(asked.id)
            self._open.pop(asked.id, None)
            self._publish(UserAnswered(asked.id))

    def answer(self, question_id: str, values: Mapping[str, object] | None) -> None:
        """Give the user's answer; ``None``: they decline.

        Raises:
            CapabilityError: a value does not fit the form; the question stays open.
            Conflict: it is not open any more.
        """
        found = self._open.get(question_id)
        if found is None or found[1].done():
            raise Conflict(ANSWERED)
        asked, answer = found
        answer.set_result(None if values is None else filled(asked.fields, values))


class RemoteQuestions(Questions):
    """The open questions of a reply that another process writes, as far as its log has come."""

    def __init__(self, hand_over: Callable[[str, Json], None]) -> None:
        """``hand_over`` gives an answer to that process: of which question, and the values."""
        self._hand_over = hand_over
        self._asked: dict[str, UserAsked] = {}

    def take(self, event: UserAsked | UserAnswered) -> None:
        """One was asked, or is not open any more."""
        if isinstance(event, UserAsked):
            self._asked[event.id] = event
        else:
            self._asked.pop(event.id, None)

    @property
    def open(self) -> tuple[UserAsked, ...]:
        """Those that wait for an answer, oldest first."""
        return tuple(self._asked.values())

    def answer(self, question_id: str, values: Mapping[str, object] | None) -> None:
        """Check the user's answer, and hand it over."""
        asked = self._asked.get(question_id)
        if asked is None:
            raise Conflict(ANSWERED)
        self._hand_over(question_id, None if values is None else filled(asked.fields, values))
        del self._asked[question_id]


def _decline(answer: Answer) -> None:
    if not answer.done():
        answer.set_result(None)
