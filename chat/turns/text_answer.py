"""A model asked for words alone, outside any conversation."""

from collections.abc import Callable
from contextlib import aclosing

from chat.core.calling import ModelRequest
from chat.core.errors import BadReply
from chat.core.events import TextDelta
from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.gateway.call import Gateway


async def text_answer(
    gateway: Gateway,
    owner: str,
    card: ModelCard,
    reply: Message,
    request_of: Callable[[ModelCard], ModelRequest],
    most_characters: int,
) -> str:
    """What a model answers, of whichever attempt went well; without what stands around it.

    Args:
        gateway: to ask through.
        owner: who asks, and pays.
        card: the model that is asked first.
        reply: as which the call is recorded; it is stored nowhere.
        request_of: what is asked of a model, which may be another than the first.
        most_characters: beyond which an answer is none.

    Raises:
        BadReply: it answered more than that.
        ChatError: nobody could answer.
    """
    said = ""
    for attempt in gateway.calls(card, owner, reply).attempts():
        said = ""
        async with attempt, aclosing(attempt.stream(request_of(attempt.card))) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    said += event.text
                if len(said) > most_characters:
                    raise BadReply(f"{card.title} answered far too much. Try again.")
    return said.strip()
