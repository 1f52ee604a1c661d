"""Servers at an address that are away, out of order, or want to know who asks."""

import gzip
import json
import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from chat.mcp.settings import Address, OAuth, ServerSettings
from tests.loopback import Loopback, Reply, Request, json_reply
from tests.program import lasting_port
from tests.unit.mcp.connecting import connected


def at(url: str, **more: Any) -> ServerSettings:
    return ServerSettings("far", "Far", Address(url, **more), mode="legacy", start_s=600)


def speaks(asked: Request, call: Reply) -> Reply:
    """As a server that is in order until a tool of it is called."""
    message = asked.json
    if "id" not in message:
        return Reply(status=202)
    results: dict[str, dict[str, Any]] = {
        "initialize": {
            "protocolVersion": "2025-06-18",
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "far", "version": "1"},
        },
        "tools/list": {"tools": [{"name": "echo", "inputSchema": {"type": "object"}}]},
    }
    if message["method"] == "tools/call":
        return call
    if message["method"] not in results:
        error = {"code": -32601, "message": "Method not found"}
        return json_reply({"jsonrpc": "2.0", "id": message["id"], "error": error})
    result = results[message["method"]]
    return json_reply({"jsonrpc": "2.0", "id": message["id"], "result": result})


JSON = {"content-type": "application/json"}
EVENTS = {"content-type": "text/event-stream"}

CALLS = {
    "too much": (Reply((b"x" * 2**20,) * 34, headers=JSON), "Far sent more than 32 MB at once."),
    "no JSON": (
        Reply((b"{heron",), headers=JSON),
        "Far sent something that does not fit the protocol.",
    ),
    "another protocol": (
        Reply((b"<p>heron",), headers={"content-type": "text/html"}),
        "Far refused: “Unexpected content type: text/html”.",
    ),
    "packed": (
        Reply((gzip.compress(b"{}"),), headers={**JSON, "content-encoding": "gzip"}),
        "Far packs its answers though it was asked not to.",
    ),
    "a fault": (Reply((b"heron",), status=503), "Far answered with HTTP 503."),
    "a limit": (Reply((b"{}",), status=429, headers=JSON), "Far is asked too often."),
    "half an answer": (Reply((b"{",), headers=JSON, cut=True), "Far broke off."),
    "a stream without an answer": (Reply((b": nothing\n\n",), headers=EVENTS), "Far broke off."),
}


@pytest.mark.parametrize("case", CALLS)
async def test_what_a_server_does_to_a_call_costs_that_call_alone(case: str) -> None:
    reply, words = CALLS[case]
    with Loopback(lambda asked: speaks(asked, reply)) as server:
        async with connected(at(f"{server.url}/mcp")) as far:
            assert await far.failed("far__echo") == words
            assert far.status.state == "ready"


async def test_a_server_that_floods_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    note = b'data: {"jsonrpc": "2.0", "method": "notifications/message"}\n\n'
    # More in one read than may come in a second, so that no machine is too slow to notice.
    flood = Reply((note * 500, *(b"data:\n" * 10_000,) * 9), headers=EVENTS)
    with Loopback(lambda asked: speaks(asked, flood)) as server:
        async with connected(at(f"{server.url}/mcp")) as far:
            words = "Far sends more than anyone could read."
            assert await far.failed("far__echo") == words
            await far.until(lambda it: it.status.words == words)
            assert not far.servers.tools()
    assert len(caplog.records) < 10
    assert all(record.exc_info is None for record in caplog.records)


async def test_a_server_that_is_away_says_so() -> None:
    with Loopback(lambda asked: speaks(asked, Reply())) as server:
        url = f"{server.url}/mcp"
    async with connected(at(url), state="failed") as far:
        assert far.status.words == "Far cannot be reached."
        assert not far.servers.tools()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "Far wants to know who asks: give it a token, or “oauth”, in mcp.toml."),
        (404, "Far has nothing at this address that speaks streamable HTTP."),
        (502, "Far answered with HTTP 502."),
    ],
)
async def test_a_server_that_does_not_let_easel_in_says_why(status: int, words: str) -> None:
    with Loopback(lambda _: Reply((b"<p>no",), status=status)) as server:
        async with connected(at(f"{server.url}/mcp"), state="failed") as far:
            assert far.status.words == words


async def test_a_server_that_was_started_anew_is_connected_anew_for_the_next_call() -> None:
    called: list[str] = []

    def answer(asked: Request) -> Reply:
        """The first session is forgotten by the time of the first call."""
        if asked.method == "GET":
            return Reply(status=405)
        if asked.json["method"] == "initialize":
            reply = speaks(asked, Reply())
            session = f"session-{len(called)}"
            return Reply(reply.steps, headers={**reply.headers, "mcp-session-id": session})
        if asked.json["method"] == "tools/call":
            called.append(asked.headers["mcp-session-id"])
            if called[-1] == "session-0":
                return Reply(status=404)
            result = {"content": [{"type": "text", "text": "done"}]}
            return json_reply({"jsonrpc": "2.0", "id": asked.json["id"], "result": result})
        return speaks(asked, Reply())

    with Loopback(answer) as server:
        async with connected(at(f"{server.url}/mcp")) as far:
            assert await far.call("far__echo") == ["done"]
    assert called == ["session-0", "session-1"]


async def test_headers_go_along_and_a_key_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    keys: list[str] = []

    def answer(asked: Request) -> Reply:
        keys.append(asked.headers.get("authorization", ""))
        return speaks(asked, Reply())

    with Loopback(answer) as server:
        async with connected(at(f"{server.url}/mcp", headers={"Authorization": "Bearer heron"})):
            assert set(keys) == {"Bearer heron"}
    assert "heron" not in caplog.text


def oauth_server(asked: Request, grants: list[dict[str, list[str]]], host: str) -> Reply:
    """A server that lets in who has a token, and gives tokens to whom it knows."""
    path = urlsplit(asked.path).path
    if path.startswith("/.well-known/oauth-protected-resource"):
        return json_reply({"resource": f"{host}/mcp", "authorization_servers": [host]})
    if path.startswith("/.well-known/"):
        return json_reply(
            {
                "issuer": host,
                "authorization_endpoint": f"{host}/authorize",
                "token_endpoint": f"{host}/token",
                "registration_endpoint": f"{host}/register",
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
            }
        )
    if path == "/register":
        told = {**asked.json, "client_id": "easel-1"}
        return Reply((json.dumps(told).encode(),), status=201, headers=JSON)
    if path == "/authorize":
        query = parse_qs(urlsplit(asked.path).query)
        back = f"{query['redirect_uri'][0]}?code=c0de&state={query['state'][0]}"
        return Reply(status=302, headers={"location": back})
    if path == "/token":
        grants.append(parse_qs(asked.body.decode()))
        return json_reply({"access_token": "granted", "token_type": "Bearer", "expires_in": 3600})
    if asked.headers.get("authorization") != "Bearer granted":
        return Reply(status=401)
    return speaks(asked, Reply())


@pytest.fixture
def guarded() -> Any:
    grants: list[dict[str, list[str]]] = []
    host: list[str] = [""]
    with Loopback(lambda asked: oauth_server(asked, grants, host[0])) as server:
        host[0] = server.url
        yield server.url, grants


async def test_easel_signs_in_with_a_secret_of_the_hosts(guarded: Any) -> None:
    url, grants = guarded
    oauth = OAuth("client_credentials", "easel", "heron", issuer=url)
    async with connected(at(f"{url}/mcp", oauth=oauth)) as far:
        assert far.status.words == "1 tool."
    assert grants[0]["grant_type"] == ["client_credentials"]


async def test_a_secret_goes_to_no_server_but_the_one_it_is_for(guarded: Any) -> None:
    url, grants = guarded
    oauth = OAuth("client_credentials", "easel", "heron", issuer="https://auth.example")
    async with connected(at(f"{url}/mcp", oauth=oauth), state="failed") as far:
        assert far.status.words == "Far did not let Easel sign in; the log has the cause."
    assert not grants


async def test_the_host_signs_in_once_in_a_browser(
    guarded: Any, caplog: pytest.LogCaptureFixture, tmp_path: Path, free_port: int
) -> None:
    url, grants = guarded
    oauth = OAuth("browser", port=free_port)
    settings = at(f"{url}/mcp", oauth=oauth)
    async with connected(settings, state="connecting", granted=tmp_path) as far:
        await far.until(lambda it: "sign in" in it.status.words)
        (link,) = re.findall(r"open (http\S+)", caplog.text)
        async with httpx.AsyncClient(follow_redirects=True, trust_env=False) as browser:
            stranger = f"http://127.0.0.1:{free_port}/callback?code=evil&state=other"
            assert (await browser.get(stranger)).status_code == 404
            assert "Easel was let in" in (await browser.get(link)).text
        await far.until(lambda it: it.status.state == "ready")
    assert grants[0]["code"] == ["c0de"]
    kept = tmp_path / "far.json"
    assert kept.stat().st_mode & 0o077 == 0, "others can read the grant"
    async with connected(settings, granted=tmp_path):
        assert len(grants) == 1, "the host had to sign in again"


@pytest.fixture
def free_port() -> int:
    """For the browser to come back to."""
    return lasting_port()
