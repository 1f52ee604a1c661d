"""Pictures are edited, compared and selected over HTTP without a model, each by its owner."""

import asyncio
import io

from PIL import Image as Pillow

from chat.core.lineage import versions
from tests.unit.turns.workshop import ME, Workshop, png
from tests.unit.web.studio import opened, studio

CROP = {"operation": "crop", "x_px": 1, "y_px": 2, "width_px": 6, "height_px": 4}
FLIP = {"operation": "flip", "direction": "horizontal"}


async def test_an_edit_is_an_exchange_of_the_conversation_with_its_lineage() -> None:
    async with studio() as page:
        conversation = await page.shop.begin()
        sofa, _ = await page.shop.pictures.keep(ME, png(), "upload")
        body = {
            "picture": sofa.sha256,
            "operations": [CROP, FLIP],
            "client_id": "client-00001",
            "parent_id": None,
        }
        address = f"/api/conversations/{conversation.id}/edits"
        answered = await page.http.post(address, json=body)
        assert answered.status_code == 200, answered.text
        assert "Crop to 6 × 4, then flip horizontally" in answered.json()["drawn"][0]["html"]
        again = await page.http.post(address, json=body)
        assert again.json()["reply"] == answered.json()["reply"]
        upload, edited = versions(page.shop.store.tree(ME, conversation.id))
        assert edited.parents == (upload.sha256,)
        assert edited.image.derivation is not None
        assert edited.image.derivation.details["recipe"][0]["operation"] == "crop"
        got = await page.http.get(f"/media/{edited.sha256}")
        assert Pillow.open(io.BytesIO(got.content)).size == (6, 4)
        assert page.shop.provider.requests == []


async def test_a_preview_is_the_edited_picture_and_leaves_nothing() -> None:
    async with studio() as page:
        sofa, _ = await page.shop.pictures.keep(ME, png(), "upload")
        before = page.shop.store.media_known()
        got = await page.http.post(
            f"/api/pictures/{sofa.sha256}/preview", json={"operations": [CROP]}
        )
        assert Pillow.open(io.BytesIO(got.content)).size == (6, 4)
        assert page.shop.store.media_known() == before


async def test_what_cannot_be_done_is_said_and_leaves_nothing() -> None:
    async with studio() as page:
        conversation = await page.shop.begin()
        sofa, _ = await page.shop.pictures.keep(ME, png(), "upload")
        for operation in (
            {**CROP, "width_px": 600},
            {**CROP, "width_px": "6"},
            {"operation": "teleport"},
            {},
        ):
            body = {
                "picture": sofa.sha256,
                "operations": [operation],
                "client_id": "client-00001",
                "parent_id": None,
            }
            got = await page.http.post(f"/api/conversations/{conversation.id}/edits", json=body)
            assert got.status_code == 415
            assert got.json()["error"]
        assert page.shop.store.tree(ME, conversation.id) == []


async def test_two_pictures_are_compared_in_figures_and_as_a_view() -> None:
    async with studio() as page:
        red, _ = await page.shop.pictures.keep(ME, png("red"), "upload")
        blue, _ = await page.shop.pictures.keep(ME, png("blue"), "upload")
        got = (await page.http.get(f"/api/pictures/{red.sha256}/compared/{blue.sha256}")).json()
        assert (got["same"], got["extent"], got["size_after"]) == (False, "whole", [12, 12])
        view = await page.http.get(f"/api/pictures/{red.sha256}/difference/{blue.sha256}")
        assert Pillow.open(io.BytesIO(view.content)).format == "WEBP"


async def test_provenance_and_extras_are_told() -> None:
    async with studio() as page:
        red, _ = await page.shop.pictures.keep(ME, png("red"), "upload")
        told = (await page.http.get(f"/api/pictures/{red.sha256}/provenance")).json()
        assert told["status"] in ("none", "unchecked")
        extras = (await page.http.get("/api/extras")).json()["extras"]
        assert set(extras) == {"subject", "upscale", "provenance"}


async def test_nobody_works_on_somebody_elses_picture() -> None:
    shop = Workshop([])
    theirs, _ = await shop.pictures.keep("somebody", png("red"), "upload")
    mine, _ = await shop.pictures.keep(ME, png("blue"), "upload")
    conversation = await shop.begin()
    async with opened(shop) as page:
        edit = {"picture": theirs.sha256, "operations": [FLIP], "client_id": "client-00001"}
        one, other = theirs.sha256, mine.sha256
        answers = [
            await page.http.post(f"/api/conversations/{conversation.id}/edits", json=edit),
            await page.http.post(f"/api/pictures/{one}/preview", json={"operations": [FLIP]}),
            await page.http.post(f"/api/pictures/{one}/selection", json={"point": [1, 1]}),
            await page.http.get(f"/api/pictures/{one}/compared/{other}"),
            await page.http.get(f"/api/pictures/{other}/compared/{one}"),
            await page.http.get(f"/api/pictures/{other}/difference/{one}"),
            await page.http.get(f"/api/pictures/{one}/provenance"),
        ]
        assert [each.status_code for each in answers] == [404] * len(answers)


async def test_an_edit_that_is_sent_five_times_at_once_is_made_once() -> None:
    async with studio() as page:
        conversation = await page.shop.begin()
        sofa, _ = await page.shop.pictures.keep(ME, png(), "upload")
        body = {"picture": sofa.sha256, "operations": [FLIP], "client_id": "client-00001"}
        path = f"/api/conversations/{conversation.id}/edits"
        answers = await asyncio.gather(*(page.post(path, body) for _ in range(5)))
        assert len({each["reply"] for each in answers}) == 1
        assert len(page.shop.store.tree(ME, conversation.id)) == 2


async def test_an_edit_for_a_conversation_that_is_deleted_leaves_no_picture() -> None:
    async with studio() as page:
        conversation = await page.shop.begin()
        sofa, _ = await page.shop.pictures.keep(ME, png(), "upload")
        before = page.shop.store.media_known()
        await page.http.delete(f"/api/conversations/{conversation.id}")
        body = {"picture": sofa.sha256, "operations": [FLIP], "client_id": "client-00001"}
        await page.post(f"/api/conversations/{conversation.id}/edits", body, status=404)
        assert page.shop.store.media_known() == before
