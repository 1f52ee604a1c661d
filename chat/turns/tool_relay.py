"""A reply whose tools another model runs: who that is, and what it is told.

See :mod:`chat.models.tool_relay` for how tools run with a model.
"""

from chat.core.errors import CapabilityError
from chat.core.messages import Conversation, Message
from chat.core.models import ModelCard
from chat.core.parts import Image
from chat.models import Catalogue
from chat.models.tool_relay import ToolRelay, as_writer, how_tools_run
from chat.turns.request import must_fit

ORDERS = (
    "You run the tools of this conversation for a model that draws and cannot call any. To draw, "
    "call generate_image; to change or combine pictures of the conversation, call edit_image. Do "
    "not describe a picture instead of having it drawn. The user sees each picture as it comes: do "
    "not repeat it or link to it; say in a few words what was done, in the language of the user."
)
"""What a relay is told beside the system prompt of the conversation."""

LEFT_OUT = "{title} takes no tools, so they were left out of this reply."
TURNED_OUT = "{title} turned out to take no tools."


def orders(system: str) -> str:
    """The system prompt of a conversation, and after it the orders of a relay."""
    return f"{system}\n\n{ORDERS}" if system else ORDERS


def relay_for(
    card: ModelCard, catalogue: Catalogue, conversation: Conversation, question: Message
) -> ToolRelay | None:
    """Who runs the tools of a question to this model; ``None``: nobody, or the model itself.

    A marked region goes straight to the model that draws, and so does a question with more
    pictures than the text model takes.
    """
    if not conversation.tools_on or card.tools or _marked(question):
        return None
    relay = how_tools_run(card, catalogue).relay
    if relay is not None:
        try:
            must_fit(relay.text, question)
        except CapabilityError:
            return None
    return relay


def resumed_relay(pictures_by: str, text: ModelCard, catalogue: Catalogue) -> ToolRelay | None:
    """The relay that a reply began with, which goes on; ``None``: it had none, or it is gone."""
    card = catalogue.find(pictures_by) if pictures_by else None
    return None if card is None else ToolRelay(as_writer(text), card)


def _marked(question: Message) -> bool:
    return any(isinstance(part, Image) and part.mask for part in question.parts)
