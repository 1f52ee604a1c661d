"""The library over HTTP: pages, filters, favourites, boards and deletion, each by its owner."""

import asyncio
import io
from typing import Any
from zipfile import ZipFile

from chat.core.events import ImageBytes
from tests.unit.turns.workshop import DONE, ME, Workshop, png
from tests.unit.web.studio import Studio, opened, studio

COLOURS = ("red", "green", "blue")


async def drawn(page: Studio, *colours: str, words: str = "Draw it.") -> list[str]:
    """The sha256 of pictures that a model drew, one conversation each."""
    shas = []
    for colour in colours:
        conversation = await page.shop.begin()
        started = await page.shop.ask(conversation, words.format(colour))
        reply = await page.shop.answer(started)
        shas += [part.media.sha256 for part in reply.parts if part.kind == "image"]
    return shas


def scripts(*colours: str) -> list[Any]:
    return [(ImageBytes(png(colour)), DONE) for colour in colours]


async def listed(page: Studio, query: str = "") -> list[str]:
    got = await page.http.get(f"/api/library?{query}")
    assert got.status_code == 200, got.text
    return [each["sha"] for each in got.json()["pictures"]]


async def test_a_page_tells_what_is_known_of_each_picture_and_where_to_go_on() -> None:
    async with studio(*scripts(*COLOURS)) as page:
        red, green, blue = await drawn(page, *COLOURS, words="Paint {}\n\n please. " + "x" * 300)
        first = (await page.http.get("/api/library?limit=2")).json()
        assert [each["sha"] for each in first["pictures"]] == [blue, green]
        entry = first["pictures"][1]
        assert entry["prompt"].startswith("Paint green please. xxx")
        assert (len(entry["prompt"]), entry["prompt"][-1]) == (240, "…")
        assert (entry["model"], entry["model_title"]) == ("model", "The Model")
        assert (entry["width"], entry["height"], entry["mime"]) == (12, 12, "image/png")
        assert entry["origin"] == "model"
        shown = page.shop.store.message(ME, entry["message"])
        assert shown.conversation_id == entry["conversation"]
        assert await listed(page, f"limit=2&after={first['after'].replace('+', '%2B')}") == [red]
        assert (await page.http.get("/api/library/models")).json() == {
            "models": [{"id": "model", "title": "The Model"}]
        }


async def test_filters_and_search_are_the_store_s() -> None:
    async with studio(*scripts("red", "green")) as page:
        red, green = await drawn(page, "red", "green", words="Paint {}")
        assert await listed(page, "q=GREEN") == [green]
        assert await listed(page, "made=false") == []
        assert await listed(page, "made=true&model=model") == [green, red]
        assert await listed(page, "until=2020-01-01T00:00:00Z") == []
        assert await listed(page, "since=2020-01-01T00:00:00%2B02:00") == [green, red]
        for wrong in ("limit=0", "limit=9999", "since=yesterday", "board=..", "made=perhaps"):
            got = await page.http.get(f"/api/library?{wrong}")
            assert got.status_code == 400, wrong
            assert got.json()["error"]


async def test_counts_are_those_of_what_is_asked_for_in_the_zone_of_who_asks() -> None:
    async with studio(*scripts("red", "green")) as page:
        await drawn(page, "red", "green", words="Paint {}")
        told = (await page.http.get("/api/library/counts?zone=Asia%2FTokyo")).json()
        assert told["pictures"] == 2
        assert sum(month["pictures"] for month in told["months"]) == 2
        one = (await page.http.get("/api/library/counts?q=green&zone=../../etc/passwd")).json()
        assert one["pictures"] == 1
        for zone in ("No/Such", "/etc/passwd", "\0", "", "x" * 5_000):
            got = await page.http.get("/api/library/counts", params={"zone": zone, "q": "none"})
            assert got.json() == {"pictures": 0, "months": []}


async def test_favourites_are_marked_found_and_let_go() -> None:
    async with studio(*scripts("red", "green")) as page:
        red, green = await drawn(page, "red", "green")
        await page.post("/api/library/favourites", {"pictures": [red], "favourite": True})
        assert await listed(page, "favourites=true") == [red]
        both = {"pictures": [red, green], "favourite": False}
        await page.post("/api/library/favourites", both)
        assert await listed(page, "favourites=true") == []
        unknown = {"pictures": ["0" * 64], "favourite": True}
        await page.post("/api/library/favourites", unknown, 404)


async def test_boards_are_made_filled_renamed_ordered_and_deleted() -> None:
    async with studio(*scripts(*COLOURS)) as page:
        red, green, blue = await drawn(page, *COLOURS)
        first = await page.post("/api/library/boards", {"name": "  Sofas ", "pictures": [red]})
        assert (first["name"], first["pictures"]) == ("Sofas", [red])
        second = await page.post("/api/library/boards", {"name": "Walls"})
        at = f"/api/library/boards/{first['id']}"
        await page.post(f"{at}/pictures", {"pictures": [green, blue]})
        moved = await page.post(f"{at}/pictures", {"pictures": [blue], "at": 0})
        assert moved["pictures"] == [blue, red, green]
        assert await listed(page, f"board={first['id']}") == [blue, red, green]
        left = await page.post(f"{at}/taken-off", {"pictures": [red]})
        assert left["pictures"] == [blue, green]
        assert (await page.post(f"{at}/name", {"name": "Couches"}))["name"] == "Couches"
        ordered = {"boards": [second["id"], first["id"]]}
        await page.post("/api/library/boards/order", ordered)
        boards = (await page.http.get("/api/library/boards")).json()["boards"]
        assert [board["name"] for board in boards] == ["Walls", "Couches"]
        assert (await page.http.delete(at)).status_code == 200
        assert (await page.http.delete(at)).status_code == 200
        await page.post(f"{at}/pictures", {"pictures": [red]}, 404)
        assert await listed(page) == [blue, green, red]


async def test_a_board_needs_a_name_and_pictures_that_are_there() -> None:
    async with studio() as page:
        for name in ("", " \0 ", "x" * 81):
            refused = await page.post("/api/library/boards", {"name": name}, 422)
            assert "board" in refused["error"]
        nothing = {"name": "Sofas", "pictures": ["0" * 64]}
        await page.post("/api/library/boards", nothing, 404)
        assert (await page.http.get("/api/library/boards")).json() == {"boards": []}


async def test_what_uses_a_picture_is_told_and_its_deletion_is_undone_with_its_board() -> None:
    async with studio(*scripts("red", "green")) as page:
        red, green = await drawn(page, "red", "green", words="Paint {}")
        board = await page.post("/api/library/boards", {"name": "Sofas", "pictures": [red, green]})
        await page.post("/api/library/favourites", {"pictures": [red], "favourite": True})
        uses = (await page.post("/api/library/uses", {"pictures": [red]}))["pictures"]
        (used,) = uses[0]["conversations"]
        assert (used["title"], used["messages"], uses[0]["boards"]) == ("Paint red", 1, ["Sofas"])
        await page.post("/api/library/delete", {"pictures": [red]})
        assert await listed(page) == [green]
        assert await listed(page, f"board={board['id']}") == [green]
        for address in (f"/media/{red}", f"/media/{red}/thumb"):
            assert (await page.http.get(address)).status_code == 404
        boards = (await page.http.get("/api/library/boards")).json()["boards"]
        assert boards[0]["pictures"] == [green]
        await page.post("/api/library/restore", {"pictures": [red]})
        assert await listed(page, f"board={board['id']}") == [red, green]
        assert await listed(page, "favourites=true") == [red]
        assert (await page.http.get(f"/media/{red}")).content == png("red")


async def test_a_library_is_closed_to_everybody_else() -> None:
    shop = Workshop(scripts("red"))
    async with opened(shop) as mine, opened(shop, "somebody else") as theirs:
        (red,) = await drawn(mine, "red")
        board = await mine.post("/api/library/boards", {"name": "Sofas", "pictures": [red]})
        assert await listed(theirs) == []
        assert await listed(theirs, f"board={board['id']}") == []
        at = f"/api/library/boards/{board['id']}"
        await theirs.post(f"{at}/name", {"name": "Mine"}, 404)
        for path in ("delete", "restore"):
            await theirs.post(f"/api/library/{path}", {"pictures": [red]}, 404)
        uses = await theirs.post("/api/library/uses", {"pictures": [red]})
        assert uses["pictures"] == [{"sha": red, "conversations": [], "boards": []}]
        await theirs.http.delete(at)
        assert await listed(mine, f"board={board['id']}") == [red]


async def test_a_zip_holds_the_exact_files_in_order_and_names_what_is_lost() -> None:
    async with studio(*scripts(*COLOURS)) as page:
        red, green, blue = await drawn(page, *COLOURS, words="Paint {} walls")
        page.shop.media.delete(green)
        fields = {"pictures": [blue, green, red, blue]}
        got = await page.http.post("/api/library/zip", data=fields)
        assert got.headers["content-disposition"].endswith("filename*=UTF-8''3%20pictures.zip")
        with ZipFile(io.BytesIO(got.content)) as made:
            assert made.namelist() == [
                "01-paint-blue-walls.png",
                "03-paint-red-walls.png",
                "missing.txt",
            ]
            assert made.read("01-paint-blue-walls.png") == png("blue")
            assert made.read("03-paint-red-walls.png") == png("red")
            assert b"02-paint-green-walls" in made.read("missing.txt")
        for wrong, status in (
            ({}, 400),
            ({"pictures": ["../x"]}, 400),
            ({"pictures": "0" * 64}, 404),
        ):
            refused = await page.http.post("/api/library/zip", data=wrong)
            assert refused.status_code == status
            assert refused.json()["error"]


async def test_a_deleted_picture_goes_to_no_model_any_more() -> None:
    async with studio(*scripts("red", "green")) as page:
        conversation = await page.shop.begin()
        first = await page.shop.answer(await page.shop.ask(conversation, "Paint it red."))
        (red,) = (part.media.sha256 for part in first.parts if part.kind == "image")
        await page.post("/api/library/delete", {"pictures": [red]})
        again = await page.shop.ask(conversation, "Now green.", (), "client-2", first.id)
        await page.shop.answer(again)
        assert red not in page.shop.provider.requests[-1].media


async def test_boards_are_put_in_order_while_another_tab_deletes_some() -> None:
    async with studio() as page:
        ids = [
            (await page.post("/api/library/boards", {"name": f"board {n}"}))["id"] for n in range(9)
        ]
        order = {"boards": ids[::-1]}
        answers = await asyncio.gather(
            page.http.post("/api/library/boards/order", json=order),
            *(page.http.delete(f"/api/library/boards/{each}") for each in ids[3:6]),
        )
        assert {each.status_code for each in answers} == {200}
        left = (await page.http.get("/api/library/boards")).json()["boards"]
        assert [each["id"] for each in left] == [*ids[:5:-1], *ids[2::-1]]


async def test_a_name_is_what_can_be_seen_of_it() -> None:
    async with studio() as page:
        for unseen in ("\x00\x01", "\u200b\u202e", " \n\t "):
            await page.post("/api/library/boards", {"name": unseen}, status=422)
        made = await page.post("/api/library/boards", {"name": "\x1b[31m\u202eCats\r\n👩‍🎨"})
        assert made["name"] == "[31mCats 👩‍🎨"
        await page.post("/api/library/boards", {"name": "x" * 10_000}, status=400)
