"""Several replies of a model that draws several pictures at once: one request, one picture each."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pytest

from chat.core.errors import Unavailable
from chat.core.events import Finished, ImageBytes
from chat.core.messages import Finish, Message, Usage
from chat.core.models import ModelCard, Prices
from chat.core.parts import pictures
from chat.turns.engine import Started
from chat.turns.outgoing import Outgoing
from tests.scripted import Script, Wait
from tests.unit.turns.workshop import CARD, ME, Workshop, png

BRUSH = ModelCard(
    "model", "door", "wire-model", "The Model", output_modalities=("image",), history=False,
    n_max=4, prices=Prices(1_000_000.0, None, None, 1_000_000.0),
)  # fmt: skip
RED, BLUE, LIME = (ImageBytes(png(colour)) for colour in ("red", "blue", "lime"))
PAID = Finished(Finish("stop"), Usage(4, None, None, 3), response_id="r")


class Gate(asyncio.Event):
    """Says when somebody waits before it."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def wait(self) -> Literal[True]:
        self.reached.set()
        return await super().wait()


async def asked(shop: Workshop, replies: int) -> tuple[Started, ...]:
    conversation = await shop.begin()
    return await shop.engine.send_several(
        ME, conversation.id, Outgoing("client-1", "a fox"), models=[""] * replies
    )


async def answered(shop: Workshop, replies: int) -> list[Message]:
    return [await shop.answer(each) for each in await asked(shop, replies)]


def counts(shop: Workshop) -> list[object]:
    """How many pictures each request asked for; ``None`` is the usual one."""
    return [request.options.get("n") for request in shop.provider.requests]


async def names(shop: Workshop, replies: Sequence[Message]) -> list[list[bytes]]:
    """The pictures of each reply."""

    async def of(reply: Message) -> list[bytes]:
        shas = [image.media.sha256 for image in pictures(reply.parts)]
        return [(await shop.pictures.bytes_of(ME, sha, thumbnail=False))[1] for sha in shas]

    return [await of(reply) for reply in replies]


async def test_one_request_gives_each_reply_its_picture_and_its_part_of_the_price() -> None:
    shop = Workshop([[RED, replace(LIME, draft=True), BLUE, LIME, PAID]], BRUSH)
    replies = await answered(shop, 3)
    assert counts(shop) == ["3"]
    assert await names(shop, replies) == [[RED.data], [BLUE.data], [LIME.data]]
    assert [reply.status for reply in replies] == ["complete"] * 3
    assert [len(reply.parts) for reply in replies] == [1, 2, 1], "the draft was of the second"
    assert sum(reply.cost_usd or 0 for reply in replies) == pytest.approx(7.0)
    told = [reply.usage for reply in replies if reply.usage is not None]
    assert sum(usage.input_text_tokens or 0 for usage in told) == 4
    assert [usage.output_image_tokens for usage in told] == [1, 1, 1]
    assert {reply.origin and reply.origin.model for reply in replies} == {"model"}
    assert {reply.finish and reply.finish.message for reply in replies} == {""}


async def test_more_than_a_model_can_at_once_is_asked_for_in_several_requests() -> None:
    shop = Workshop([[RED, BLUE, PAID]] * 2, replace(BRUSH, n_max=2))
    replies = await answered(shop, 3)
    assert sorted(map(str, counts(shop))) == ["2", "None"]
    first, second, alone = await names(shop, replies)
    assert (first, second, alone) == ([RED.data], [BLUE.data], [RED.data, BLUE.data])


async def test_what_did_not_come_is_asked_for_again() -> None:
    shop = Workshop([[RED, PAID], [BLUE, LIME, PAID]], BRUSH)
    replies = await answered(shop, 3)
    assert counts(shop) == ["3", "2"]
    assert await names(shop, replies) == [[RED.data], [BLUE.data], [LIME.data]]
    assert [reply.cost_usd for reply in replies] == [pytest.approx(c) for c in (7.0, 3.5, 3.5)]


async def test_a_picture_too_many_is_not_lost_and_is_said() -> None:
    shop = Workshop([[RED, BLUE, LIME, PAID]], BRUSH)
    replies = await answered(shop, 2)
    assert await names(shop, replies) == [[RED.data], [BLUE.data, LIME.data]]
    assert replies[1].finish is not None
    assert replies[1].finish.message == "2 pictures came where 1 was asked for."


async def test_a_stopped_reply_leaves_the_request_to_the_others() -> None:
    gate = asyncio.Event()
    shop = Workshop([[Wait(gate), RED, BLUE, PAID]], BRUSH)
    started = await asked(shop, 3)
    assert shop.engine.stop(ME, started[1].reply_id)
    stopped = await shop.answer(started[1])
    assert (stopped.status, stopped.parts, stopped.cost_usd) == ("stopped", (), None)
    gate.set()
    others = [await shop.answer(started[at]) for at in (0, 2)]
    assert await names(shop, others) == [[RED.data], [BLUE.data]]
    assert sum(reply.cost_usd or 0 for reply in others) == pytest.approx(7.0)
    assert shop.provider.closed_streams == 0


async def test_with_the_last_reply_that_is_stopped_the_connection_is_closed() -> None:
    gate = Gate()
    shop = Workshop([[Wait(gate), RED, PAID]], BRUSH)
    started = await asked(shop, 2)
    await gate.reached.wait()
    for each in started:
        assert shop.engine.stop(ME, each.reply_id)
    assert [(await shop.answer(each)).status for each in started] == ["stopped"] * 2
    assert shop.provider.closed_streams == 1


async def test_replies_that_are_stopped_in_the_queue_do_not_hold_the_request() -> None:
    gate = Gate()
    shop = Workshop([[Wait(gate), RED, PAID]], BRUSH, most=1)
    started = await asked(shop, 3)
    await gate.reached.wait()
    for each in reversed(started):
        assert shop.engine.stop(ME, each.reply_id)
    assert [(await shop.answer(each)).status for each in started] == ["stopped"] * 3
    assert shop.provider.closed_streams == 1


async def test_no_picture_is_asked_for_a_reply_that_was_stopped_before() -> None:
    gate = Gate()
    shop = Workshop([[Wait(gate), RED, PAID], [RED, BLUE, PAID]], BRUSH, most=1)
    (first,) = await asked(shop, 1)
    started = await asked(shop, 3)
    assert shop.engine.stop(ME, started[1].reply_id)
    stopped = await shop.answer(started[1])
    assert (stopped.status, stopped.cost_usd) == ("stopped", 0.0)
    gate.set()
    replies = [await shop.answer(each) for each in (first, started[0], started[2])]
    assert [reply.status for reply in replies] == ["complete"] * 3
    assert counts(shop) == [None, "2"]


@pytest.mark.parametrize(
    ("script", "status", "sentence"),
    [
        ([Unavailable("The Door is closed.")], "failed", "The Door is closed."),
        ([Finished(Finish("blocked", "rules", "Not this."))], "blocked", "Not this."),
        ([Finished(Finish("stop"))], "failed", "The Model answered nothing at all."),
        ([RED], "interrupted", "The answer broke off before its end."),
    ],
)
async def test_what_goes_wrong_is_said_in_every_reply(
    script: Script, status: str, sentence: str
) -> None:
    shop = Workshop([script] * 3, BRUSH)
    replies = await answered(shop, 2)
    assert replies[0].status == status
    assert {reply.status for reply in replies} <= {status, "failed"}
    assert all(reply.finish and reply.finish.message.startswith(sentence) for reply in replies)


@pytest.mark.parametrize(
    ("card", "options"),
    [
        (replace(CARD, n_max=4, tools=False), {}),
        (replace(BRUSH, n_max=1), {}),
        (BRUSH, {"n": "2"}),
        (replace(BRUSH, output_formats=("svg",)), {"output_format": "svg"}),
        (replace(BRUSH, images_parameters=("size",)), {}),
    ],
)
async def test_whoever_cannot_be_asked_for_several_is_asked_for_each(
    card: ModelCard, options: dict[str, str]
) -> None:
    shop = Workshop([[RED, PAID], [BLUE, PAID]], card)
    conversation = await shop.begin(**options)
    started = await shop.engine.send_several(
        ME, conversation.id, Outgoing("client-1", "a fox"), models=["", ""]
    )
    replies = [await shop.answer(each) for each in started]
    assert [reply.status for reply in replies] == ["complete"] * 2
    assert counts(shop) == [options.get("n")] * 2
