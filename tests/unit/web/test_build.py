"""Which Easel this is: pages of another build are told; development forgives less."""

import logging
from pathlib import Path

import httpx
import pytest

from chat.turns.app_state import AppState
from chat.version import VERSION, Build, this_build
from chat.web.app import build_web
from chat.web.drain import Drain
from chat.web.live import OpenPages, Page
from chat.web.render_cache import RenderCache
from chat.web.reply_stream import ReplyStreams
from chat.web.sidebar_rows import SidebarRows
from tests.unit.turns.workshop import ME, Workshop
from tests.unit.web.studio import ASSETS, app_state_of, studio


def test_the_same_files_are_the_same_build_and_a_changed_one_is_another(tmp_path: Path) -> None:
    (tmp_path / "js").mkdir()
    script = tmp_path / "js" / "main.js"
    script.write_text("one")
    before = this_build(tmp_path)
    assert this_build(tmp_path) == before
    assert before.version == VERSION
    script.write_text("two")
    assert this_build(tmp_path).id != before.id


def test_in_development_every_start_is_a_new_build(tmp_path: Path) -> None:
    assert this_build(tmp_path, development=True) != this_build(tmp_path, development=True)


@pytest.mark.parametrize("development", [True, False])
async def test_the_api_is_described_in_development_only(development: bool) -> None:
    build = Build("b", development=development)
    app_state = app_state_of(Workshop([]))
    web = build_web(app_state, str(ASSETS), lambda: None, lambda: None, build=build)
    transport = httpx.ASGITransport(app=web)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        answer = await http.get("/openapi.json")
        docs = await http.get("/docs")
    assert answer.status_code == (200 if development else 404)
    assert docs.status_code == 404, "that page would load scripts from elsewhere"
    if development:
        told = answer.json()["components"]["schemas"]
        assert {"TurnStarted", "StoredPicture", "ModelMenu", "Failure"} <= set(told)


@pytest.mark.parametrize(("development", "level"), [(True, logging.ERROR), (False, logging.INFO)])
async def test_a_message_of_an_unknown_kind_is_loud_in_development_and_a_line_in_use(
    development: bool, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "chat")
    app_state: AppState = app_state_of(Workshop([]))
    streams = ReplyStreams(app_state.jobs, app_state.names, RenderCache(app_state.names))
    build = Build("b", development=development)
    page = Page(ME, app_state, streams, SidebarRows(app_state), build, OpenPages(Drain()))
    await page.take('{"type": "paint", "secret": "words of a person"}')
    told = page.out.get_nowait()
    assert '"type":"not-understood"' in told
    assert [record.levelno for record in caplog.records] == [level]
    assert "words of a person" not in caplog.text + told


async def test_why_a_picture_was_refused_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "chat")
    async with studio() as made:
        answer = await made.http.post("/api/media", content=b"\x89PNG\r\n\x1a\nnonsense")
    assert answer.status_code == 415
    lines = [r.getMessage() for r in caplog.records if "POST /api/media: " in r.getMessage()]
    assert len(lines) == 1
    assert answer.json()["error"] in lines[0]
    assert "no cause" not in lines[0]
