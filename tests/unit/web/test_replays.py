"""Steps over HTTP: what there are, what repeating them may cost, and whose they are."""

from typing import Any

from chat.core.events import ImageBytes
from chat.core.models import ModelCard, Prices
from tests.scripted import Script
from tests.unit.turns.workshop import DONE, ME, png
from tests.unit.web.studio import Studio, opened, studio

EDITS = ModelCard(
    "model", "door", "wire-model", "The Model", output_modalities=("text", "image"),
    max_input_images=4, prices=Prices(0.0, 1_000.0, 0.0, 0.0),
)  # fmt: skip


async def edited(made: Studio) -> tuple[str, str, str]:
    """A conversation, a version of its picture, and another picture."""
    conversation = await made.begin()
    sofa, _ = await made.shop.pictures.keep(ME, png("red"), "upload")
    other, _ = await made.shop.pictures.keep(ME, png("white", 20), "upload")
    question = {"text": "green", "client_id": "client-1", "pictures": [sofa.sha256]}
    started = await made.post(f"/api/conversations/{conversation}/messages", question)
    await made.shop.jobs.wait(started["reply"])
    reply: Any = made.shop.store.message(ME, started["reply"])
    return conversation, reply.parts[0].media.sha256, other.sha256


async def test_steps_are_listed_priced_done_and_put_away() -> None:
    scripts: list[Script] = [[ImageBytes(png(colour)), DONE] for colour in ("green", "blue")]
    async with studio(*scripts, card=EDITS) as made:
        conversation, version, other = await edited(made)
        at = f"/api/conversations/{conversation}"
        told = (await made.http.get(f"{at}/steps/{version}")).json()
        step = {"number": 1, "words": "green", "asks_model": True, "marked": False}
        assert told == {"steps": [step]}
        body = {"picture": version, "steps": [{"number": 1}], "targets": [other]}
        priced = await made.post(f"{at}/replays/estimate", body)
        assert priced["words"] == "about $1.12"
        twice = await made.post(f"{at}/replays/estimate", {**body, "targets": [other, version]})
        assert twice["words"] == "about $2.24"
        job = await made.post(f"{at}/replays", {**body, "steps": [{"number": 1, "words": "blue"}]})
        await made.shop.replays.wait(job["id"])
        (shown,) = (await made.http.get(f"{at}/replays")).json()["replays"]
        assert (shown["state"], shown["words"]) == ("done", ["blue"])
        assert (await made.post(f"/api/replays/{job['id']}/stop")) == {"stopped": False}
        assert (await made.http.delete(f"/api/replays/{job['id']}")).status_code == 200
        assert (await made.http.get(f"{at}/replays")).json() == {"replays": []}


async def test_steps_that_are_not_there_and_models_that_do_not_edit_are_refused() -> None:
    async with studio([ImageBytes(png("green")), DONE]) as made:
        conversation, version, other = await edited(made)
        at = f"/api/conversations/{conversation}/replays"
        body = {"picture": version, "steps": [{"number": 2}], "targets": [other]}
        assert "changed meanwhile" in (await made.post(at, body, 422))["error"]
        await made.post(at, {**body, "steps": [{"number": 1}], "model": "no-such"}, 400)
        await made.post(at, {**body, "steps": []}, 400)


async def test_nobody_repeats_or_stops_what_is_anothers() -> None:
    scripts: list[Script] = [[ImageBytes(png(colour)), DONE] for colour in ("green", "blue")]
    async with studio(*scripts, card=EDITS) as made, opened(made.shop, "mallory") as them:
        conversation, version, other = await edited(made)
        at = f"/api/conversations/{conversation}"
        body = {"picture": version, "steps": [{"number": 1}], "targets": [other]}
        assert (await them.http.get(f"{at}/steps/{version}")).status_code == 404
        await them.post(f"{at}/replays", body, 404)
        await them.post(f"{at}/replays/estimate", body, 404)
        job = await made.post(f"{at}/replays", body)
        assert await them.post(f"/api/replays/{job['id']}/stop") == {"stopped": False}
        await them.http.delete(f"/api/replays/{job['id']}")
        await made.shop.replays.wait(job["id"])
        assert len((await made.http.get(f"{at}/replays")).json()["replays"]) == 1
