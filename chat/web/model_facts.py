"""What a page is told of the model that answers next, and of the money spent so far."""

from chat.core.errors import ChatError
from chat.core.ports import Spending
from chat.models import Catalogue
from chat.render.costs import spending_words
from chat.web.api import ModelFacts


def model_facts(catalogue: Catalogue, card_id: str | None) -> ModelFacts | None:
    """What the message box must know of a model; of the default one for ``None``.

    Those of a retired model are its successor's, who answers. ``None`` where nobody can: the page
    then offers nothing that depends on it.
    """
    try:
        card = catalogue.default if card_id is None else catalogue.resolve(card_id).card
    except ChatError:
        return None
    return ModelFacts(
        id=card.id,
        title=card.title,
        history=card.history,
        takes_pictures="image" in card.input_modalities,
        draws="image" in card.output_modalities,
        tools=card.tools,
        mask=card.mask,
    )


def spent(spending: Spending) -> str:
    """The sentence for the settings of a conversation; empty before its first reply."""
    words = spending_words(spending)
    return f"Spent on this conversation: {words}." if words else ""
