"""What is dictated, over HTTP: who may, how much, and that none of it is kept."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from chat.core.events import Finished, TextDelta
from chat.core.messages import Finish
from chat.core.models import Prices
from chat.core.people import Person
from chat.core.rights import Allowed, Rights
from chat.core.spending import SpendingLimits
from chat.gateway.quota_file import QuotaRules
from chat.models.rights_file import RightsRules
from chat.turns.dictation import MAX_WAV_BYTES
from chat.web.media import UPLOADS_ARRIVING
from chat.web.model_facts import model_facts
from tests.patience import PATIENCE_S
from tests.scripted import Script
from tests.unit.turns.workshop import CARD, ME, Workshop
from tests.unit.web.studio import Studio, opened
from tests.unit.web.test_uploads_at_once import begun
from tests.wire.speech import recording

A_DOLLAR_A_MINUTE = Prices(per_minute_usd=1.0)
HEARS = replace(CARD, id="hears", title="The Ear", transcribes="server", prices=A_DOLLAR_A_MINUTE)
FREE = replace(CARD, prices=Prices(0.0, 0.0, 0.0, 0.0))
WAV = {"Content-Type": "audio/wav"}


@asynccontextmanager
async def hearing(**more: Any) -> AsyncIterator[Studio]:
    said: Script = [TextDelta("A fox."), Finished(Finish("stop"))]
    shop = Workshop([said, said], card=FREE, **more)
    shop.store.people.add(Person(ME, "me", "Me", role="user"))
    shop.add_cards(HEARS)
    async with opened(shop) as made:
        yield made


async def dictate(made: Studio, said: bytes, status: int = 200, **headers: str) -> Any:
    answer = await made.http.post(
        "/api/dictation", params={"model": "model"}, content=said, headers={**WAV, **headers}
    )
    assert answer.status_code == status, answer.text
    return answer.json()


def written_by(made: Studio) -> str:
    """Whom the page names at the microphone; empty: it shows none."""
    facts = model_facts(made.shop.catalogues.of(ME), "model")
    assert facts is not None
    return facts.dictation


async def test_words_come_back_what_they_cost_is_counted_and_nothing_is_kept() -> None:
    spends = QuotaRules(SpendingLimits(usd_a_day=0.05))
    async with hearing(rules=spends, payer=ME) as made:
        menu = (await made.http.get("/api/models")).json()
        assert [each["id"] for group in menu["groups"] for each in group["models"]] == ["model"]
        assert written_by(made) == "The Door"
        assert await dictate(made, recording(2)) == {"text": "A fox."}
        (asked,) = made.shop.provider.requests
        assert asked.speech is not None
        assert (asked.card.id, asked.speech.length_s) == ("hears", 2.0)
        assert made.shop.store.search(ME, "", 50) == []
        assert made.shop.quotas.spent_now(ME).day.usd == pytest.approx(2 / 60)
        refused = await dictate(made, recording(2), 429)
        assert "more than the" in refused["error"]
        assert len(made.shop.provider.requests) == 1


async def test_what_is_too_much_or_something_else_is_refused_before_it_is_read() -> None:
    async with hearing() as made:
        long = await dictate(made, b"x" * (MAX_WAV_BYTES + 1), 413)
        assert "larger than Easel takes" in long["error"]
        odd = await dictate(made, b"<html>", 415, **{"Content-Type": "text/html"})
        assert "taken as WAV" in odd["error"]
        assert "Nothing was heard" in (await dictate(made, recording(1, level=0), 415))["error"]
        assert made.shop.provider.requests == []


async def test_silence_and_junk_count_among_the_messages_of_a_minute() -> None:
    spends = QuotaRules(SpendingLimits(messages_a_minute=2))
    async with hearing(rules=spends, payer=ME) as made:
        await dictate(made, recording(1, level=0), 415)
        await dictate(made, b"RIFF", 415)
        assert "two" in (await dictate(made, recording(), 429))["error"].replace("2", "two")


async def test_recordings_that_arrive_side_by_side_are_so_many_and_no_more() -> None:
    async with hearing() as made, asyncio.timeout(PATIENCE_S):
        path = "/api/dictation?model=model"
        uploads = await begun(made, UPLOADS_ARRIVING + 1, path, "audio/wav")
        (first, *_), _ = await asyncio.wait(uploads, return_when=asyncio.FIRST_COMPLETED)
        assert first.result().startswith("http/1.1 503 ")
        for upload in uploads.values():
            await upload.close()
        await asyncio.gather(*uploads, return_exceptions=True)
        await dictate(made, recording())


async def test_a_model_that_is_not_theirs_writes_nothing_down_for_them() -> None:
    rules = RightsRules(roles={"user": Rights(models=Allowed(("*", "!hears")))})
    async with hearing(allowed=rules) as made:
        assert written_by(made) == ""
        refused = await dictate(made, recording(), 422)
        assert refused["error"] == "The Door has no model that writes down what is said."
        assert made.shop.provider.requests == []
