"""A turn before it starts: which model answers, through which doors, into which reply.

Nothing is stored here, so whatever is set up wrongly is said before anything is kept.
"""

from collections.abc import Awaitable, Callable, Sequence

from chat.core.messages import Conversation, Message, Origin, new_id
from chat.models import Catalogue
from chat.turns.attempts import Series
from chat.turns.calls import Caller
from chat.turns.doors import Doors
from chat.turns.places import Places
from chat.turns.request import must_fit
from chat.turns.run import Desk, Turn


class Opening:
    """Opens turns with the models of one catalogue."""

    def __init__(self, desk: Desk, catalogue: Catalogue, doors: Doors) -> None:
        """Open turns at this desk, with these models behind these doors."""
        self._desk = desk
        self._catalogue = catalogue
        self._doors = doors
        self._places = Places(catalogue, desk.balance)

    def must_fit(self, conversation: Conversation, question: Message) -> None:
        """Refuse a question whose pictures the model cannot take, while nothing of it is kept.

        Raises:
            CapabilityError: it has more, or other, pictures than the model takes; or the model
                was retired, and nothing takes its place.
            ConfigError: the model is unknown.
        """
        must_fit(self._catalogue.resolve(conversation.model).card, question)

    async def turn(
        self,
        conversation: Conversation,
        question: Message,
        above: Callable[[Message], Awaitable[Sequence[Message]]],
    ) -> Turn:
        """The turn that answers a question. ``above`` reads what stands above it.

        Raises:
            ConfigError: the model is unknown, or its endpoint is not set up.
            CapabilityError: it was retired, and nothing takes its place.
        """
        resolved = self._catalogue.resolve(conversation.model)
        card = resolved.card
        notes = (resolved.notice,) if resolved.notice else ()
        endpoint = self._places.of(card)[0].endpoint
        await self._doors.opened(endpoint)
        reply = Message(
            id=new_id(),
            conversation_id=conversation.id,
            parent_id=question.id,
            role="assistant",
            parts=(),
            status="queued",
            origin=Origin(endpoint.kind, endpoint.id, card.id, notes=notes),
        )
        desk = self._desk
        caller = Caller(desk.recorder, conversation.owner, reply)
        series = Series(
            card, self._places, self._doors.opened, desk.guardrails, caller, desk.limits
        )
        return Turn(conversation, question, lambda: above(question), reply, series)
