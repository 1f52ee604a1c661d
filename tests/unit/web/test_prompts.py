"""Presets, earlier questions and the settings of a reply: whose they are, and their limits."""

from dataclasses import replace
from typing import Any

import pytest

from chat.conversations.presets import MAX_PRESETS
from chat.core.events import TextDelta
from chat.core.models import ModelCard
from tests.scripted import Script
from tests.unit.turns.workshop import DONE
from tests.unit.web.studio import Studio, opened, studio

SHAPED = ModelCard(
    "model", "door", "wire-model", "The Model", output_modalities=("text", "image"),
    aspect_ratios=("1:1", "16:9"),
)  # fmt: skip


async def presets(made: Studio) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await made.http.get("/api/presets")).json()["presets"]
    return found


async def test_a_preset_is_kept_changed_and_deleted_and_is_nobody_elses() -> None:
    async with studio() as made, opened(made.shop, "mallory") as them:
        body = {"title": " Fog ", "text": "{{subject}} in fog 🦊"}
        kept = await made.post("/api/presets", body)
        assert (kept["title"], kept["group"]) == ("Fog", "Mine")
        assert await presets(made) == [kept]
        assert await presets(them) == []
        await them.http.delete(f"/api/presets/{kept['id']}")
        changed = await made.post(f"/api/presets/{kept['id']}", {**body, "text": "{{subject}}"})
        assert await presets(made) == [changed]
        assert (await made.http.delete(f"/api/presets/{kept['id']}")).status_code == 200
        assert await presets(made) == []


async def test_a_pack_is_added_once_all_or_nothing() -> None:
    async with studio() as made:
        pack = [{"title": f"p{n}", "group": "Pack", "text": f"words {n}"} for n in range(3)]
        body = {"easel_presets": 1, "presets": pack}
        assert await made.post("/api/presets/pack", body) == {"added": 3}
        assert await made.post("/api/presets/pack", body) == {"added": 0}
        bad = {**body, "presets": [{"title": "new", "text": "good"}, {"title": " ", "text": "x"}]}
        assert "needs a title" in (await made.post("/api/presets/pack", bad, 422))["error"]
        assert len(await presets(made)) == 3


@pytest.mark.parametrize(
    "body",
    [{}, {"easel_presets": 2, "presets": [{"title": "a", "text": "b"}]}, [], "x",
     {"easel_presets": 1, "presets": []}, {"easel_presets": 1, "presets": [{"title": 1}]},
     {"easel_presets": 1, "presets": [{"title": "a", "text": "b", "more": 1}]}],
)  # fmt: skip
async def test_what_is_no_pack_is_refused(body: Any) -> None:
    async with studio() as made:
        await made.post("/api/presets/pack", body, 400)
        assert await presets(made) == []


async def test_there_is_an_end_to_presets() -> None:
    async with studio() as made:
        for start in range(0, MAX_PRESETS, 100):
            pack = [{"title": f"p{n}", "text": f"w{n}"} for n in range(start, start + 100)]
            await made.post("/api/presets/pack", {"easel_presets": 1, "presets": pack})
        refused = await made.post("/api/presets", {"title": "one more", "text": "x"}, 422)
        assert f"At most {MAX_PRESETS}" in refused["error"]


async def test_earlier_questions_are_found_by_their_words_newest_first_and_once() -> None:
    scripts: list[Script] = [[TextDelta("yes"), DONE]] * 4
    async with studio(*scripts) as made, opened(made.shop, "m") as them:
        for number, text in enumerate(("a red Fox", "an owl", "a red fox runs", "an owl")):
            started = await made.ask(await made.begin(), text, f"client-{number}")
            await made.shop.jobs.wait(started["reply"])

        async def earlier(who: Studio, query: str) -> Any:
            return (await who.http.get("/api/prompts", params={"q": query})).json()["prompts"]

        assert await earlier(made, "") == ["an owl", "a red fox runs", "a red Fox"]
        assert await earlier(made, "fox red") == ["a red fox runs", "a red Fox"]
        assert await earlier(them, "") == []


async def test_the_settings_of_a_reply_are_used_again_and_what_it_had_not_is_unset() -> None:
    async with studio([TextDelta("yes"), DONE], card=SHAPED) as made:
        conversation = await made.begin()
        at = f"/api/conversations/{conversation}/settings"
        await made.http.patch(at, json={"aspect_ratio": "16:9"})
        started = await made.ask(conversation)
        await made.shop.jobs.wait(started["reply"])
        await made.http.patch(at, json={"aspect_ratio": "1:1", "system": "Be brief."})
        told = await made.post(f"/api/messages/{started['reply']}/settings")
        assert told["settings"]["aspect_ratio"]["value"] == "16:9"
        assert told["settings"]["system"]["value"] == "Be brief.", "that is no setting of pictures"
        await made.post(f"/api/messages/{started['question']}/settings", status=404)


async def test_words_are_improved_by_a_text_model_of_the_endpoint_and_nothing_is_kept() -> None:
    async with studio(
        [TextDelta(" a red fox, "), TextDelta("at dusk "), DONE], card=SHAPED
    ) as made:
        conversation = await made.begin()
        at = f"/api/improvement?conversation={conversation}"
        told = (await made.http.get(at)).json()
        assert told == {"model": "", "reason": "The Door has no text model that could do it."}
        assert "no text model" in (await made.post(at, {"text": "fox"}, 422))["error"]
    talker = replace(SHAPED, output_modalities=("text",))
    async with studio(
        [TextDelta(" a red fox, "), TextDelta("at dusk "), DONE], card=talker
    ) as made:
        assert (await made.http.get("/api/improvement")).json()["model"] == "The Model"
        told = await made.post("/api/improvement", {"text": "fox"})
        assert told == {"text": "a red fox, at dusk"}
        assert len(made.shop.provider.requests) == 1
        await made.post("/api/improvement", {"text": "  "}, 422)
        assert "pictures" in made.shop.provider.requests[0].system


async def test_nobody_improves_words_in_anothers_conversation() -> None:
    async with studio() as made, opened(made.shop, "mallory") as them:
        conversation = await made.begin()
        await them.post(f"/api/improvement?conversation={conversation}", {"text": "x"}, 404)
