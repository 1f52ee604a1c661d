"""What a page is told of the model that answers next, and of the money spent so far."""

from chat.core.errors import ChatError
from chat.core.languages import later
from chat.core.models import ModelCard
from chat.core.ports import Spending
from chat.models import Catalogue
from chat.render.costs import spending_words
from chat.turns.question import MAX_PICTURES
from chat.web.api.models import ModelFacts


def model_facts(catalogue: Catalogue, card_id: str | None) -> ModelFacts | None:
    """What the message box must know of a model; of the default one for ``None``.

    Those of a retired model are its successor's, who answers. ``None`` where nobody can: the page
    then offers nothing that depends on it.
    """
    try:
        card = catalogue.default if card_id is None else catalogue.resolve(card_id).card
    except ChatError:  # no such model, or none that can be used
        return None
    return ModelFacts(
        id=card.id,
        title=card.title,
        history=card.history,
        takes_pictures="image" in card.input_modalities,
        draws="image" in card.output_modalities,
        mask=card.mask,
        most_pictures=most_pictures(card),
        most_bytes=card.max_request_bytes,
        dictation=dictated_to(catalogue, card),
    )


def dictated_to(catalogue: Catalogue, card: ModelCard) -> str:
    """Whom a page names as who writes down what is said to a model; empty: nobody does."""
    writer = catalogue.transcriber(card)
    return "" if writer is None else catalogue.endpoint_of(writer).title


def most_pictures(card: ModelCard) -> int:
    """How many pictures a message to this model may hold."""
    if "image" not in card.input_modalities:
        return 0
    return min(card.max_input_images, MAX_PICTURES)


def spent(spending: Spending) -> str:
    """The sentence for the settings of a conversation; empty before its first reply."""
    words = spending_words(spending)
    return later(f"Spent on this conversation: {words}.") if words else ""
