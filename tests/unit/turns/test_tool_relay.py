"""A model that draws and cannot call tools: a text model of its endpoint runs them for it."""

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image as Pillow

from chat.core.errors import Rejected, ToolsRefused
from chat.core.events import Finished, ImageBytes, TextDelta
from chat.core.messages import Finish, Message, Usage
from chat.core.models import ModelCard, Prices
from chat.core.parts import Image, ToolCall, ToolResult, images, plain_text
from chat.models.tool_relay import how_tools_run
from chat.turns.outgoing import Outgoing
from tests.scripted import Script
from tests.unit.turns.acting import decided
from tests.unit.turns.workshop import CARD, DONE, ME, Workshop, png

PAINTER = replace(
    CARD,
    id="painter",
    title="The Painter",
    tools=False,
    tool_relay="writer",
    aspect_ratios=("1:1", "16:9"),
    prices=Prices(0.0, 0.0, 0.0, 0.0, per_image_usd=0.04),
)
WRITER = replace(
    CARD,
    id="writer",
    title="The Writer",
    output_modalities=("text",),
    prices=Prices(1.0, 1.0, 2.0, 0.0),
)
USED = Usage(input_text_tokens=1000, output_text_tokens=100)
COUNTED = Finished(Finish("stop"), USED)


def wants(name: str, call_id: str = "c1", **arguments: Any) -> Script:
    return [ToolCall(call_id, name, arguments), Finished(Finish("tool_calls"), USED)]


def draws(colour: str = "red", *words: str) -> Script:
    return [*map(TextDelta, words), ImageBytes(png(colour)), Finished(Finish("stop"), Usage())]


def says(words: str = "There.") -> Script:
    return [TextDelta(words), COUNTED]


def studio(*scripts: Script, painter: ModelCard = PAINTER, others: Sequence[ModelCard] = (WRITER,),
           **more: Any) -> Workshop:  # fmt: skip
    shop = Workshop(scripts, card=painter, **more)
    shop.add_cards(*others)
    return shop


async def reply_of(shop: Workshop, words: str = "Draw a fox", **settings: Any) -> Message:
    conversation = await shop.begin(model="painter", tools_on=True, **settings)
    return await shop.answer(await shop.ask(conversation, words))


def asked(shop: Workshop) -> list[str]:
    """Who was asked, in order."""
    return [request.card.id for request in shop.provider.requests]


def notes(reply: Message) -> tuple[str, ...]:
    assert reply.origin is not None
    return reply.origin.notes


async def test_tools_and_pictures_come_in_order_each_with_its_model_and_price() -> None:
    shop = studio(
        wants("calculator", expression="6*7"),
        wants("generate_image", "c2", prompt="42 foxes", aspect_ratio="16:9"),
        draws("red", "A fine lot."),
        wants("edit_image", "c3", prompt="Now blue", pictures=["latest"]),
        draws("blue"),
        says(),
    )
    reply = await reply_of(shop, "Draw 6 times 7 foxes, then make them blue")
    assert reply.status == "complete"
    kinds = ["tool_call", "tool_result"] * 3
    assert [part.kind for part in reply.parts] == [*kinds, "text"]
    red, blue = images(reply.parts)
    for picture in (red, blue):
        assert (picture.model, picture.model_title, picture.cost_usd) == (
            "painter",
            "The Painter",
            0.04,
        )
        assert picture.origin == "model", "kept as the model sent it"
    assert blue.derivation is not None
    assert blue.derivation.parents == (red.media.sha256,)
    assert asked(shop) == ["writer", "writer", "painter", "writer", "painter", "writer"]
    drawn, changed = shop.provider.requests[2], shop.provider.requests[4]
    assert (drawn.tools, drawn.options["aspect_ratio"]) == ((), "16:9")
    assert [plain_text(message.parts) for message in changed.messages] == ["Now blue"]
    assert red.media.sha256 in changed.media
    assert notes(reply) == ("Tools run on The Writer; pictures by The Painter.",)
    assert reply.cost_usd == pytest.approx(2 * 0.04 + 4 * (0.001 + 0.0002))
    assert reply.origin is not None
    assert reply.origin.chosen == "painter", "which goes on being the conversation's"


async def test_off_the_picture_model_is_asked_itself_and_told_of_no_tool() -> None:
    shop = studio(draws())
    conversation = await shop.begin(model="painter")
    reply = await shop.answer(await shop.ask(conversation, "Draw a fox"))
    assert asked(shop) == ["painter"]
    assert shop.provider.requests[0].tools == ()
    assert notes(reply) == ()


async def test_a_model_that_calls_tools_itself_is_not_told_of_those_that_draw() -> None:
    shop = Workshop([wants("generate_image", prompt="x"), says()])
    reply = await shop.answer(await shop.ask(await shop.begin(tools_on=True), "go"))
    names = {spec.name for spec in shop.provider.requests[0].tools}
    assert not names & {"generate_image", "edit_image"}
    assert isinstance(reply.parts[1], ToolResult)
    assert reply.parts[1].failed


FAILING = [
    ({"prompt": "x", "aspect_ratio": "5:9"}, None, "It has 1:1, 16:9"),
    ({"prompt": "x"}, [TextDelta("I would rather not."), DONE], "gave no picture"),
    ({"prompt": "x"}, [Rejected("The Door refused the request.")], "refused the request"),
]


@pytest.mark.parametrize(("arguments", "script", "said"), FAILING)
async def test_a_picture_that_does_not_come_is_an_answer_to_the_model(
    arguments: dict[str, Any], script: Script | None, said: str
) -> None:
    middle = [] if script is None else [script]
    shop = studio(wants("generate_image", **arguments), *middle, says("Sorry."))
    reply = await reply_of(shop)
    result = reply.parts[1]
    assert isinstance(result, ToolResult)
    assert result.failed
    assert said in plain_text(result.content)
    assert reply.status == "complete"


async def test_the_painter_is_still_there_after_a_restart_while_the_user_was_asked() -> None:
    shop = studio(wants("generate_image", prompt="A fox"), draws(), says())
    reply = await reply_of(shop, tool_policy={"generate_image": "ask"})
    assert reply.status == "waiting"
    await shop.restart()
    reply = await decided(shop, reply)
    assert reply.status == "complete"
    assert [image.model for image in images(reply.parts)] == ["painter"]
    assert asked(shop) == ["writer", "painter", "writer"]


async def test_a_refusal_of_tools_turns_to_the_relay_and_is_remembered() -> None:
    shop = studio(
        [ToolsRefused("Function calling is not enabled.")],
        wants("generate_image", prompt="A fox"),
        draws(),
        says(),
        says("Again."),
        painter=replace(PAINTER, tools=True),
    )
    conversation = await shop.begin(model="painter", tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "Draw a fox"))
    assert reply.status == "complete"
    assert notes(reply) == (
        "The Painter turned out to take no tools.",
        "Tools run on The Writer; pictures by The Painter.",
    )
    assert images(reply.parts)[0].model == "painter"
    assert not shop.catalogue.card("painter").tools
    again = await shop.answer(await shop.ask(conversation, "Another", client_id="client-2"))
    assert asked(shop) == ["painter", "writer", "painter", "writer", "writer"]
    assert notes(again) == ("Tools run on The Writer; pictures by The Painter.",)


async def test_without_a_relay_the_reply_comes_without_tools_and_offers_to_switch_them_off() -> (
    None
):
    refused = ToolsRefused("The Door takes no tools with this model.")
    shop = Workshop([[refused], says("Hello."), says("Again.")])
    conversation = await shop.begin(tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "Hello"))
    assert reply.status == "complete"
    assert reply.finish is not None
    assert reply.finish.actions == ("tools_off",)
    assert "The Model takes no tools" in reply.finish.message
    assert shop.provider.requests[0].tools
    assert shop.provider.requests[1].tools == ()
    await shop.answer(await shop.ask(conversation, "Hello", client_id="client-2"))
    assert shop.provider.requests[2].tools == (), "it is remembered"


async def test_a_marked_region_goes_straight_to_the_model_that_draws() -> None:
    shop = studio(draws("blue"))
    conversation = await shop.begin(model="painter", tools_on=True)
    shas = [
        (await shop.pictures.keep(ME, data, "upload"))[0].sha256 for data in (png("red"), _mask())
    ]
    sent = Outgoing("client-1", "blue here", shas[:1], masks=shas[1:])
    started = await shop.engine.send(ME, conversation.id, sent)
    await shop.answer(started)
    assert asked(shop) == ["painter"]


def _mask() -> bytes:
    mask = Pillow.new("RGBA", (12, 12), (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (3, 3, 9, 9))
    out = io.BytesIO()
    mask.save(out, "PNG")
    return out.getvalue()


ELSEWHERE = replace(WRITER, id="elsewhere", title="Elsewhere", tools=True)
BLIND = replace(WRITER, id="blind", input_modalities=("text",))
ROUTES = [
    (replace(PAINTER, tools=True), [WRITER], True, ""),
    (PAINTER, [WRITER], True, "The Writer runs them and has it draw."),
    (replace(PAINTER, tool_relay="gone"), [ELSEWHERE], True, "Elsewhere runs them"),
    (replace(PAINTER, tool_relay=""), [BLIND, ELSEWHERE], True, "Elsewhere runs them"),
    (PAINTER, [], False, "The Door has no text model"),
    (PAINTER, [replace(WRITER, tools=False)], False, "The Door has no text model"),
    (replace(WRITER, id="painter", tools=False), [ELSEWHERE], False, "Choose another model"),
]


@pytest.mark.parametrize(("card", "others", "able", "said"), ROUTES)
def test_the_switch_says_how_tools_will_run_or_why_not(
    card: ModelCard, others: list[ModelCard], able: bool, said: str
) -> None:
    shop = Workshop([], card=card)
    shop.add_cards(*others)
    route = how_tools_run(card, shop.catalogue)
    assert route.able is able
    assert said in route.sentence
    assert bool(route.sentence) is bool(said)


async def test_where_nobody_can_run_them_no_tool_is_told_of() -> None:
    shop = studio(draws(), painter=replace(PAINTER, tools=True), others=())
    conversation = await shop.begin(tools_on=True)
    shop.catalogue.mark_without_tools("painter")
    reply = await shop.answer(await shop.ask(conversation, "Draw a fox"))
    assert asked(shop) == ["painter"]
    assert shop.provider.requests[0].tools == ()
    assert isinstance(reply.parts[0], Image)


async def test_the_system_prompt_is_kept_and_the_orders_come_after_it() -> None:
    shop = studio(says())
    await reply_of(shop, system="Speak like a pirate.")
    told = shop.provider.requests[0].system
    assert told.startswith("Speak like a pirate.")
    assert "generate_image" in told
