"""Has a picture model draw in the middle of a reply that another model writes.

The request goes the way of every other one: the same attempts and fallbacks, the same guards, and
the ledger of the turn. The picture model sees the prompt and the pictures that the call names, and
nothing else of the conversation.
"""

from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from chat.core.errors import ToolFailed
from chat.core.events import ImageBytes, TextDelta
from chat.core.messages import Conversation, Finish, Message, new_id
from chat.core.models import ModelCard
from chat.core.parts import Derivation, Image, Json, Part, Text
from chat.core.tools import Picture, ToolOutput
from chat.gateway.call import Answering, Gateway, ModelCalls
from chat.gateway.ledger import UsageLedger
from chat.turns.loaded_request import loaded
from chat.turns.pictures import Pictures
from chat.turns.request import must_fit

MAX_PICTURES = 10
"""Of one call: more are not taken in."""

ALT_CHARS = 1_000


@dataclass(frozen=True, slots=True)
class RelayedPictures:
    """Implements ``chat.core.tools.PictureMaker`` for one turn."""

    card: ModelCard
    """The picture model."""
    conversation: Conversation
    reply: Message
    """Which the pictures go into."""
    ledger: UsageLedger
    """Of the turn."""
    gateway: Gateway
    pictures: Pictures

    async def draw(
        self, prompt: str, shown: Sequence[Picture], aspect_ratio: str
    ) -> Sequence[ToolOutput]:
        """Have it draw; its pictures and its words, in order.

        Raises:
            ToolFailed: it gave no picture, or has no such shape.
            ChatError: it cannot be asked so, or failed.
        """
        owner, options = self.conversation.owner, self._options(aspect_ratio)
        names = list(dict.fromkeys(picture.sha256 for picture in shown))
        refs = await self.pictures.find(owner, names) if names else []
        alts = {picture.sha256: picture.alt for picture in shown}
        images = [Image(ref, "upload", alts[ref.sha256]) for ref in refs]
        parts: tuple[Part, ...] = (*images, Text(prompt))
        question = Message(new_id(), self.conversation.id, None, "user", parts)
        must_fit(self.card, question)
        own = UsageLedger()
        calls = self.gateway.calls(self.card, owner, self.reply, own)
        try:
            made, words, finish = await self._asked(calls, question, options)
        finally:  # what was paid is paid, also where it came to nothing
            for cost in own.costs:
                self.ledger.add(cost)
        if not made:
            raise ToolFailed(_without_picture(calls.card, words, finish))
        cost_usd = None if own.cost_usd is None else own.cost_usd / len(made)
        derivation = Derivation(tuple(names))
        drawn: list[ToolOutput] = [
            Picture(
                picture.data,
                picture.alt or prompt[:ALT_CHARS],
                derivation=derivation,
                origin="model",
                caption=prompt,
                model=calls.card.id,
                model_title=calls.card.title,
                cost_usd=cost_usd,
            )
            for picture in made
        ]
        said = f"{calls.card.title} drew this."
        return (*drawn, f"{said} It said: {words}" if words else said)

    async def _asked(
        self, calls: ModelCalls, question: Message, options: Mapping[str, Json]
    ) -> tuple[list[ImageBytes], str, Finish]:
        """What came: finished pictures, words, and how it ended."""
        made: list[ImageBytes] = []
        words: list[str] = []
        for attempt in calls.attempts():
            async with attempt:
                request = await loaded(
                    attempt.card,
                    (question,),
                    self.pictures.load,
                    self.conversation.owner,
                    budget=attempt.budget,
                    lock=None,
                    system="",
                    tools=(),
                    options=options,
                )
                async with aclosing(attempt.stream(request)) as events:
                    async for event in events:
                        if isinstance(event, ImageBytes) and not event.draft:
                            made.append(event)
                            if len(made) >= MAX_PICTURES:
                                attempt.cut(Finish("stop"))
                        elif isinstance(event, TextDelta):
                            words.append(event.text)
                        elif isinstance(event, Answering):
                            made.clear()
                            words.clear()
        assert calls.finished is not None, "an attempt that nobody answered raises"
        return made, "".join(words).strip(), calls.finished.finish

    def _options(self, aspect_ratio: str) -> Mapping[str, Json]:
        """What the conversation has chosen for pictures, but for what the call says."""
        options = self.conversation.options
        if not aspect_ratio:
            return options
        if aspect_ratio not in self.card.aspect_ratios:
            choice = ", ".join(self.card.aspect_ratios) or "none: leave it out"
            raise ToolFailed(f"{self.card.title} has no {aspect_ratio[:20]!r}. It has {choice}.")
        kept = {name: value for name, value in options.items() if name != "pixels"}
        return {**kept, "aspect_ratio": aspect_ratio}


def _without_picture(card: ModelCard, words: str, finish: Finish) -> str:
    told = f"{card.title} gave no picture. {finish.message}".strip()
    return f"{told} It said: {words}" if words else told
