"""The versions of a conversation over HTTP: what the page draws, and whose it is."""

import asyncio
import json
from dataclasses import replace

from chat.conversations.version_marks import Marks
from chat.core.events import ImageBytes
from chat.core.messages import Message, Origin, new_id
from chat.core.parts import Derivation, Image, Part, Text, UnknownPart
from chat.web.api.answers import answer
from chat.web.versions import chain_of, listed, version_list
from tests.contracts.samples import picture_ref
from tests.scripted import Wait
from tests.unit.turns.workshop import DONE, ME, Workshop, png
from tests.unit.web.studio import Studio, opened, studio

NO_PICTURE = "f" * 64
BRUSH = Origin("scripted", "door", "model", settings={"aspect_ratio": "16:9"})


async def sofa(page: Studio) -> tuple[str, str, str]:
    """A conversation with an upload that was edited twice; its id, the first and the last reply."""
    conversation = await page.begin()
    upload, _ = await page.shop.pictures.keep(ME, png("white"), "upload")
    first = await page.ask(conversation, "Make it red", "client-001", pictures=[upload.sha256])
    await page.shop.jobs.wait(first["reply"])
    (red,) = [p for p in page.shop.store.message(ME, first["reply"]).parts if isinstance(p, Image)]
    last = await page.ask(
        conversation,
        "Make it blue",
        "client-002",
        pictures=[red.media.sha256],
        parent_id=first["reply"],
    )
    await page.shop.jobs.wait(last["reply"])
    return conversation, first["reply"], last["reply"]


def painting() -> Workshop:
    """A model that paints red, then blue, then green."""
    return Workshop([[ImageBytes(png(c)), DONE] for c in ("red", "blue", "green", "black")])


async def test_each_picture_knows_parents_words_model_settings_and_its_place() -> None:
    async with opened(painting()) as page:
        conversation, first, last = await sofa(page)
        got = await page.http.get(f"/api/conversations/{conversation}/versions")
        told = got.json()
        upload, red, blue = told["versions"]
        assert [each["parents"] for each in (upload, red, blue)] == [[], [0], [1]]
        words = [told["prompts"][each["prompt"]] for each in (upload, red, blue)]
        assert words == ["Make it red", "Make it red", "Make it blue"]
        assert len(told["prompts"]) == 2
        assert (upload["model"], told["models"][red["model"]]) == (-1, "The Model")
        assert (red["message"], blue["message"]) == (first, last)
        assert (red["width"], red["height"], red["mime"]) == (12, 12, "image/png")
        assert told["current"] == 2
        assert all(each["shown"] and each["on_branch"] for each in (upload, red, blue))
        assert got.headers["Cache-Control"] == "private, no-store"


async def test_a_version_on_another_branch_is_told_from_those_that_are_shown() -> None:
    async with opened(painting()) as page:
        conversation, first, last = await sofa(page)
        again = await page.post(f"/api/messages/{first}/regenerate")
        await page.shop.jobs.wait(again["reply"])
        address = f"/api/conversations/{conversation}/versions"
        told = (await page.http.get(address)).json()
        assert [each["shown"] for each in told["versions"]] == [True, False, False, True]
        assert told["current"] == 3
        other = (await page.http.get(f"{address}?leaf={last}")).json()
        assert [each["shown"] for each in other["versions"]] == [True, True, True, False]
        assert other["current"] == 2
        stray = (await page.http.get(f"{address}?leaf={'0' * 32}")).json()
        assert (stray["current"], {each["shown"] for each in stray["versions"]}) == (-1, {False})


async def test_the_list_is_new_where_a_message_was_added_and_while_one_is_written() -> None:
    held = asyncio.Event()
    shop = Workshop([[ImageBytes(png("red")), DONE], [ImageBytes(png("blue")), Wait(held), DONE]])
    async with opened(shop) as page:
        conversation = await page.begin()
        address = f"/api/conversations/{conversation}/versions"

        async def count() -> int:
            return len((await page.http.get(address)).json()["versions"])

        assert await count() == 0
        first = await page.ask(conversation, "Red", "client-001")
        await shop.jobs.wait(first["reply"])
        assert (await count(), await count()) == (1, 1)
        second = await page.ask(conversation, "Blue", "client-002", parent_id=first["reply"])
        assert await count() in (1, 2)
        held.set()
        await shop.jobs.wait(second["reply"])
        assert (await count(), await count()) == (2, 2)


async def test_what_was_chosen_for_a_picture_is_told_with_it() -> None:
    shop = painting()
    shop.add_cards(replace(shop.card, aspect_ratios=("1:1", "16:9")))
    async with opened(shop) as page:
        conversation = await page.begin()
        await page.set(conversation, {"aspect_ratio": "16:9"})
        asked = await page.ask(conversation, "Draw")
        await shop.jobs.wait(asked["reply"])
        await page.set(conversation, {"aspect_ratio": None})
        told = (await page.http.get(f"/api/conversations/{conversation}/versions")).json()
        assert told["versions"][0]["settings"] == {"Aspect ratio": "16:9"}


async def test_names_favourites_and_bases_are_kept_and_taken_back() -> None:
    async with opened(painting()) as page:
        conversation, _, _ = await sofa(page)
        address = f"/api/conversations/{conversation}/versions"
        red = (await page.http.get(address)).json()["versions"][1]["sha"]
        named = await page.post(f"/api/pictures/{red}/name", {"name": "  The\nred  one "})
        assert named == {"name": "The red one"}
        for _ in range(2):
            assert await page.post(f"/api/pictures/{red}/base", {"on": True}) == {"on": True}
        await page.post("/api/library/favourites", {"pictures": [red], "favourite": True})
        kept = (await page.http.get(address)).json()["versions"][1]
        assert (kept["name"], kept["favourite"], kept["base"]) == ("The red one", True, True)
        (record,) = page.shop.store.records(ME, "name")
        assert (record.id, record.pictures) == (red, (red,))
        await page.post(f"/api/pictures/{red}/name", {"name": " "})
        await page.post(f"/api/pictures/{red}/base", {"on": False})
        await page.post("/api/library/favourites", {"pictures": [red], "favourite": False})
        gone = (await page.http.get(address)).json()["versions"][1]
        assert (gone["name"], gone["favourite"], gone["base"]) == ("", False, False)


async def test_a_name_that_is_too_long_is_refused_in_words() -> None:
    async with studio() as page:
        sofa, _ = await page.shop.pictures.keep(ME, png(), "upload")
        told = await page.post(f"/api/pictures/{sofa.sha256}/name", {"name": "x" * 81}, 422)
        assert told == {"error": "A name has at most 80 characters."}


async def test_nobody_sees_or_marks_what_is_anothers_or_deleted() -> None:
    shop = painting()
    async with opened(shop) as mine, opened(shop, "somebody else") as theirs:
        conversation, _, _ = await sofa(mine)
        address = f"/api/conversations/{conversation}/versions"
        blue = (await mine.http.get(address)).json()["versions"][2]["sha"]
        for path in (address, f"{address}/{blue}/chain"):
            assert (await theirs.http.get(path)).status_code == 404
            assert (await mine.http.get(path.replace(conversation, "0" * 32))).status_code == 404
        assert (await mine.http.get(f"{address}/{NO_PICTURE}/chain")).status_code == 404
        for mark, body in (("name", {"name": "x"}), ("base", {"on": True})):
            await theirs.post(f"/api/pictures/{blue}/{mark}", body, 404)
            await mine.post(f"/api/pictures/{NO_PICTURE}/{mark}", body, 404)
        await mine.post(f"/api/pictures/{blue}/base", {"on": True})
        assert shop.store.records("somebody else", "base") == []
        await mine.http.delete(f"/api/conversations/{conversation}")
        assert (await mine.http.get(address)).status_code == 404
        assert (await mine.http.get(f"{address}/{blue}/chain")).status_code == 404


async def test_the_way_from_the_original_is_told_whole_and_stops_at_a_base() -> None:
    async with opened(painting()) as page:
        conversation, first, _ = await sofa(page)
        address = f"/api/conversations/{conversation}/versions"
        upload, red, blue = (v["sha"] for v in (await page.http.get(address)).json()["versions"])
        way = (await page.http.get(f"{address}/{blue}/chain")).json()
        assert way["original"] == upload
        assert way["question"] == page.shop.store.message(ME, first).parent_id
        assert way["above"] is None
        assert [(each["sha"], each["words"], each["by_model"]) for each in way["edits"]] == [
            (red, "Make it red", True),
            (blue, "Make it blue", True),
        ]
        await page.post(f"/api/pictures/{red}/base", {"on": True})
        short = (await page.http.get(f"{address}/{blue}/chain")).json()
        assert (short["original"], short["above"]) == (red, first)
        assert [each["words"] for each in short["edits"]] == ["Make it blue"]
        alone = (await page.http.get(f"{address}/{upload}/chain")).json()
        assert (alone["original"], alone["question"], alone["edits"]) == (upload, "", [])


def question(*shown: bytes, above: Message | None = None, words: str = "Go on.") -> Message:
    parts: list[Part] = [Image(picture_ref(data), "upload") for data in shown]
    return Message(new_id(), "c", above.id if above else None, "user", (*parts, Text(words)))


def reply(to: Message, *made: Part, origin: Origin = BRUSH) -> Message:
    return Message(new_id(), "c", to.id, "assistant", made, origin=origin, cost_usd=0.25)


def test_unknown_parts_and_recipes_of_another_form_are_no_obstacle() -> None:
    asked = question(b"sofa")
    nines = {"recipe": [{"operation": "turn", "quarters": 9}]}
    odd = [
        Derivation((picture_ref(b"sofa").sha256,), "crop", {"recipe": [{"operation": "crop"}]}),
        Derivation((picture_ref(b"sofa").sha256,), "warp_field", {"recipe": "all of it"}),
        Derivation((picture_ref(b"sofa").sha256,), "turn", {"recipe": [None]}),
        Derivation((picture_ref(b"sofa").sha256,), "flip", {"recipe": [{"operation": "flip"}]}),
        Derivation((picture_ref(b"sofa").sha256,), "turn", nines),
    ]  # fmt: skip
    made = [
        Image(picture_ref(str(k).encode()), "tool", derivation=derivation)
        for k, derivation in enumerate(odd)
    ]
    answered = reply(asked, UnknownPart({"kind": "hologram"}), *made)
    told = listed("c", version_list([asked, answered]), answered.id, Marks(), {})
    assert [each.operation for each in told.versions[1:]] == [
        "Crop", "Warp field", "Turn", "Flip", "Turn"
    ]  # fmt: skip
    way = chain_of([asked, answered], picture_ref(b"0").sha256, ())
    assert [(each.words, each.by_model) for each in way.edits] == [("Crop", False)]


def test_a_conversation_of_nothing_but_words_has_no_versions() -> None:
    told = listed("c", version_list([question(words="Hello")]), None, Marks(), {})
    assert (told.versions, told.current, told.prompts) == ((), -1, ())


def test_five_hundred_pictures_with_long_prompts_fit_into_a_megabyte() -> None:
    messages: list[Message] = []
    for number in range(500):
        above = messages[-1] if messages else None
        asked = question(b"%d" % (number - 1), above=above, words=f"{number} " + "wörds " * 60_000)
        messages += [asked, reply(asked, Image(picture_ref(b"%d" % number), "model"))]
    told = listed("c", version_list(messages), messages[-1].id, Marks(), {"model": "A model"})
    assert len(told.versions) == 501
    assert told.current == 500
    assert len(answer(told).body) < 1_000_000


def test_a_prompt_is_sent_once_however_many_pictures_answer_it() -> None:
    asked = question(words="Four cats")
    answered = reply(asked, *(Image(picture_ref(b"%d" % k), "model") for k in range(4)))
    body = bytes(
        answer(listed("c", version_list([asked, answered]), answered.id, Marks(), {})).body
    )
    assert body.count(b"Four cats") == 1
    assert len({each["prompt"] for each in json.loads(body)["versions"]}) == 1
