"""Better words for a message, as a proposal of a text model that the user reads and accepts."""

from chat.core.calling import ModelRequest
from chat.core.errors import BadReply, CapabilityError
from chat.core.messages import Message, new_id
from chat.core.models import ModelCard
from chat.core.parts import Text
from chat.gateway.call import Gateway
from chat.models import Catalogues
from chat.turns.text_answer import text_answer

MAX_IMPROVED_CHARACTERS = 20_000

SYSTEM = (
    "You improve instructions for a model that makes and edits pictures. Rewrite the user's "
    "instruction so that it is clear and concrete: subject, setting, light, composition, style. "
    "Keep the user's language and every wish; add nothing that contradicts them. Keep names such "
    "as @img1 to the letter. If it asks for a change of a picture, say what stays as it is. "
    "Answer with the new instruction alone, without quotation marks and without comments."
)


class PromptImprover:
    """Asks a text model at the endpoint of a conversation's model."""

    def __init__(self, gateway: Gateway, catalogues: Catalogues) -> None:
        """Ask through this gateway, among these models."""
        self._gateway = gateway
        self._catalogues = catalogues

    def by(self, owner: str, model: str) -> ModelCard:
        """Who improves words of an owner beside this model; an empty one is the usual model.

        Raises:
            CapabilityError: there is no text model at its endpoint.
            ConfigError: the model cannot be used.
        """
        catalogue = self._catalogues.of(owner)
        card = catalogue.resolve(model or catalogue.default.id).card
        beside = [each for each in catalogue.usable() if each.endpoint == card.endpoint]
        for each in (card, *beside):
            if each.output_modalities == ("text",):
                return each
        title = catalogue.endpoints[card.endpoint].title
        raise CapabilityError(f"{title} has no text model that could do it.")

    async def improved(self, owner: str, model: str, text: str) -> str:
        """The words as the text model would put them.

        Raises:
            ChatError: nobody can, or could, do it.
        """
        card = self.by(owner, model)
        quotas = self._gateway.quotas
        with quotas.question(owner, await quotas.of(owner)):
            return await self._asked(owner, card, text)

    async def _asked(self, owner: str, card: ModelCard, text: str) -> str:
        question = Message(new_id(), "", None, "user", (Text(text),))
        reply = Message(new_id(), "", question.id, "assistant", ())
        said = await text_answer(
            self._gateway,
            owner,
            card,
            reply,
            lambda asked: ModelRequest(asked, (question,), SYSTEM),
            MAX_IMPROVED_CHARACTERS,
        )
        if not said:
            raise BadReply(f"{card.title} answered nothing. Try again.")
        return said
