"""What of Gradio can be reached: a route too many is a file, a proxy or a login too many."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from chat.web.mount import mount_page
from chat.web.policy import Policy
from tests.patience import PATIENCE_S
from tests.serving import served
from tests.unit.web.mounted import small_app, small_server

CANARY = "the canary sings"


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with (
        served(small_server(Policy())) as port,
        httpx.Client(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE_S
        ) as client,
    ):
        yield client


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    path = tmp_path / "canary.txt"
    path.write_text(CANARY, encoding="utf-8")
    return path


def test_our_own_routes_are_not_shadowed_by_the_page(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"ready": True}


def test_the_page_and_what_it_links_to_are_there(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    for path in ("/theme.css", "/favicon.ico", "/gradio_api/app_id"):
        assert client.get(path).status_code == 200, path


def test_the_page_holds_no_connection_open_while_nothing_happens(client: httpx.Client) -> None:
    """A heartbeat a tab would use up the six connections that a browser grants a host."""
    assert '"connect_heartbeat":false' in client.get("/").text


def test_only_listed_routes_of_gradio_exist(client: httpx.Client) -> None:
    """Asked of each route that this Gradio really has, so that an update cannot add a door."""
    needed = {
        "/", "/theme.css", "/favicon.ico", "/assets/{path:path}",
        "/static/{path:path}", "/gradio_api/queue/join", "/gradio_api/queue/data",
        "/gradio_api/app_id",
    }  # fmt: skip
    asked = 0
    for method, path in gradio_routes(small_app(Policy())):
        if path in needed:
            continue
        concrete = path.replace("{path:path}", "x").replace("{", "").replace("}", "")
        answer = client.request(method, concrete)
        assert answer.status_code == 404, (method, path)
        assert method == "HEAD" or list(answer.json()) == ["error"]
        asked += 1
    assert asked > 60


@pytest.mark.parametrize(
    "path",
    [
        "/docs", "/redoc", "/openapi.json", "/monitoring", "/monitoring/summary", "/login",
        "/gradio_api/token", "/gradio_api/info", "/gradio_api/mcp/", "/gradio_api/startup-events",
        "/gradio_api/heartbeat/x", "/gradio_api/proxy=http://127.0.0.1/", "/gradio_api/run-history",
        "/config", "/logout",
    ],
)  # fmt: skip
def test_well_known_doors_are_shut(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        "/gradio_api/file={}", "/gradio_api/file/{}", "/file={}", "/static/{}", "/assets/{}",
        "/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2f{}", "/assets/%2e%2e/%2e%2e/%2e%2e/{}",
        "/svelte/{}", "/gradio_api/stream/x/1/1/{}", "/gradio_api/custom_component/1/a/b/{}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("quoted", [False, True])
def test_no_address_serves_a_file_by_its_path(
    client: httpx.Client, canary: Path, form: str, quoted: bool
) -> None:
    path = quote(str(canary), safe="") if quoted else str(canary)
    answer = client.get(form.format(path))
    assert answer.status_code in {403, 404}
    assert CANARY not in answer.text


def test_no_event_reads_a_file_by_a_path_that_the_client_sent(
    client: httpx.Client, canary: Path
) -> None:
    """Asked of a careless handler, which would give away whatever Gradio lets through."""
    config = client.get("/").text
    rows = json.loads(config.split("window.gradio_config = ", 1)[1].split(";</script>", 1)[0])
    change = next(d["id"] for d in rows["dependencies"] if d["targets"][0][1] == "change")
    file = {"path": str(canary), "meta": {"_type": "gradio.FileData"}}
    asked = {"data": [file], "fn_index": change, "session_hash": "canary"}
    assert client.post("/gradio_api/queue/join", json=asked).status_code == 200
    heard = ""
    with client.stream("GET", "/gradio_api/queue/data?session_hash=canary") as answer:
        for line in answer.iter_lines():
            heard += line
            if "process_completed" in line:
                break
    assert '"success":false' in heard
    assert CANARY not in heard


def test_a_page_is_let_in_with_its_own_scripts_only(client: httpx.Client) -> None:
    policy = client.get("/").headers["content-security-policy"]
    scripts = next(rule for rule in policy.split("; ") if rule.startswith("script-src "))
    assert "'unsafe-inline'" not in scripts
    assert scripts.count("'sha256-") >= 4


BAD_EVENTS: list[object] = [
    {},
    [],
    None,
    7,
    {"data": [], "fn_index": 9_999, "session_hash": "x"},
    {"data": [], "fn_index": -1, "session_hash": "x"},
    {"data": None, "fn_index": "one", "session_hash": "x"},
    {"data": [1] * 50, "fn_index": 0},
    {"data": {"a": 1}, "fn_index": 0, "session_hash": ["x"]},
    {"api_name": "/nothing", "data": []},
    {"data": [], "fn_index": 0, "trigger_id": {}, "session_hash": "x"},
]


@pytest.mark.parametrize("event", BAD_EVENTS, ids=str)
def test_an_event_that_is_none_is_refused_without_a_trace(
    client: httpx.Client, event: object, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post("/gradio_api/queue/join", json=event)
    assert answer.status_code < 500
    assert len(caplog.records) <= 1
    assert not any(record.exc_info for record in caplog.records)
    assert client.get("/gradio_api/queue/data").status_code < 500


def test_a_page_without_handlers_on_the_server_has_no_queue() -> None:
    """What joined would be kept, and told to whoever names its session."""

    async def built() -> FastAPI:
        with gr.Blocks(analytics_enabled=False) as page:
            button = gr.Button("Here")
            button.click(None, None, None, js="() => 0")
        app = FastAPI()
        mount_page(app, page, Policy())
        return app

    async def serving(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, send)

    app = asyncio.run(built())
    with served(serving) as port, httpx.Client(trust_env=False) as asking:
        address = f"http://127.0.0.1:{port}"
        event = {"data": [], "fn_index": 0, "session_hash": "x"}
        assert asking.post(f"{address}/gradio_api/queue/join", json=event).status_code == 404
        asked = f"{address}/gradio_api/queue/data?session_hash=x"
        assert asking.get(asked).status_code == 404
        assert asking.get(address).status_code == 200


def test_a_name_that_a_proxy_is_said_to_have_is_not_written_into_the_page(
    client: httpx.Client,
) -> None:
    page = client.get("/", headers={"x-forwarded-host": "evil.example, localhost"})
    assert "evil.example" not in page.text
    assert "localhost" in client.get("/", headers={"x-forwarded-host": "localhost"}).text


def gradio_routes(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of each route of the mounted Gradio, those of its inner routers too."""
    unread: list[BaseRoute] = [r for r in app.routes if isinstance(r, Mount)]
    while unread:
        route = unread.pop()
        inner = getattr(route, "original_router", route)
        unread.extend(getattr(inner, "routes", None) or [])
        if isinstance(route, Route):
            yield from ((method, route.path) for method in sorted(route.methods or ()))
