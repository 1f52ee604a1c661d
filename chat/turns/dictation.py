"""What is dictated, written down by a model; neither the speech nor its words are kept.

Pages send what browsers' own recordings differ in: a WAV file of one channel with 16 bits a sample.
Its length can be read off its size, so that it is known before the body has come; no decoder has to
be trusted with it; and every provider that hears at all reads it.
"""

import asyncio
import wave
from array import array
from io import BytesIO
from sys import byteorder

from chat.core.calling import ModelRequest, Speech
from chat.core.errors import CapabilityError, MediaRejected
from chat.core.messages import Message, new_id
from chat.core.models import ModelCard
from chat.gateway.call import Gateway
from chat.models import Catalogues
from chat.turns.text_answer import text_answer

MAX_SPEECH_S = 300
RATE_HZ = 16_000
"""What speech needs, and what models that hear bring all audio to."""
A_SECOND = RATE_HZ * 2
"""In bytes."""
MAX_WAV_BYTES = MAX_SPEECH_S * RATE_HZ * 2 + 4_096  # and the head of the file
MAX_WRITTEN_CHARACTERS = 20_000
LEAST_S = 0.3
SILENT = 200
"""Of 32,767: what a microphone that is switched off, or far from everybody, stays below."""

NOTHING_HEARD = "Nothing was heard. Speak a little louder, or look which microphone is chosen."


class Dictation:
    """Asks a model that transcribes, near the one that was chosen."""

    def __init__(self, gateway: Gateway, catalogues: Catalogues) -> None:
        """Ask through this gateway, among these models."""
        self._gateway = gateway
        self._catalogues = catalogues

    def by(self, owner: str, model: str) -> ModelCard:
        """Who writes down what an owner says to this model; an empty one is the usual model.

        Raises:
            CapabilityError: nobody can.
            ConfigError: the model cannot be used.
        """
        catalogue = self._catalogues.of(owner)
        card = catalogue.resolve(model or catalogue.default.id).card
        writer = catalogue.transcriber(card)
        if writer is None:
            title = catalogue.endpoints[card.endpoint].title
            raise CapabilityError(f"{title} has no model that writes down what is said.")
        return writer

    async def written(self, owner: str, model: str, recording: bytes) -> str:
        """The words of a recording, without what stands around them.

        Raises:
            MediaRejected: it is no recording of the form that is taken, too long, or silent.
            ChatError: nobody can, or could, write it down.
        """
        card = self.by(owner, model)
        quotas = self._gateway.quotas
        # Silence and what is no recording count, too: looking at them takes its time.
        with quotas.question(owner, await quotas.of(owner)):
            speech = await asyncio.to_thread(_heard, recording)
            return await self._asked(owner, card, speech)

    async def _asked(self, owner: str, card: ModelCard, speech: Speech) -> str:
        said = await text_answer(
            self._gateway,
            owner,
            card,
            Message(new_id(), "", None, "assistant", ()),
            lambda asked: ModelRequest(asked, (), speech=speech),
            MAX_WRITTEN_CHARACTERS,
        )
        if not said:
            raise MediaRejected(NOTHING_HEARD)
        return said


def _heard(recording: bytes) -> Speech:
    """The recording, once it is sure that it is one, and that there is something in it.

    What goes on is made anew of the samples that were read: other programs read a file that says
    two things otherwise, and what nobody has looked at is neither sent nor left unpaid.
    """
    try:
        with wave.open(BytesIO(recording)) as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            samples = file.readframes(MAX_SPEECH_S * RATE_HZ + 1)
    except (wave.Error, EOFError, RuntimeError, ValueError) as error:  # as a false length makes it
        raise MediaRejected("This is no recording that Easel can read. Record it again.") from error
    if form != (1, 2, RATE_HZ):
        raise MediaRejected("A recording is taken as WAV, one channel, 16 bits, 16,000 Hz.")
    samples = samples[: len(samples) // 2 * 2]
    length_s = len(samples) / (2 * RATE_HZ)
    if length_s > MAX_SPEECH_S:
        raise MediaRejected(f"A recording may last {MAX_SPEECH_S // 60} minutes.")
    if length_s < LEAST_S:
        raise MediaRejected("That was too short to be heard. Speak while it records.")
    if not any(_loud(samples[at : at + A_SECOND]) for at in range(0, len(samples), A_SECOND)):
        raise MediaRejected(NOTHING_HEARD)
    made = BytesIO()
    with wave.open(made, "wb") as fresh:
        fresh.setnchannels(1)
        fresh.setsampwidth(2)
        fresh.setframerate(RATE_HZ)
        fresh.writeframes(samples)
    return Speech(made.getvalue(), length_s)


def _loud(samples: bytes) -> bool:
    """Whether something is heard in them. Of a second at a time: others have their turn between."""
    levels = array("h", samples)
    if byteorder == "big":
        levels.byteswap()
    return max(max(levels), -min(levels)) >= SILENT
