"""A picture that is lost, damaged or cannot be written costs itself and nothing else."""

import asyncio
import threading
from collections.abc import Callable, Iterator

import pytest

from chat.core.errors import Full, NotFound, ReadOnly, StorageError
from chat.core.events import ImageBytes, TextDelta
from chat.core.messages import Message
from chat.core.parts import Image, Text, ToolCall, ToolResult, images, plain_text
from chat.turns.outgoing import Outgoing
from chat.turns.pictures import LOST, LOST_MASK, THUMBNAIL, Pictures
from storage.media.memory import MemoryMedia, MemoryObjects
from storage.media.pictures import StoredPictures
from storage.memory import MemoryConversations
from tests.patience import PATIENCE_S
from tests.scripted import Script, Wait
from tests.unit.turns.test_masks import MASKING, mask_png
from tests.unit.turns.workshop import DONE, INGEST, ME, Workshop, png

Harm = Callable[[StoredPictures, str], None]


def lose(media: StoredPictures, name: str) -> None:
    media.delete(name)


def damage(media: StoredPictures, name: str) -> None:
    """As a failing disk would: other bytes under the same name, past every check of ours."""
    media._objects.write(f"{name[:2]}/{name}", b"\x89PNG\r\n\x1a\n and then nothing that was there")


HARMS = pytest.mark.parametrize("harm", [lose, damage])


async def drawn(shop: Workshop, *colours: str) -> tuple[str, list[str]]:
    """A conversation in which pictures were asked for; its newest reply, and their names."""
    conversation, above, names = await shop.begin(), None, []
    for colour in colours:
        started = await shop.ask(conversation, f"in {colour}", (), colour, above)
        reply = await shop.answer(started)
        names += [image.media.sha256 for image in images(reply.parts)]
        above = reply.id
    assert above is not None
    return above, names


def scripts(*colours: str) -> list[Script]:
    return [[TextDelta("here "), ImageBytes(png(colour)), DONE] for colour in colours]


async def next_reply(shop: Workshop, above: str, *shas: str) -> Message:
    conversation = shop.store.get(ME, shop.store.message(ME, above).conversation_id)
    return await shop.answer(await shop.ask(conversation, "and now?", shas, "next", above))


def words_sent(shop: Workshop) -> list[str]:
    """The words of the last request, part by part."""
    parts = [part for message in shop.provider.requests[-1].messages for part in message.parts]
    return [part.text for part in parts if isinstance(part, Text)]


@HARMS
async def test_a_conversation_goes_on_without_a_picture_that_is_gone(harm: Harm) -> None:
    shop = Workshop([*scripts("red", "blue"), [TextDelta("yes"), DONE]])
    above, (red, blue) = await drawn(shop, "red", "blue")
    harm(shop.media, red)
    reply = await next_reply(shop, above)
    assert (reply.status, plain_text(reply.parts)) == ("complete", "yes")
    request = shop.provider.requests[-1]
    assert set(request.media) == {blue}
    assert LOST in words_sent(shop)
    altered = next(message for message in request.messages if Text(LOST) in message.parts)
    assert altered.origin is None, "its model would miss what it had signed"


@HARMS
async def test_a_lost_picture_that_goes_along_by_itself_stops_no_message(harm: Harm) -> None:
    shop = Workshop([*scripts("red"), [TextDelta("yes"), DONE]])
    above, (red,) = await drawn(shop, "red")
    harm(shop.media, red)
    reply = await next_reply(shop, above, red)
    assert reply.status == "complete"
    assert shop.provider.requests[-1].media == {}


@HARMS
async def test_an_upload_that_is_gone_before_it_is_sent_is_said_to_be_so(harm: Harm) -> None:
    shop = Workshop([[TextDelta("never"), DONE]])
    ref, _ = await shop.pictures.keep(ME, png(), "upload")
    harm(shop.media, ref.sha256)
    with pytest.raises(NotFound, match="Add it again"):
        await shop.ask(await shop.begin(), "look", [ref.sha256])
    assert shop.provider.requests == []


async def test_a_damaged_picture_is_healed_by_the_same_upload_and_sent_again() -> None:
    shop = Workshop([[TextDelta("seen"), DONE], [TextDelta("yes"), DONE]])
    ref, _ = await shop.pictures.keep(ME, png(), "upload")
    started = await shop.ask(await shop.begin(), "look", [ref.sha256])
    await shop.answer(started)
    damage(shop.media, ref.sha256)
    with pytest.raises(NotFound, match="damaged"):
        await shop.pictures.bytes_of(ME, ref.sha256, thumbnail=False)
    again, _ = await shop.pictures.keep(ME, png(), "upload")
    assert again == ref
    await next_reply(shop, started.reply_id)
    assert shop.provider.requests[-1].media == {ref.sha256: shop.media.get(ref.sha256)}


async def test_a_lost_mask_is_told_as_one() -> None:
    shop = Workshop([[TextDelta("done"), DONE], [TextDelta("yes"), DONE]], card=MASKING)
    shas = [
        (await shop.pictures.keep(ME, data, "upload"))[0].sha256 for data in (png(), mask_png())
    ]
    conversation = await shop.begin()
    sent = Outgoing("c", "sky", shas[:1], masks=shas[1:])
    started = await shop.engine.send(ME, conversation.id, sent)
    await shop.answer(started)
    lose(shop.media, shas[1])
    again = await shop.engine.regenerate(ME, started.reply_id)
    assert (await shop.answer(again)).status == "complete"
    assert LOST_MASK in words_sent(shop)
    assert set(shop.provider.requests[-1].media) == set(shas[:1])


async def test_a_lost_picture_of_a_tool_is_told_inside_its_result() -> None:
    arguments = {"kind": "bar", "title": "Rain", "labels": ["a", "b"], "values": [1, 2]}
    call = ToolCall("c1", "chart", arguments)
    shop = Workshop([[call, DONE], [TextDelta("drawn"), DONE], [TextDelta("yes"), DONE]])
    conversation = await shop.begin(tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "a chart"))
    made = images(reply.parts)
    lose(shop.media, made[0].media.sha256)
    assert (await next_reply(shop, reply.id)).status == "complete"
    results = [part for message in shop.provider.requests[-1].messages for part in message.parts]
    assert [part.content for part in results if isinstance(part, ToolResult)] == [(Text(LOST),)]
    assert shop.provider.requests[-1].media == {}


@pytest.mark.parametrize("bytes_left", [0, 100])
async def test_a_thumbnail_that_is_lost_or_cut_short_is_made_anew(bytes_left: int) -> None:
    shop = Workshop([])
    ref, _ = await shop.pictures.keep(ME, png("red", 900), "upload")
    name = ref.sha256 + THUMBNAIL
    whole = shop.media.get(name)
    shop.media.delete(name)
    if bytes_left:
        shop.media.put(name, whole[:bytes_left])
    assert (await shop.pictures.bytes_of(ME, ref.sha256, thumbnail=True))[1] == whole
    assert shop.media.get(name) == whole


class Hanging(MemoryObjects):
    """A network folder whose server went away: a call ends when the server is back."""

    def __init__(self) -> None:
        super().__init__()
        self.away = threading.Event()
        self.back = threading.Event()

    def write(self, key: str, data: bytes) -> None:
        self._answer()
        super().write(key, data)

    def read(self, key: str) -> bytes:
        self._answer()
        return super().read(key)

    def has(self, key: str) -> bool:
        self._answer()
        return super().has(key)

    def _answer(self) -> None:
        if self.away.is_set():
            assert self.back.wait(PATIENCE_S), "nobody brought the server back"


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    objects = Hanging()
    yield objects
    objects.back.set()


class Busy(Hanging):
    """A disk with so much to do that a write takes for ever; whether a file is there it tells."""

    def has(self, key: str) -> bool:
        self.back.set()
        return MemoryObjects.has(self, key)


async def test_a_disk_that_is_only_slow_costs_no_picture() -> None:
    """It was paid for."""
    busy = Busy()
    shop = Workshop([[ImageBytes(png()), DONE]], media=StoredPictures(busy))
    busy.away.set()
    reply = await shop.answer(await shop.ask(await shop.begin(), "draw"))
    assert reply.status == "complete"
    assert [part for part in reply.parts if isinstance(part, Image)]


async def test_a_reply_whose_picture_hangs_ends_with_its_words(hanging: Hanging) -> None:
    """While the folder hangs still: nobody waits for it."""
    never = asyncio.Event()
    shop = Workshop(
        [[TextDelta("some words "), ImageBytes(png()), Wait(never)], [TextDelta("hi"), DONE]],
        media=StoredPictures(hanging),
    )
    hanging.away.set()
    conversation = await shop.begin()
    started = await shop.ask(conversation, "draw")
    reply = await shop.answer(started)
    assert not hanging.back.is_set()
    assert (reply.status, plain_text(reply.parts)) == ("failed", "some words")
    assert reply.finish is not None
    assert "does not answer" in reply.finish.message
    assert shop.store.unfinished() == []
    later = await shop.answer(await shop.ask(conversation, "hello", (), "2", started.question_id))
    assert later.status == "complete", "words need no folder of pictures"


async def test_pages_that_wait_for_a_hanging_folder_hold_up_no_conversation(
    hanging: Hanging,
) -> None:
    store = MemoryConversations()
    pictures = Pictures(INGEST, StoredPictures(hanging), store)
    ref, _ = await pictures.keep(ME, png(), "upload")
    hanging.away.set()
    waiting = [
        asyncio.create_task(pictures.bytes_of(ME, ref.sha256, thumbnail=False)) for _ in range(40)
    ]
    await asyncio.sleep(0)
    assert await asyncio.to_thread(store.search, ME) == []
    assert not any(task.done() for task in waiting)
    hanging.back.set()
    assert {data for _, data in await asyncio.gather(*waiting)} == {png()}
    pictures.close()


@pytest.mark.parametrize("fault", [Full("The disk is full."), ReadOnly("May only be read.")])
async def test_a_store_that_refuses_a_picture_ends_the_reply_with_its_words(
    fault: StorageError,
) -> None:
    class Refusing(MemoryMedia):
        def put(self, name: str, data: bytes) -> None:
            del name, data
            raise fault

    never = asyncio.Event()
    shop = Workshop([[TextDelta("some words "), ImageBytes(png()), Wait(never)]], media=Refusing())
    reply = await shop.answer(await shop.ask(await shop.begin(), "draw"))
    assert (reply.status, plain_text(reply.parts)) == ("failed", "some words")
    assert reply.finish is not None
    assert reply.finish.message == str(fault)
    assert not any(isinstance(part, Image) for part in reply.parts)


async def test_a_save_that_fails_ends_a_reply_whose_model_says_nothing_more() -> None:
    class Filling(MemoryConversations):
        def __init__(self) -> None:
            super().__init__()
            self.full = True

        def update(self, message: Message) -> None:
            if self.full and message.status == "streaming":
                raise Full("The disk is full.")
            super().update(message)

    never = asyncio.Event()
    shop = Workshop([[TextDelta("some words"), Wait(never)]], store=Filling())
    reply = await shop.answer(await shop.ask(await shop.begin(), "go"))
    assert (reply.status, plain_text(reply.parts)) == ("failed", "some words")
    assert reply.finish is not None
    assert reply.finish.message == "The disk is full."
