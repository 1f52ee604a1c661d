"""A moderation endpoint, over real HTTP: what it flags stays away; its silence is no consent."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from chat.core.errors import Blocked
from chat.core.events import Finished, ImageBytes, ProviderEvent, TextDelta
from chat.core.messages import Finish
from chat.core.models import Endpoint, Timeouts
from tests.loopback import Loopback, Reply, Request, json_reply
from tests.unit.guards.rows import guardrails, shown, words_of
from tests.unit.images.pictures import encoded, quarters
from tests.wire.talk import Media, assistant, card, request, user
from tests.wire_shapes import tiny_png

CARD = card("openai_chat")
ROW = '[[guard]]\nkind = "moderation"\nendpoint = "guard"\ntitle = "Moderation"'


def opinion(*categories: str) -> Reply:
    """What the endpoint answers."""
    named = {name: name in categories for name in ("violence", "violence/graphic", "sexual")}
    scores = dict.fromkeys(named, 0.5)
    result = {"flagged": bool(categories), "categories": named, "category_scores": scores}
    return json_reply({"id": "modr-1", "model": "omni", "results": [result]})


def flags(word: str, *categories: str) -> Callable[[Request], Reply]:
    """It flags texts with this word, and every picture."""

    def answer(asked: Request) -> Reply:
        content = asked.json["input"]
        bad = word in content if isinstance(content, str) else True
        return opinion(*categories) if bad else opinion()

    return answer


def at(server: Loopback) -> dict[str, Endpoint]:
    timeouts = Timeouts(5, 5, 5, 5)
    return {
        "guard": Endpoint(
            "guard", "openai_chat", "The guard", f"{server.url}/v1", timeouts=timeouts
        )
    }


async def test_a_flagged_question_is_not_sent_and_the_category_is_named() -> None:
    with Loopback(flags("blood", "violence", "violence/graphic")) as server:
        guards = guardrails(ROW, at(server))
        with pytest.raises(
            Blocked, match="“Moderation” held this back: violence, violence/graphic"
        ):
            await guards.admit(request(CARD, user("much blood")))
        fine = request(CARD, user("a fox"))
        assert await guards.admit(fine) == fine
        await guards.aclose()
    assert [asked.path for asked in server.requests] == ["/v1/moderations"] * 2
    assert server.requests[0].json["model"] == "omni-moderation-latest"


async def test_only_the_categories_of_the_row_count() -> None:
    with Loopback(flags("blood", "violence/graphic")) as server:
        asked = request(CARD, user("much blood"))
        lenient = guardrails(f'{ROW}\ncategories = ["sexual"]', at(server))
        assert await lenient.admit(asked) == asked
        strict = guardrails(f'{ROW}\ncategories = ["violence"]', at(server))
        with pytest.raises(Blocked):
            await strict.admit(asked)
        await lenient.aclose()
        await strict.aclose()


async def test_pictures_are_judged_by_their_bytes_and_a_history_only_once() -> None:
    with Loopback(flags("blood")) as server:
        guards = guardrails(ROW, at(server))
        media = Media()
        picture = media.image(tiny_png(200))
        first = request(CARD, user("look", picture), media=media.bytes)
        assert await guards.admit(first) == first
        asked = len(server.requests)
        again = request(
            CARD, user("look", picture), assistant("-"), user("and now"), media=media.bytes
        )
        assert await guards.admit(again) == again
        await guards.aclose()
    assert (
        server.requests[1].json["input"][0]["image_url"]["url"].startswith("data:image/png;base64,")
    )
    assert (asked, len(server.requests)) == (2, 3)


async def test_a_flagged_answer_is_not_shown() -> None:
    with Loopback(flags("blood", "violence")) as server:
        guards = guardrails(f'{ROW}\nwhen = ["after"]', at(server))
        end = Finished(Finish("stop"))
        fine: list[ProviderEvent] = [TextDelta("A fox."), end]
        assert words_of(await shown(guards, request(CARD, user("x")), fine)) == "A fox."
        with pytest.raises(Blocked, match="violence"):
            await shown(
                guards, request(CARD, user("x")), [TextDelta("Much "), TextDelta("blood."), end]
            )
        await guards.aclose()


@pytest.mark.parametrize(
    "reply", [json_reply({"error": "no"}, 500), json_reply({"results": []}), Reply((b"<html>",))]
)
async def test_a_guard_that_cannot_answer_lets_nothing_through(reply: Reply) -> None:
    with Loopback(lambda _: reply) as server:
        guards = guardrails(ROW, at(server))
        with pytest.raises(Blocked, match="“Moderation” could not be asked, so nothing was sent"):
            await guards.admit(request(CARD, user("a fox")))
        lenient = guardrails(f'{ROW}\nmode = "log"', at(server))
        asked = request(CARD, user("a fox"))
        assert await lenient.admit(asked) == asked
        await guards.aclose()
        await lenient.aclose()


@pytest.mark.parametrize(
    "picture", [b"<svg></svg>", encoded(quarters(), "BMP"), encoded(quarters(), "TIFF")]
)
async def test_no_picture_that_is_shown_goes_unjudged(picture: bytes) -> None:
    with Loopback(flags("blood", "violence")) as server:
        guards = guardrails(f'{ROW}\nwhen = ["after"]', at(server))
        events: list[ProviderEvent] = [ImageBytes(picture), Finished(Finish("stop"))]
        with suppress(Blocked):
            assert ImageBytes(picture) not in await shown(guards, request(CARD, user("x")), events)
        await guards.aclose()
    assert len(server.requests) == 1


async def test_bytes_that_are_no_picture_are_for_the_intake_to_refuse() -> None:
    with Loopback(flags("blood", "violence")) as server:
        guards = guardrails(f'{ROW}\nwhen = ["after"]', at(server))
        events: list[ProviderEvent] = [ImageBytes(b"no picture"), Finished(Finish("stop"))]
        assert await shown(guards, request(CARD, user("x")), events) == events
        await guards.aclose()
    assert server.requests == []
