"""What becomes of a reply whose model turned out to refuse tools.

The model is remembered as one that takes none for as long as the program runs. A relay goes on
with the reply where there is one; else the same model is asked once more, without tools, and the
reply offers to switch them off.
"""

from dataclasses import replace

from chat.core.messages import Conversation, Finish, Message
from chat.gateway.call import ModelCalls
from chat.models import Catalogue
from chat.models.tool_relay import ToolRelay
from chat.turns.reply import Reply
from chat.turns.tool_relay import LEFT_OUT, TURNED_OUT, relay_for


def turned_down(
    calls: ModelCalls,
    relay: ToolRelay | None,
    reply: Reply,
    conversation: Conversation,
    question: Message,
    catalogue: Catalogue,
) -> ToolRelay | None:
    """Who runs the tools instead, if anybody; the calls ask who goes on.

    Args:
        calls: of the reply; who was asked by them refused.
        relay: on which it ran.
        reply: is told of it.
        conversation: whose tools they are.
        question: what is answered.
        catalogue: remembers it.
    """
    refused = calls.card
    catalogue.mark_without_tools(refused.id)
    meant = refused if relay is None else relay.pictures
    meant = catalogue.find(meant.id) or replace(meant, tools=False)
    other = relay_for(meant, catalogue, conversation, question)
    calls.ask_instead(meant if other is None else other.text)
    if other is not None or relay is not None:  # otherwise the end of the reply says it
        reply.noted(TURNED_OUT.format(title=refused.title))
    reply.drawn_by("" if other is None else meant.id)
    if other is not None:
        reply.noted(other.note)
    return other


def left_out(finish: Finish, calls: ModelCalls) -> Finish:
    """The finish of a reply that its model wrote without the tools of the conversation."""
    told = LEFT_OUT.format(title=calls.card.title)
    message = f"{finish.message} {told}" if finish.message else told
    return replace(finish, message=message, actions=("tools_off", *finish.actions))
