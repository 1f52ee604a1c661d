"""Several replies over the images wire: one request for all, and each has a picture of its own."""

import base64
import hashlib

import pytest

from chat.core.models import Prices
from chat.core.parts import pictures
from chat.turns.outgoing import Outgoing
from tests.loopback import Loopback, json_reply
from tests.unit.turns.workshop import ME
from tests.wire.doors import DOORS
from tests.wire.talk import card
from tests.wire.turn import WholeTurn
from tests.wire_shapes import tiny_png

PICTURES = [tiny_png(seed) for seed in (1, 2, 3)]
USAGE = {
    "input_tokens": 6,
    "output_tokens": 30,
    "input_tokens_details": {"text_tokens": 6, "image_tokens": 0},
}


async def test_one_request_asks_for_all_and_its_bill_is_shared_out() -> None:
    door = DOORS["openai_images"]
    data = [{"b64_json": base64.b64encode(picture).decode()} for picture in PICTURES]
    prices = Prices(1_000_000.0, 1_000_000.0, None, 1_000_000.0)
    model = card(
        door.kind, stream=False, output_modalities=("image",), history=False, n_max=4,
        images_parameters=("n",), prices=prices,
    )  # fmt: skip
    with Loopback([json_reply({"created": 1, "data": data, "usage": USAGE})]) as server:
        async with WholeTurn(door.endpoint(server.url), model) as turn:
            conversation = await turn.library.new(ME)
            await turn.settings.change(ME, conversation.id, {"model": model.id})
            started = await turn.engine.send_several(
                ME, conversation.id, Outgoing("client-1", "Draw a fox"), models=["", "", ""]
            )
            replies = [await turn.ended(each.reply_id) for each in started]
    assert [request.json["n"] for request in server.requests] == [3]
    shown = [[image.media.sha256 for image in pictures(reply.parts)] for reply in replies]
    assert shown == [[hashlib.sha256(picture).hexdigest()] for picture in PICTURES]
    assert [reply.cost_usd for reply in replies] == [pytest.approx(12.0)] * 3
