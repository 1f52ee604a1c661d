"""What is taken from a server for a message becomes the user's own."""

import asyncio
import sys
from typing import Any

from chat.mcp.settings import Program, ServerSettings
from tests.unit.mcp.connecting import OWN, Connected
from tests.unit.mcp.own_server import BIRD
from tests.unit.turns.workshop import Workshop
from tests.unit.web.studio import opened

OWN_SERVER = ServerSettings("own", "Own", Program(sys.executable, (OWN, "0")))


async def test_what_a_server_has_ready_comes_as_words_and_pictures() -> None:
    servers = Connected([OWN_SERVER])
    shop = Workshop([])
    async with opened(shop, mcp=servers.servers) as made:
        await servers.until(lambda it: it.status.state == "ready")
        told: dict[str, Any] = (await made.http.get("/api/tool-servers")).json()
        (own,) = told["servers"]
        assert (own["title"], own["state"], own["tools"]) == ("Own", "ready", 10)
        listed = [(each["kind"], each["name"]) for each in own["offered"]]
        assert listed == [
            ("prompt", "paint"),
            ("resource", "note://heron"),
            ("resource", "picture://heron"),
            ("template", BIRD),
        ]
        needed = [(blank["name"], blank["required"]) for blank in own["offered"][-1]["blanks"]]
        assert needed == [("bird", True), ("place", True), ("season", False)]

        async def insert(kind: str, name: str, status: int = 200, **blanks: str) -> Any:
            body = {"kind": kind, "name": name, "blanks": blanks}
            return await made.post("/api/tool-servers/own/insertion", body, status=status)

        words = await insert("prompt", "paint", subject="a heron", unknown="x")
        assert words == {"text": "Paint a heron, please.", "pictures": []}
        lacking = await insert("prompt", "paint", 400)
        assert lacking == {"error": "“subject” must be filled in."}
        lacking = await insert("template", BIRD, 400, bird="heron", place=" ")
        assert lacking == {"error": "“place” must be filled in."}
        lacking = await insert("template", BIRD, 400, bird="ä" * 400, place="pond")
        assert lacking == {"error": "That makes an address of more than 2,000 characters."}
        assert own["completes"]
        begun = {
            "kind": "prompt",
            "name": "paint",
            "blank": "subject",
            "blanks": {"subject": "hen"},
        }
        completed = await made.post("/api/tool-servers/own/completions", begun)
        assert completed == {"values": ["a hen"]}
        (picture,) = (await insert("resource", "picture://heron"))["pictures"]
        assert (await made.http.get(f"/api/pictures/{picture}")).status_code == 200
        for kind in ("prompt", "resource", "template"):
            await insert(kind, "file:///etc/passwd", 404)
        async with opened(shop, "mallory") as them:
            assert (await them.http.get(f"/api/pictures/{picture}")).status_code == 404
    assert all(task.done() for task in asyncio.all_tasks() if task.get_name() == "mcp-own")
