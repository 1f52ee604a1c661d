"""Conversations as files over real HTTP: whose they are, how they leave, how they come."""

import io
import json
import zipfile
from urllib.parse import quote

from chat.archive.sources import NO_ZIP
from chat.web.api.answers import answer
from chat.web.policy import Policy
from tests.unit.archive import exports
from tests.unit.archive.test_round_trip import of_two_answers
from tests.unit.turns.workshop import ME, Workshop, png
from tests.unit.web.studio import Studio, opened, studio
from tests.unit.web.test_owner import by_header, user


async def filled(made: Studio, owner: str = ME) -> str:
    """The id of a conversation that has come to something."""
    (kept,) = made.shop.store.add_whole(owner, [of_two_answers()])
    return kept.id


async def test_a_conversation_leaves_as_a_zip_and_comes_back_by_its_own_bytes() -> None:
    async with studio() as made:
        conversation = await filled(made)
        answer = await made.http.get(f"/api/conversations/{conversation}/export")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/zip"
        named = quote("A fox by the sea at night.zip")
        assert answer.headers["content-disposition"].endswith(f"filename*=UTF-8''{named}")
        assert answer.headers["cache-control"] == "private, no-store"
        assert "sandbox" in answer.headers["content-security-policy"]
        back = await made.http.post("/api/import", content=answer.content)
        assert back.status_code == 200, back.text
        (row,) = back.json()["conversations"]
        assert row["title"] == "A fox: by the sea / at night?"
        assert len(made.shop.store.tree(ME, row["id"])) == 4
        several = await made.http.post(
            "/api/export", data={"conversation": [conversation, row["id"]]}
        )
        with zipfile.ZipFile(io.BytesIO(several.content)) as file:
            assert sum(name.endswith("conversation.json") for name in file.namelist()) == 2


async def test_some_messages_leave_alone() -> None:
    async with studio() as made:
        conversation = await filled(made)
        chosen = [message.id for message in made.shop.store.tree(ME, conversation)][:2]
        path = f"/api/conversations/{conversation}/export"
        answer = await made.http.get(path, params={"messages": chosen})
        back = await made.http.post("/api/import", content=answer.content)
        assert "2 messages" in back.json()["sentence"]
        answer = await made.http.post(
            "/api/export", data={"conversation": conversation, "messages": chosen}
        )
        with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
            assert len(json.loads(file.read("conversation.json"))["messages"]) == 2
        for asked in ({}, {"conversation": "../x"}, {"conversation": [conversation, "1"]}):
            assert (await made.http.post("/api/export", data=asked)).status_code == 400
        for wrong in (["0" * 32], [chosen[0], "x"]):
            answer = await made.http.get(path, params={"messages": wrong})
            assert answer.status_code in (400, 404)
            assert answer.json()["error"]


async def test_a_page_leaves_as_a_download_and_is_never_shown_from_here() -> None:
    async with studio() as made:
        conversation = await filled(made)
        answer = await made.http.get(f"/api/conversations/{conversation}/page")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert answer.text.startswith("<!doctype html>")


async def test_files_are_of_their_owners_only() -> None:
    async with opened(Workshop([]), owner_of=by_header) as made:
        conversation = await filled(made, "ada")
        for path in (
            f"/api/conversations/{conversation}/export",
            f"/api/conversations/{conversation}/page",
        ):
            assert (await made.http.get(path, headers=user("ada"))).status_code == 200
            assert (await made.http.get(path, headers=user("bob"))).status_code == 404
        for name, status in (("ada", 200), ("bob", 404)):
            asked = {"conversation": [conversation, conversation]}
            answer = await made.http.post("/api/export", data=asked, headers=user(name))
            assert answer.status_code == status
        data = await made.http.get(f"/api/conversations/{conversation}/export", headers=user("ada"))
        await made.http.post("/api/import", content=data.content, headers=user("bob"))
        assert len(made.shop.store.search("ada")) == 1
        assert len(made.shop.store.search("bob")) == 1


async def test_what_is_not_taken_is_said_in_a_sentence() -> None:
    async with studio() as made:
        for data in (png(), b"", b"PK", b"{}"):
            answer = await made.http.post("/api/import", content=data)
            assert answer.status_code == 400
            assert answer.json()["error"].endswith(".")
        empty = await made.begin()
        answer = await made.http.get(f"/api/conversations/{empty}/export")
        assert answer.json() == {"error": "There is nothing in this conversation yet."}


async def test_other_clients_exports_are_taken() -> None:
    async with studio() as made:
        data = exports.chatgpt(exports.chatgpt_conversation())
        answer = await made.http.post("/api/import", content=data)
        told = answer.json()["sentence"]
        assert told.startswith("Imported 1 conversation from ChatGPT: 4 messages, 2 pictures.")
        picture = made.shop.store.media_known().pop()
        assert (await made.http.get(f"/media/{picture}")).status_code == 200


async def test_a_file_may_be_larger_than_a_picture_and_not_endless() -> None:
    async with studio() as made:
        large = b"PK" + bytes(Policy().upload_bytes + 1)
        answer = await made.http.post("/api/import", content=large)
        assert (answer.status_code, answer.json()["error"]) == (400, NO_ZIP)
        assert Policy().body_cap_bytes("/api/import/x") == Policy().body_bytes


async def test_what_a_file_says_of_a_picture_in_no_form_is_told_as_json_all_the_same() -> None:
    """A zip may name any derivation and settings; versions and recipes are shown of it."""
    async with studio() as made:
        conversation = await made.begin()
        sofa, _ = await made.shop.pictures.keep(ME, png(), "upload")
        flip = {"operation": "flip", "direction": "horizontal"}
        body = {"picture": sofa.sha256, "operations": [flip], "client_id": "client-00001"}
        await made.post(f"/api/conversations/{conversation}/edits", body)
        sent = await made.http.get(f"/api/conversations/{conversation}/export")
        with zipfile.ZipFile(io.BytesIO(sent.content)) as file:
            entries = {name: file.read(name) for name in file.namelist()}
        document = json.loads(entries["conversation.json"])
        parts = document["messages"][1]["parts"]
        (image,) = parts["value"]
        step = {"operation": "rotate", "degrees": 10**400, "words": "\ud800", "odd": float("nan")}
        image["derivation"]["details"] = {"recipe": [step]}
        image["derivation"]["operation"] = "rotate"
        document["messages"][1]["parts"] = json.dumps(parts)  # as text it is kept as it stands
        entries["conversation.json"] = json.dumps(document).encode()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            for name, data in entries.items():
                file.writestr(name, data)
        taken = await made.http.post("/api/import", content=out.getvalue())
        assert taken.status_code == 200, taken.text
        new = taken.json()["conversations"][0]["id"]
        got = await made.http.get(f"/api/conversations/{new}/versions")
        flipped = got.json()["versions"][1]
        assert flipped["operation"] == "Rotate"
        sha = flipped["sha"]
        for path in (
            f"/api/pictures/{sha}?conversation={new}",
            f"/api/pictures/{sha}/recipe?conversation={new}",
            f"/api/pictures/{sha}/with-recipe?conversation={new}",
            f"/api/conversations/{new}/versions/{sha}/chain",
            f"/api/conversations/{new}/page",
            f"/api/conversations/{new}/export",
        ):
            assert (await made.http.get(path)).status_code == 200, path


def test_an_answer_is_json_even_of_a_number_that_is_none() -> None:
    told = answer({"settings": {"seed": float("nan"), "steps": float("inf"), "size": "1:1"}})
    assert json.loads(bytes(told.body)) == {
        "settings": {"seed": None, "steps": None, "size": "1:1"}
    }
