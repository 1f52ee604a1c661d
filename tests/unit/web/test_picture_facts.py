"""What is known of a picture is told with its lineage, and goes home beside it."""

import io
import json
import math
import zipfile
from dataclasses import replace

import pytest

from chat.core.conversation_settings import chosen_words
from chat.core.events import ImageBytes
from chat.core.parts import Derivation, Json
from chat.images import png as chunks
from tests.unit.turns.workshop import CARD, DONE, ME, Workshop, png
from tests.unit.web.studio import opened, studio

FLIP = {"operation": "flip", "direction": "horizontal"}
CREDENTIAL = b"jumb\0\0\0\x1ejumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71\x03c2pa\0"


async def test_a_picture_tells_its_words_its_model_and_what_it_was_made_from() -> None:
    rewritten = ImageBytes(png("blue", 40), alt="A blue sofa in a bright room, wide angle")
    async with studio([rewritten, DONE]) as page:
        conversation = await page.begin()
        sofa, _ = await page.shop.pictures.keep(ME, png(), "upload")
        started = await page.ask(conversation, "make it blue", pictures=[sofa.sha256])
        await page.shop.jobs.wait(started["reply"])
        (image,) = page.shop.store.message(ME, started["reply"]).parts
        sha = image.media.sha256  # type: ignore[union-attr]
        told = (await page.http.get(f"/api/pictures/{sha}?conversation={conversation}")).json()
        assert told["prompt"] == "make it blue"
        assert told["model_words"] == "A blue sofa in a bright room, wide angle"
        assert told["model"] == page.shop.card.title
        assert told["parents"] == [sofa.sha256]
        assert told["message"] == started["reply"]
        assert (told["width"], told["mime"]) == (40, "image/png")
        first = await page.http.get(f"/api/pictures/{sofa.sha256}?conversation={conversation}")
        assert first.json()["model"] == ""
        assert first.json()["parents"] == []


async def test_a_picture_tells_what_was_chosen_for_it_and_had_an_effect() -> None:
    card = replace(CARD, aspect_ratios=("1:1", "16:9"), n_max=4)
    async with opened(Workshop([[ImageBytes(png()), DONE]], card)) as page:
        conversation = await page.begin()
        await page.set(conversation, {"n": "2", "aspect_ratio": "16:9"})
        started = await page.ask(conversation)
        await page.shop.jobs.wait(started["reply"])
        await page.set(conversation, {"aspect_ratio": "1:1"})
        (image,) = page.shop.store.message(ME, started["reply"]).parts
        sha = image.media.sha256  # type: ignore[union-attr]
        told = (await page.http.get(f"/api/pictures/{sha}?conversation={conversation}")).json()
    assert list(told["settings"].items()) == [("Aspect ratio", "16:9"), ("Pictures at once", "2")]
    options = {"aspect_ratio": "16:9", "quality": "high", "grain_size": 3}
    assert chosen_words(options, card) == {"Aspect ratio": "16:9", "Grain size": "3"}
    assert chosen_words(options) == {"Aspect ratio": "16:9", "Quality": "high", "Grain size": "3"}
    assert chosen_words({"n": ""}) == {}


async def test_a_picture_that_no_conversation_holds_tells_of_its_file_alone() -> None:
    async with studio() as page:
        sofa, _ = await page.shop.pictures.keep(ME, png(), "upload")
        for place in ("", f"?conversation={await page.begin()}"):
            told = (await page.http.get(f"/api/pictures/{sofa.sha256}{place}")).json()
            assert (told["bytes"], told["prompt"], told["made_at"]) == (sofa.size_bytes, "", "")


async def test_an_edit_tells_what_was_done_and_its_recipe_begins_at_the_upload() -> None:
    async with studio() as page:
        conversation = await page.begin()
        sofa, _ = await page.shop.pictures.keep(ME, png(), "upload")
        extend = {"operation": "extend", "right_px": 8}
        sha = sofa.sha256
        shas = [sha]
        for number, operation in enumerate((FLIP, extend)):
            body = {"picture": sha, "operations": [operation], "client_id": f"client-{number:05}"}
            started = await page.post(f"/api/conversations/{conversation}/edits", body)
            (image,) = page.shop.store.message(ME, started["reply"]).parts
            sha = image.media.sha256  # type: ignore[union-attr]
            shas.append(sha)
        told = (await page.http.get(f"/api/pictures/{sha}?conversation={conversation}")).json()
        assert told["operation"] == "Extend the canvas: right by 8 px"
        assert len(told["new_area"]) == 64
        path = f"/api/pictures/{sha}/with-recipe?conversation={conversation}&title=A sofa"
        got = await page.http.get(path)
        assert f'filename="a-sofa-{sha[:8]}.png.zip"' in got.headers["content-disposition"]
        with zipfile.ZipFile(io.BytesIO(got.content)) as packed:
            names = [f"a-sofa-{sha[:8]}.png", f"a-sofa-{sha[:8]}.png.json"]
            assert packed.namelist() == names
            assert packed.read(names[0]) == (await page.http.get(f"/media/{sha}")).content
            recipe = json.loads(packed.read(names[1]))
        alone = await page.http.get(f"/api/pictures/{sha}/recipe?conversation={conversation}")
        assert alone.json() == recipe
        assert [step["sha256"] for step in recipe["steps"]] == shas
        assert recipe["steps"][1]["details"]["recipe"] == [FLIP]


async def test_a_recipe_is_json_also_where_a_file_brought_a_number_that_is_none() -> None:
    """What wrote NaN into it was Python alone; no other reader takes that."""
    async with studio([ImageBytes(png("blue")), DONE]) as page:
        conversation = await page.begin()
        started = await page.ask(conversation)
        await page.shop.jobs.wait(started["reply"])
        reply = page.shop.store.message(ME, started["reply"])
        (image,) = reply.parts
        assert image.kind == "image"
        details: dict[str, Json] = {"share": math.nan, "offset": [math.inf, -math.inf, 1.5]}
        derivation = Derivation((), "resize", details)
        parts = (replace(image, derivation=derivation),)
        page.shop.store.update(replace(reply, parts=parts, cost_usd=math.nan))
        at = f"/api/pictures/{image.media.sha256}/recipe?conversation={conversation}"
        text = (await page.http.get(at)).text
        (step,) = json.loads(text, parse_constant=pytest.fail)["steps"]
        assert step["details"] == {"share": None, "offset": [None, None, 1.5]}
        assert step["cost_usd"] is None


async def test_nobody_is_told_of_somebody_elses_picture_or_conversation() -> None:
    shop = Workshop([])
    theirs, _ = await shop.pictures.keep("somebody", png("red"), "upload")
    mine, _ = await shop.pictures.keep(ME, png("blue"), "upload")
    conversation = (await shop.begin()).id
    async with opened(shop) as page, opened(shop, "mallory") as other:
        paths = [
            f"/api/pictures/{theirs.sha256}",
            f"/api/pictures/{theirs.sha256}/recipe?conversation={conversation}",
            f"/api/pictures/{theirs.sha256}/with-recipe?conversation={conversation}",
            f"/api/pictures/{mine.sha256}/recipe?conversation={conversation}",
        ]
        answers = [(await page.http.get(path)).status_code for path in paths]
        strange = f"/api/pictures/{theirs.sha256}?conversation={conversation}"
        answers.append((await other.http.get(strange)).status_code)
    assert answers == [404] * len(answers)


async def test_a_download_is_named_by_its_words_whatever_they_are() -> None:
    async with studio() as page:
        sofa, _ = await page.shop.pictures.keep(ME, png(), "upload")
        for title, name in (
            ("A Lighthouse: at/sea", "a-lighthouse-at-sea"),
            ("../../etc/passwd", "etc-passwd"),
            ("\r\nX-Evil: 1", "x-evil-1"),
            ("", "easel"),
            ("…", "easel"),
            ("w " * 400, "w-w-w-w-w-w-w-w"),
        ):
            params = {"download": "1", "title": title}
            got = await page.http.get(f"/media/{sofa.sha256}", params=params)
            named = f'attachment; filename="{name}-{sofa.sha256[:8]}.png"'
            assert got.headers["content-disposition"].startswith(named)
            assert "x-evil" not in got.headers
        got = await page.http.get(
            f"/media/{sofa.sha256}", params={"download": "1", "title": "海の灯台"}
        )
        assert "filename*=UTF-8''%E6%B5%B7" in got.headers["content-disposition"]


async def test_an_edit_that_drops_a_credential_says_so() -> None:
    async with studio([ImageBytes(signed()), DONE]) as page:
        conversation = await page.begin()
        started = await page.ask(conversation)
        await page.shop.jobs.wait(started["reply"])
        (image,) = page.shop.store.message(ME, started["reply"]).parts
        body = {
            "picture": image.media.sha256,  # type: ignore[union-attr]
            "operations": [FLIP],
            "client_id": "client-00001",
        }
        edited = await page.post(f"/api/conversations/{conversation}/edits", body)
        assert "content credential" in edited["drawn"][1]["html"]
        (made,) = page.shop.store.message(ME, edited["reply"]).parts
        again = {**body, "picture": made.media.sha256, "client_id": "client-00002"}  # type: ignore[union-attr]
        plain = await page.post(f"/api/conversations/{conversation}/edits", again)
        assert "content credential" not in plain["drawn"][1]["html"]


def signed() -> bytes:
    """A PNG that carries what looks like a manifest store."""
    plain = png("red")
    header = next(chunks.chunks(plain))
    return plain[: header.end + 4] + chunks.chunk(b"caBX", CREDENTIAL) + plain[header.end + 4 :]
