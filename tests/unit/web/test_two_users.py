"""Whatever the address, nobody reaches what is somebody else's: every route, with every id.

Ada's things are asked for by Bob at each route of the API, alone and mixed with things of his
own, and then by Ada, so that no row of the table is refused for a reason of its own. A route that
is added needs a row.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from ipaddress import ip_network
from typing import Any, get_args

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.types import ASGIApp
from websockets.asyncio.client import connect

from chat.core.events import ImageBytes, TextDelta
from chat.core.messages import new_id
from chat.core.network import Network
from chat.core.parts import pictures
from chat.core.people import Person
from chat.core.ports import LibraryQuery
from chat.core.shares import Share
from chat.trusted_header import TrustedHeader
from chat.ui.page import build_page
from chat.web.app import build_web
from chat.web.forwarded import ForwardedHeaders
from chat.web.header_login import HeaderLogin
from chat.web.live_messages import Asked
from chat.web.login import LoginMiddleware
from chat.web.login_mode import Login
from chat.web.mount import mount_page
from chat.web.oidc_login import OidcLogin
from chat.web.owner import signed_in_owner
from chat.web.passwords import Passwords
from chat.web.policy import Policy
from chat.web.route_allowlist import NEEDED
from tests.identity_provider import IdentityProvider, came_back
from tests.scripted import Script
from tests.unit.turns.workshop import DONE, Workshop, png
from tests.unit.web.page import Page
from tests.unit.web.studio import ASSETS, Studio, app_state_of, opened
from tests.unit.web.test_owner import by_header, user
from tests.unit.web.test_route_allowlist import gradio_routes

SECRET = "the heron in the attic"
"""Stands in every text of Ada's."""

FLIP = {"operation": "flip", "direction": "horizontal"}
KINDS = (
    "board",
    "favourite",
    "name",
    "base",
    "variants",
    "provenance",
    "replay",
    "preset",
    "usual_tools",
    "last_chosen",
)


@dataclass(frozen=True)
class Ask:
    """A request; ``{ada.picture}`` and the like stand for ids."""

    body: Any = None
    query: str = ""
    path: Mapping[str, str] = field(default_factory=dict)
    """What stands in the address, where it is not Ada's own."""
    status: int = 404
    """Of Bob's answer. Where it is 200, it holds nothing of Ada's."""
    form: bool = False
    content: bytes | None = None
    hers: int = 200
    """Of Ada's answer; 0: her turn is not tried, for the ids are mixed."""


def mixed(**more: Any) -> Ask:
    """A request that names things of both, so that it is nobody's."""
    return Ask(**more, hers=0)


ADA_S = {"conversation_id": "{ada.conversation}", "message_id": "{ada.reply}"}
BOB_S = {"conversation_id": "{bob.conversation}", "message_id": "{bob.reply}"}
QUESTION = {"text": "go on", "client_id": "client-two-users"}
EDIT = {"picture": "{ada.picture}", "operations": [FLIP], "client_id": "client-edit-1"}
CUT_OUT = {"operation": "cut_out", "mask": "{ada.picture}"}
PRESET = {"title": "mine", "text": "paint it"}
STEPS = {"steps": [{"number": 1}], "targets": ["{ada.picture}"]}
FILE = {"sha": "{ada.file}", "name": "notes.txt"}
PICTURES = {"pictures": ["{ada.picture}"]}

DECIDED = {"decisions": [{"call": "c1", "digest": "ab" * 32, "choice": "once"}]}

ROUTES: dict[str, Sequence[Ask]] = {
    "POST /api/conversations": [Ask(status=200)],
    "GET /api/conversations": [
        Ask(status=200), Ask(status=200, query="q=heron"),
        Ask(status=200, query="before=2999-01-01T00:00:00Z"),
    ],
    "POST /api/conversations/{conversation_id}/title": [Ask({"title": "taken"})],
    "POST /api/conversations/{conversation_id}/pin": [Ask({"on": True})],
    "POST /api/conversations/{conversation_id}/duplicate": [Ask()],
    "POST /api/conversations/{conversation_id}/messages": [
        Ask(QUESTION),
        mixed(body={**QUESTION, "pictures": ["{ada.picture}"]}, path=BOB_S),
        mixed(body={**QUESTION, "pictures": ["{bob.picture}"], "masks": ["{ada.picture}"]},
              path=BOB_S),
        mixed(body={**QUESTION, "files": [FILE]}, path=BOB_S),
        mixed(body={**QUESTION, "parent_id": "{ada.reply}"}, path=BOB_S),
        mixed(body={**QUESTION, "parent_id": "{bob.reply}"}),
        mixed(body={**QUESTION, "client_id": "client-ada"}),
    ],
    "POST /api/messages/{message_id}/edit": [
        Ask(QUESTION, path={"message_id": "{ada.question}"}),
        mixed(body={**QUESTION, "pictures": ["{ada.picture}"]},
              path={"message_id": "{bob.question}"}),
        mixed(body={**QUESTION, "files": [FILE]}, path={"message_id": "{bob.question}"}),
    ],
    "POST /api/messages/{message_id}/regenerate": [Ask()],
    "POST /api/messages/{message_id}/stop": [Ask(status=200)],
    "POST /api/messages/{message_id}/decide": [Ask(DECIDED, hers=409)],
    "POST /api/messages/{message_id}/answer": [
        Ask({"question": "ab" * 16, "values": {"name": "Bob"}}, hers=404),
        Ask({"question": "ab" * 16, "values": None}, hers=404),
    ],
    "POST /api/messages/{message_id}/variant": [
        *(Ask({"act": act}) for act in ("pick", "discard", "reopen", "keep"))
    ],
    "POST /api/messages/{message_id}/show": [Ask()],
    "POST /api/conversations/{conversation_id}/edits": [
        Ask(EDIT),
        mixed(body=EDIT, path=BOB_S),
        mixed(body={**EDIT, "picture": "{bob.picture}"}),
        mixed(body={**EDIT, "picture": "{bob.picture}", "parent_id": "{ada.reply}"}, path=BOB_S),
        mixed(body={**EDIT, "picture": "{bob.picture}", "operations": [CUT_OUT]}, path=BOB_S),
    ],
    "POST /api/conversations/{conversation_id}/enlarge": [
        mixed(body={"picture": "{ada.picture}", "factor": 2, "client_id": "client-large"}),
        mixed(body={"picture": "{ada.picture}", "factor": 2, "client_id": "client-large"},
              path=BOB_S),
        mixed(body={"picture": "{bob.picture}", "factor": 2, "client_id": "client-large"}),
    ],
    "POST /api/pictures/{sha}/preview": [
        Ask({"operations": [FLIP]}),
        mixed(body={"operations": [CUT_OUT]}, path={"sha": "{bob.picture}"}),
    ],
    "POST /api/pictures/{sha}/selection": [Ask({"box": [2, 2, 12, 12]}, hers=415)],
    "GET /api/pictures/{sha}/compared/{other}": [
        Ask(path={"other": "{ada.picture}"}),
        mixed(path={"other": "{bob.picture}"}),
        mixed(path={"sha": "{bob.picture}", "other": "{ada.picture}"}),
    ],
    "GET /api/pictures/{sha}/difference/{other}": [
        Ask(path={"other": "{ada.picture}"}),
        mixed(path={"other": "{bob.picture}"}),
        mixed(path={"sha": "{bob.picture}", "other": "{ada.picture}"}),
    ],
    "GET /api/pictures/{sha}/provenance": [Ask()],
    "GET /api/extras": [Ask(status=200)],
    "GET /api/pictures/{sha}": [
        Ask(),
        Ask(query="conversation={ada.conversation}"),
        mixed(query="conversation={ada.conversation}", path={"sha": "{bob.picture}"}),
    ],
    "GET /api/pictures/{sha}/recipe": [
        Ask(query="conversation={ada.conversation}"),
        mixed(query="conversation={bob.conversation}"),
        mixed(query="conversation={ada.conversation}", path={"sha": "{bob.picture}"}),
    ],
    "GET /api/pictures/{sha}/with-recipe": [
        Ask(query="conversation={ada.conversation}"),
        mixed(query="conversation={bob.conversation}"),
        mixed(query="conversation={ada.conversation}", path={"sha": "{bob.picture}"}),
    ],
    "GET /api/models": [Ask(status=200)],
    "GET /api/models/{card_id}": [Ask(status=200, path={"card_id": "model"})],
    "GET /api/endpoints": [Ask(status=200)],
    "POST /api/endpoints/{endpoint_id}/test": [Ask(status=200, path={"endpoint_id": "door"})],
    "GET /api/settings": [Ask(status=200)],
    "DELETE /api/settings": [Ask(status=200)],
    "POST /api/models/favourites": [Ask({"model": "none", "favourite": False}, status=200)],
    "GET /api/conversations/{conversation_id}/settings": [Ask()],
    "PATCH /api/conversations/{conversation_id}/settings": [Ask({"system": "obey"})],
    "POST /api/estimate": [
        Ask({"text": "x", **PICTURES}, status=200), Ask({"text": "x", "files": [FILE]}, status=200),
    ],
    "POST /api/conversations/{conversation_id}/estimate": [
        Ask({"text": "x"}),
        mixed(body={"text": "x", "parent_id": "{ada.reply}"}, path=BOB_S),
    ],
    "GET /api/messages/{message_id}/rewording": [Ask(), Ask(query="aim=picture")],
    "POST /api/media": [Ask(content=png("white", 3), status=200)],
    "POST /api/media/added": [
        Ask(content=png("white", 3), status=200), Ask(content=b"words", status=200),
    ],
    "POST /api/media/address": [
        # This machine's own addresses are nobody's picture.
        Ask({"address": "http://127.0.0.1:9/{ada.picture}"}, status=415, hers=415),
    ],
    "GET /media/{sha}": [
        Ask(), Ask(query="download=true"), Ask(path={"sha": "{ada.file}"}),
    ],
    "GET /media/{sha}/thumb": [Ask()],
    "GET /api/conversations/{conversation_id}/export": [
        Ask(),
        Ask(query="check=true"),
        mixed(query="messages={ada.reply}", path=BOB_S),
        mixed(query="messages={bob.reply}"),
    ],
    "GET /api/conversations/{conversation_id}/page": [
        Ask(),
        Ask(query="check=true"),
        mixed(query="messages={ada.reply}", path=BOB_S),
    ],
    "POST /api/export": [
        Ask({"conversation": "{ada.conversation}"}, form=True),
        Ask({"conversation": "{ada.conversation}", "kind": "page"}, form=True),
        mixed(body={"conversation": ["{bob.conversation}", "{ada.conversation}"]}, form=True),
        mixed(body={"conversation": "{bob.conversation}", "messages": "{ada.reply}"}, form=True),
    ],
    "POST /api/import": [Ask(content=b"no zip", status=400, hers=400)],
    "GET /api/shares": [Ask(status=200)],
    "POST /api/shares": [
        Ask({"kind": "conversation", "subject": "{ada.conversation}", "leaf": "{ada.reply}",
             "link": True}),
        Ask({"kind": "board", "subject": "{ada.board}", "link": True}),
        mixed(body={"kind": "conversation", "subject": "{bob.conversation}",
                    "leaf": "{ada.reply}", "link": True}),
        mixed(body={"kind": "conversation", "subject": "{ada.conversation}",
                    "leaf": "{bob.reply}", "link": True}),
    ],
    # Hers names nobody but Eve; its address is no secret of a link.
    "GET /shared/{key}": [Ask(), Ask(path={"key": "{ada.shared_board}"})],
    "GET /shared/{key}/{sha}": [
        Ask(path={"key": "{ada.shared_board}"}),
        Ask(path={"key": "{ada.shared_board}"}, query="small=true"),
        mixed(path={"key": "{bob.shared_board}"}),
    ],
    "POST /shared/{key}/copy": [
        Ask(form=True, hers=303), Ask(path={"key": "{ada.shared_board}"}, form=True, hers=303),
    ],
    "GET /api/library": [
        Ask(status=200),
        Ask(status=200, query="q=heron"),
        Ask(status=200, query="favourites=true"),
        Ask(status=200, query="board={ada.board}"),
    ],
    "GET /api/library/counts": [Ask(status=200)],
    "GET /api/library/models": [Ask(status=200)],
    "POST /api/library/favourites": [
        Ask({**PICTURES, "favourite": True}),
        Ask({**PICTURES, "favourite": False}, status=200),
        mixed(body={"pictures": ["{bob.picture}", "{ada.picture}"], "favourite": False},
              status=200),
    ],
    "POST /api/library/uses": [Ask(PICTURES, status=200)],
    "GET /api/library/boards": [Ask(status=200)],
    "POST /api/library/boards": [Ask({"name": "taken", **PICTURES})],
    "POST /api/library/boards/order": [Ask({"boards": ["{ada.board}"]}, status=200)],
    "POST /api/library/boards/{board_id}/name": [Ask({"name": "taken"})],
    "POST /api/library/boards/{board_id}/pictures": [
        Ask(PICTURES),
        mixed(body={"pictures": ["{bob.picture}"]}),
        mixed(body=PICTURES, path={"board_id": "{bob.board}"}),
    ],
    "POST /api/library/boards/{board_id}/taken-off": [Ask(PICTURES)],
    "DELETE /api/library/boards/{board_id}": [Ask(status=200)],
    "GET /api/conversations/{conversation_id}/versions": [
        Ask(), mixed(query="leaf={ada.reply}", path=BOB_S, status=200),
    ],
    "GET /api/conversations/{conversation_id}/versions/{sha}/chain": [
        Ask(), mixed(path=BOB_S), mixed(path={"sha": "{bob.picture}"}),
    ],
    "GET /api/conversations/{conversation_id}/steps/{sha}": [
        Ask(path={"sha": "{ada.edited}"}),
        mixed(path={**BOB_S, "sha": "{ada.edited}"}, status=422),
    ],
    "POST /api/conversations/{conversation_id}/replays/estimate": [
        Ask({**STEPS, "picture": "{ada.edited}"}),
        mixed(body={**STEPS, "picture": "{bob.edited}"}, path=BOB_S),
        mixed(body={**STEPS, "picture": "{ada.edited}", "targets": ["{bob.picture}"]}, path=BOB_S,
              status=422),
    ],
    "POST /api/conversations/{conversation_id}/replays": [
        Ask({**STEPS, "picture": "{ada.edited}"}),
        mixed(body={**STEPS, "picture": "{bob.edited}"}, path=BOB_S),
        mixed(body={**STEPS, "picture": "{ada.edited}", "targets": ["{bob.picture}"]}, path=BOB_S,
              status=422),
    ],
    "GET /api/conversations/{conversation_id}/replays": [Ask(status=200)],
    "POST /api/replays/{job_id}/stop": [Ask(status=200)],
    "DELETE /api/replays/{job_id}": [Ask(status=200)],
    "POST /api/pictures/{sha}/name": [Ask({"name": "taken"}), Ask({"name": ""})],
    "POST /api/pictures/{sha}/base": [Ask({"on": True}), Ask({"on": False})],
    "POST /live/{page_id}": [
        # A page is its owner's: under Ada's name for it Bob begins one of his own.
        Ask({"arrived": 7}, status=410, hers=410),
    ],
    "POST /live/{page_id}/say": [
        Ask({"begins": False, "said": [{"type": "ping"}]}, status=410, hers=410),
        Ask({"begins": True, "said": [{"type": "open", "conversation": "{ada.conversation}"}]},
            status=200),
    ],
    "GET /api/messages/{message_id}/changes": [Ask()],
    "GET /api/tool-servers": [Ask(status=200)],
    # The host's, and the same for both: what is taken from one is the taker's own.
    "POST /api/tool-servers/{server_id}/insertion": [
        Ask({"kind": "resource", "name": "note://heron"}, path={"server_id": "none"}, hers=404)
    ],
    "POST /api/tool-servers/{server_id}/completions": [
        Ask({"kind": "prompt", "name": "paint", "blank": "subject"}, path={"server_id": "none"},
            hers=404)
    ],
    "GET /api/tools": [
        Ask(query="conversation={ada.conversation}"), Ask(status=200),
    ],
    "POST /api/language": [Ask({"language": "en"}, status=200)],
    "POST /api/tools/usual": [Ask({"conversation": "{ada.conversation}"})],
    "GET /api/presets": [Ask(status=200)],
    "POST /api/presets": [Ask(PRESET, status=200)],
    "POST /api/presets/pack": [Ask({"easel_presets": 1, "presets": [PRESET]}, status=200)],
    # Kept anew, as his own, where it was deleted elsewhere or never was his.
    "POST /api/presets/{preset_id}": [Ask(PRESET, status=200)],
    "GET /api/prompts": [Ask(status=200)],
    "GET /api/improvement": [Ask(query="conversation={ada.conversation}")],
    "POST /api/improvement": [
        Ask({"text": "a fox"}, query="conversation={ada.conversation}", hers=422),
    ],
    # No model of this Easel writes down what is said, for neither.
    "POST /api/dictation": [Ask(content=b"RIFF", status=422, hers=422)],
    "POST /api/messages/{message_id}/settings": [Ask()],
    "POST /api/library/zip": [
        Ask({"pictures": "{ada.picture}"}, form=True),
    ],
    # The host's; with a login nobody sets any up on the page.
    "GET /api/providers": [Ask(status=200)],
    # Of those who look after this Easel, which neither does.
    "GET /admin": [Ask(hers=404)],
    "GET /admin/usage": [Ask(hers=404), mixed(query="person=ada")],
    "GET /admin/usage.csv": [Ask(hers=404)],
    "GET /admin/audit": [Ask(hers=404), mixed(query="person=ada")],
    "GET /admin/audit.csv": [Ask(hers=404)],
    "GET /admin/running": [Ask(hers=404)],
    "POST /admin/running/stop": [Ask({"reply": "{ada.reply}"}, form=True, hers=404)],
    "GET /admin/providers": [Ask(hers=404)],
    "POST /admin/providers/test": [Ask({"endpoint": "door"}, form=True, hers=404)],
    "GET /admin/storage": [Ask(hers=404)],
    "POST /admin/storage/check": [Ask(form=True, hers=404)],
    "GET /admin/retention": [Ask(hers=404)],
    "POST /admin/retention": [Ask({"bin_days": "1"}, form=True, hers=404)],
    "POST /admin/retention/run": [Ask(form=True, hers=404)],
    "GET /admin/person": [Ask(query="id=ada", hers=404)],
    "GET /admin/person/export": [Ask(query="id=ada", hers=404)],
    "POST /admin/person/remove": [Ask({"person": "ada", "typed": "ada"}, form=True, hers=404)],
    "GET /api/everything": [Ask(status=200)],
    "GET /healthz": [Ask(status=200)],
    "GET /readyz": [Ask(status=200)],
    # Of programs with a key: whoever else somebody is, is nobody there.
    "GET /v1/models": [Ask(status=401, hers=401)],
    "GET /v1/models/{model}": [Ask(status=401, hers=401, path={"model": "model"})],
    "POST /v1/images/generations": [Ask({"prompt": "x"}, status=401, hers=401)],
    "POST /v1/images/edits": [Ask({"prompt": "x"}, form=True, status=401, hers=401)],
    "POST /v1/chat/completions": [
        Ask({"model": "model", "messages": [{"role": "user", "content": "x"}]}, status=401,
            hers=401),
    ],
    # What takes things away comes last, for Ada's turn.
    "DELETE /api/shares/{share_id}": [Ask()],
    "DELETE /api/presets/{preset_id}": [Ask(status=200)],
    "POST /api/library/delete": [Ask(PICTURES)],
    "POST /api/library/restore": [Ask(PICTURES)],
    "DELETE /api/conversations/{conversation_id}": [Ask()],
    "GET /api/bin": [Ask(status=200)],
    "POST /api/conversations/{conversation_id}/restore": [Ask()],
    "DELETE /api/bin/{conversation_id}": [Ask(hers=404)],  # it is out of it again
    "DELETE /api/bin": [Ask(status=200)],
}  # fmt: skip


class World:
    """Ada and Bob, each with a conversation, a picture and a board."""

    def __init__(self, made: Studio, signed: Mapping[str, Mapping[str, str]]) -> None:
        """``signed`` has the headers that each sends."""
        self.made = made
        self.signed = signed
        self.ids: dict[str, str] = {}

    async def fill(self) -> None:
        """Each begins, asks for a picture twice at once, and puts it on a board."""
        for name, colour, words in (("ada", "red", SECRET), ("bob", "blue", "nothing")):
            conversation = (await self._post(name, "/api/conversations"))["id"]
            question = {"text": words, "client_id": f"client-{name}", "replies": 2}
            path = f"/api/conversations/{conversation}"
            started = await self._post(name, f"{path}/messages", question)
            shop = self.made.shop
            replies = shop.store.siblings([started["reply"]])[started["reply"]]
            for reply in replies:
                await shop.jobs.wait(reply)
            await self._post(name, f"{path}/title", {"title": words})
            upload = await self.made.http.post(
                "/api/media", content=png(colour, 16), headers=self.signed[name]
            )
            picture = upload.json()["sha"]
            written = await self.made.http.post(
                "/api/media/added",
                params={"name": "notes.txt"},
                content=words.encode(),
                headers=self.signed[name],
            )
            file = {"sha": written.json()["file"]["sha"], "name": "notes.txt"}
            more = {
                "text": words, "client_id": f"client-{name}-2", "pictures": [picture],
                "files": [file],
            }  # fmt: skip
            later = await self._post(name, f"{path}/messages", more)
            await shop.jobs.wait(later["reply"])
            flip = {"picture": picture, "operations": [FLIP], "client_id": f"client-{name}-3"}
            edit = await self._post(name, f"{path}/edits", flip)
            (edited,) = pictures(shop.store.message(name, edit["reply"]).parts)
            again = {"picture": edited.media.sha256, "steps": [{"number": 1}]}
            job = await self._post(name, f"{path}/replays", {**again, "targets": [picture]})
            await shop.replays.wait(job["id"])
            board = {"name": words, "pictures": [picture]}
            made = await self._post(name, "/api/library/boards", board)
            await self._post(name, f"/api/pictures/{picture}/name", {"name": words})
            await self._post(name, f"/api/pictures/{picture}/base", {"on": True})
            marked = {"pictures": [picture], "favourite": True}
            await self._post(name, "/api/library/favourites", marked)
            preset = {"title": words, "text": words}
            kept = await self._post(name, "/api/presets", preset)
            shared = {
                kind: await self.shared(name, kind, subject, leaf)
                for kind, subject, leaf in (
                    ("conversation", conversation, started["reply"]),
                    ("board", made["id"], ""),
                )
            }
            mine = {
                "shared": shared["conversation"], "shared_board": shared["board"],
                "conversation": conversation, "question": started["question"],
                "reply": started["reply"], "picture": picture, "board": made["id"],
                "edited": edited.media.sha256, "job": job["id"],
                "preset": kept["id"], "file": file["sha"],
            }  # fmt: skip
            self.ids |= {f"{{{name}.{key}}}": value for key, value in mine.items()}

    async def shared(self, name: str, kind: Any, subject: str, leaf: str) -> str:
        """Have something shared with somebody else by name; the id of the share."""
        store = self.made.shop.store
        if store.people.person("eve") is None:
            store.people.add(Person("eve", "eve", "Eve"))
        share = Share(new_id(), name, kind, subject, leaf, people=("eve",), groups=("hers",))
        await asyncio.to_thread(store.shares.add, share)
        return share.id

    async def _post(self, name: str, path: str, body: Any = None) -> Any:
        answer = await self.made.http.post(path, json=body or {}, headers=self.signed[name])
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()

    def filled(self, text: str) -> str:
        """With ids in the place of their names."""
        for name, value in self.ids.items():
            text = text.replace(name, value)
        return text

    async def asked(self, name: str, route: str, ask: Ask) -> httpx.Response:
        """What one of them is answered."""
        method, path = route.split()
        usual = {
            **ADA_S, "sha": "{ada.picture}", "board_id": "{ada.board}", "page_id": "ab" * 16,
            "job_id": "{ada.job}",
            "preset_id": "{ada.preset}", "key": "{ada.shared}", "share_id": "{ada.shared}",
        }  # fmt: skip
        for key, value in {**usual, **ask.path}.items():
            path = path.replace(f"{{{key}}}", value)
        body = json.loads(self.filled(json.dumps(ask.body)))
        given: dict[str, Any] = {"data": body} if ask.form else {"json": body or {}}
        if ask.content is not None:
            given = {"content": ask.content}
        address = self.filled(f"{path}?{ask.query}")
        return await self.made.http.request(method, address, headers=self.signed[name], **given)

    def state(self, name: str) -> dict[str, Any]:
        """All that the store keeps of one of them."""
        store = self.made.shop.store
        listed = [hit.conversation for hit in store.search(name, "", 1000)]
        return {
            "conversations": listed,
            "messages": {each.id: store.tree(name, each.id) for each in listed},
            "records": {kind: store.records(name, kind) for kind in KINDS},
            "library": store.library(name, LibraryQuery(), 500),
            "shares": store.shares.of(name),
        }

    def kept(self) -> dict[str, Any]:
        """All that the store keeps of Bob, and every picture there is."""
        return {**self.state("bob"), "pictures": self.made.shop.store.media_known()}


def a_reply(words: str) -> Script:
    """One that says so and ends."""
    return (TextDelta(words), DONE)


def scripts() -> list[Script]:
    """Answers for both, with enough for what Ada asks anew."""
    begun: list[Script] = [
        [TextDelta(SECRET), ImageBytes(png("red", 9)), DONE],
        [TextDelta(SECRET), DONE],
        [TextDelta(SECRET), DONE],
        *(a_reply("nothing") for _ in range(3)),
    ]
    return [*begun, *(a_reply("more") for _ in range(20))]


def routes_of(shop: Workshop) -> set[str]:
    """Every route of the API."""
    web = build_web(app_state_of(shop), str(ASSETS), lambda: None, lambda: None)
    paths = get_openapi(title="Easel", version="1", routes=web.routes)["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def test_every_route_is_tried_with_two_users() -> None:
    assert set(ROUTES) == routes_of(Workshop([]))


@asynccontextmanager
async def two(way: str) -> AsyncIterator[World]:
    """Both, told apart by what a function says or by the login, and all that is theirs."""
    shop = Workshop(scripts())
    if way == "function":
        async with opened(shop, owner_of=by_header) as made:
            world = World(made, {name: user(name) for name in ("ada", "bob")})
            await world.fill()
            yield world
        return
    with IdentityProvider().served() as provider:
        behind: Mapping[str, Callable[[FastAPI], ASGIApp]] = {
            "login": lambda web: login(web, shop),
            "oidc": lambda web: login(web, shop, provider),
            "header": lambda web: by_proxy(web, shop),
        }
        coming: Mapping[str, Callable[[Studio, str], Awaitable[dict[str, str]]]] = {
            "login": signed_in,
            "oidc": partial(sent_back, provider),
            "header": named,
        }
        async with opened(shop, owner_of=signed_in_owner, behind=behind[way]) as made:
            world = World(made, {name: await coming[way](made, name) for name in ("ada", "bob")})
            await world.fill()
            yield world


HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "nine red herons"


def login(
    web: ASGIApp, shop: Workshop, provider: IdentityProvider | None = None
) -> LoginMiddleware:
    """Before the routes, with both among those who may sign in; neither is an administrator.

    They have passwords, or a provider of identities knows them.
    """
    people, key, oidc = shop.store.people, b"k" * 32, None
    for name in ("ada", "bob"):
        person = Person(name, f"{name}@example.org", name.title())
        if provider is None:
            person = replace(person, name=name, password=HASHER.hash(PASSWORD))
        people.add(person)
    if provider is not None:
        oidc = OidcLogin(provider.settings(name_claim="email"), key, Policy(), Network())
    return LoginMiddleware(
        web, Login("users"), people, key, Policy(), passwords=Passwords(HASHER), oidc=oidc
    )


def by_proxy(web: ASGIApp, shop: Workshop) -> ASGIApp:
    """Before the routes, where a proxy says who asks; both are known already."""
    for name in ("ada", "bob"):
        shop.store.people.add(Person(name, name, name.title()))
    trusted = TrustedHeader((ip_network("127.0.0.1"),))
    inside = HeaderLogin(web, trusted, shop.store.people, b"k" * 32)
    return ForwardedHeaders(inside, {})


async def signed_in(made: Studio, name: str) -> dict[str, str]:
    """The cookie of somebody who has signed in."""
    made.http.cookies.clear()
    entered = await made.http.post("/access/enter", data={"name": name, "password": PASSWORD})
    made.http.cookies.clear()
    return {"Cookie": entered.headers["set-cookie"].partition(";")[0]}


async def named(_: Studio, name: str) -> dict[str, str]:
    """What the proxy says of somebody."""
    return {"Remote-User": name}


async def sent_back(provider: IdentityProvider, made: Studio, name: str) -> dict[str, str]:
    """The cookie of somebody whom the provider has signed in."""
    provider.claims = {"sub": name, "email": f"{name}@example.org", "email_verified": True}
    made.http.cookies.clear()
    back = await asyncio.to_thread(came_back, await made.http.get("/access/oidc"))
    entered = await made.http.get(back)
    made.http.cookies.clear()
    cookies = [each.partition(";")[0] for each in entered.headers.get_list("set-cookie")]
    return {"Cookie": next(each for each in cookies if each.startswith("easel-session"))}


WAYS = ["function", "login", "oidc", "header"]


@pytest.mark.parametrize("way", WAYS)
async def test_no_route_reads_or_changes_what_is_somebody_else_s(way: str) -> None:
    async with two(way) as world:
        hers, his = world.state("ada"), world.kept()
        secrets = [SECRET, *(v for k, v in world.ids.items() if k.startswith("{ada."))]
        for route, asks in ROUTES.items():
            for ask in asks:
                got = await world.asked("bob", route, ask)
                assert got.status_code == ask.status, (route, ask, got.text[:300])
                named = {world.filled(str(x)) for x in (ask.body, got.request.url)}
                told = [
                    s for s in secrets if s in got.text and not any(s in each for each in named)
                ]
                assert told == [], (route, ask)
                assert SECRET not in got.text, (route, ask)
                assert world.state("ada") == hers, (route, ask)
                if got.status_code == 404:
                    assert set(got.json()) == {"error"}, (route, ask)
                    assert world.kept() == his, (route, ask)
                his = world.kept()


@pytest.mark.parametrize("way", WAYS)
async def test_every_route_of_that_table_serves_its_owner(way: str) -> None:
    async with two(way) as world:
        for route, asks in ROUTES.items():
            for ask in asks:
                if ask.hers:
                    got = await world.asked("ada", route, ask)
                    assert got.status_code == ask.hers, (route, ask, got.text[:300])
                    if route.endswith("/replays") and route.startswith("POST"):
                        await world.made.shop.replays.wait(got.json()["id"])


async def test_behind_the_login_a_stranger_is_told_the_same_whatever_they_name() -> None:
    async with two("login") as world:
        before = world.state("ada")
        answers: set[tuple[int, str]] = set()
        world.signed = {"nobody": {}, "forged": {"Cookie": "easel-session-1=ada", "X-User": "ada"}}
        for route, asks in ROUTES.items():
            if (
                "/v1/" in route
                or route.startswith("GET /shared")
                or route in {"GET /healthz", "GET /readyz"}
            ):
                continue  # of programs, of nobody, and of whoever has a link
            for ask in asks:
                for who in world.signed:
                    got = await world.asked(who, route, ask)
                    answers.add((got.status_code, got.text))
        assert len(answers) == 1
        assert answers.pop()[0] == 401
        assert world.state("ada") == before


SAID: dict[str, Sequence[dict[str, Any]]] = {
    "hello": [{"build": "x"}],
    "open": [
        {"conversation": "{ada.conversation}"},
        {"conversation": "{ada.conversation}", "held": {
            "messages": [{"id": "{ada.reply}", "stamp": "x"}], "streams": []}},
        {"conversation": "{bob.conversation}", "held": {
            "messages": [{"id": "{ada.reply}", "stamp": "x"}],
            "streams": [{"reply": "{ada.reply}", "stream": 1, "blocks": 0}]}},
    ],
    "follow": [{"message": "{ada.reply}"}],
    "older": [{}],
    "close": [{}],
    "ping": [{}],
}  # fmt: skip
"""What a page may say, each with what is Ada's."""


def test_every_message_of_a_page_is_tried_with_two_users() -> None:
    types = {
        get_args(each.model_fields["type"].annotation)[0] for each in get_args(get_args(Asked)[0])
    }
    assert set(SAID) == types


@pytest.mark.parametrize("way", WAYS)
async def test_no_live_connection_tells_or_changes_what_is_somebody_else_s(way: str) -> None:
    async with two(way) as world:
        hers, his = world.state("ada"), world.kept()
        address = f"ws://127.0.0.1:{world.made.port}/live"
        async with connect(address, proxy=None, additional_headers=world.signed["bob"]) as socket:
            page = Page(socket)
            for kind, bodies in SAID.items():
                for body in bodies:
                    said = json.loads(world.filled(json.dumps({"type": kind, **body})))
                    await page.open(world.ids["{bob.conversation}"])
                    await socket.send(json.dumps(said))
                    # What Ada does meanwhile is news for nobody else.
                    world.made.shop.news.publish("ada", world.ids["{ada.conversation}"])
            told = len(page.told)
            await socket.send(json.dumps({"type": "ping"}))
            await page.until(lambda: any(each["type"] == "beat" for each in page.told[told:]))
            heard = json.dumps(page.told)
        named = {"missing", "gone"}
        for each in page.told:
            if each["type"] not in named:
                for key, value in world.ids.items():
                    assert not key.startswith("{ada.") or value not in json.dumps(each), each
        assert SECRET not in heard
        assert [e["type"] for e in page.told].count("missing") == 3
        assert (world.state("ada"), world.kept()) == (hers, his)


async def test_gradio_s_own_routes_are_shut_for_strangers_and_for_those_who_signed_in() -> None:
    """Asked of each route of the page as it is served; what the page lives on holds nobody's."""
    shop = Workshop([])
    mounted: list[FastAPI] = []

    def served(web: FastAPI) -> ASGIApp:
        mount_page(web, build_page(app_state_of(shop)), Policy())
        mounted.append(web)
        return login(web, shop)

    async with opened(shop, owner_of=signed_in_owner, behind=served) as made:
        bob = await signed_in(made, "bob")
        assert (await made.http.get("/", headers=bob)).status_code == 200
        rows = [(method, re.compile(pattern)) for method, pattern, _ in NEEDED]
        asked = 0
        for method, path in gradio_routes(mounted[0]):
            concrete = path.replace("{path:path}", "x").replace("{", "").replace("}", "")
            refused = await made.http.request(method, concrete)
            assert refused.status_code == 401, (method, path)
            needed = any(
                m == method.replace("HEAD", "GET") and r.fullmatch(concrete) for m, r in rows
            )
            if not needed:
                answer = await made.http.request(method, concrete, headers=bob)
                assert answer.status_code == 404, (method, path)
                asked += 1
        assert asked > 60
