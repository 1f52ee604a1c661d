"""What it costs to ask in a conversation full of pictures: the card bounds it, not the length.

The same last ten pictures are sent with ten in the conversation and with a hundred: chosen,
read from the disk, encoded, put into a request and sent.
"""

import asyncio
import hashlib
import time
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from statistics import median

from chat.core.calling import ModelRequest, Provider
from chat.core.messages import Message
from chat.core.models import Endpoint, ModelCard
from chat.core.parts import Image, MediaRef, Text
from chat.images.ingest import ImageIngest
from chat.settings import Settings
from chat.turns.pictures import Pictures
from chat.turns.request import prepare
from storage.memory import MemoryConversations
from storage.open import open_media
from tests.bench.doors import KEY, MODEL, WIRES, Wire
from tests.bench.figures import Figure
from tests.bench.orders import PICTURE_SIDE_PX, photo, words
from tests.bench.rig import Rig
from tests.bench.seed import ALBUM_MESSAGES
from tests.loopback import Loopback

CARD = ModelCard(MODEL, "bench", MODEL, "Bench")
FEW_PICTURES = CARD.max_input_images
MESSAGE_BYTES = 1_000
"""At most so much for a message beside its pictures: its words, and the signs around them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    cpu_s: float
    body_bytes: int


def measure(rig: Rig) -> list[Figure]:
    """Each round asks in both conversations, one after the other."""
    many = [_message(number) for number in range(ALBUM_MESSAGES)]
    many.append(Message("q", "c", None, "user", (Text("And now?"),)))
    few = many[-2 * FEW_PICTURES - 1 :]
    ingest, media = ImageIngest(), open_media(Settings(data=rig.data).media_url)
    pictures = Pictures(ingest, media, MemoryConversations())
    try:
        figures: list[Figure] = []
        for wire in WIRES:
            figures += _compared(wire, pictures, few, many, rig.rounds(15))
        return figures
    finally:
        ingest.close()
        pictures.close()


def _message(number: int) -> Message:
    """A message of the album that the rig has stored."""
    if number % 2 == 0:
        return Message(f"m{number}", "c", None, "user", (Text(words(number)),))
    data = photo(f"album{number}")
    sha256 = hashlib.sha256(data).hexdigest()
    ref = MediaRef(sha256, "image/png", len(data), PICTURE_SIDE_PX, PICTURE_SIDE_PX)
    parts = (Text(words(number)), Image(ref, "model", "A motif"))
    return Message(f"m{number}", "c", None, "assistant", parts)


def _compared(
    wire: Wire, pictures: Pictures, few: Sequence[Message], many: Sequence[Message], rounds: int
) -> list[Figure]:
    reply = wire.reply(1)
    ratios, costs, sizes = [], [], []
    with Loopback(lambda _: reply) as server, asyncio.Runner() as runner:
        door = wire.door(Endpoint("bench", wire.kind, "Bench", server.url, KEY))
        for number in range(rounds + 1):
            # What one request leaves behind in memory, the next one finds: they take turns.
            order = (few, many) if number % 2 else (many, few)
            pair = {len(b): runner.run(_asked(door, pictures, b, server)) for b in order}
            if number:  # the first round loads code
                ratios.append(pair[len(many)].cpu_s / pair[len(few)].cpu_s)
                costs.append(pair[len(few)].cpu_s)
                sizes.append(pair[len(many)].body_bytes)
        runner.run(door.aclose())
    most_bytes = CARD.max_request_bytes * 4 / 3 + MESSAGE_BYTES * len(many)
    name, pictured = f"asking over {wire.name}", ALBUM_MESSAGES // 2
    return [
        Figure(
            f"{name}, CPU, {pictured} pictures / {FEW_PICTURES}",
            median(ratios),
            "x",
            1.1,
            f"{median(costs):.2f} s",
        ),
        Figure(
            f"{name}, bytes, {pictured} pictures",
            max(sizes) / 1e6,
            "MB",
            most_bytes / 1e6,
            "the card's budget in base64, and text",
        ),
    ]


async def _asked(
    door: Provider, pictures: Pictures, branch: Sequence[Message], server: Loopback
) -> Asked:
    """Ask as a turn does; threads count that read pictures, but not the server's."""
    began_s = time.process_time()
    messages, media = await pictures.load(CARD, prepare(CARD, branch, tools_on=False))
    spent_s = time.process_time() - began_s
    began_s = time.thread_time()
    async with aclosing(door.stream(ModelRequest(CARD, messages, media=media))) as events:
        async for _ in events:
            pass
    spent_s += time.thread_time() - began_s
    return Asked(spent_s, len(server.requests.pop().body))
