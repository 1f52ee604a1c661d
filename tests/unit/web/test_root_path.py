"""Below a path every address is there, whoever says the path; and what is no path is refused."""

import json
import re
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from chat.core.errors import ConfigError
from chat.settings import read_settings
from chat.ui.page import ASSETS, head_html
from chat.version import Build
from chat.web.forwarded import ForwardedHeaders
from chat.web.page_files import page_files
from chat.web.page_scripts import relative
from chat.web.root_path import RootPathMiddleware, base_of, root_of

SOURCES = sorted(
    [*ASSETS.glob("js/**/*.js"), *ASSETS.glob("css/*.css"), *ASSETS.glob("html/*.html")]
)
AT_THE_ROOT = re.compile(r"""["'`}(=]/(?!/)[\w?]""")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_script_style_or_frame_asks_at_the_root(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    # A regular expression may begin so; an address of ours does not.
    assert not re.search(r"""["'`]/(?:api|media|easel|live|access|\?c)\b""", text)
    if source.suffix != ".js":
        assert not AT_THE_ROOT.search(text)


def test_the_head_of_the_page_names_all_beside_it() -> None:
    for whole in (True, False):
        tags = page_files(ASSETS, whole=whole).tags
        assert not AT_THE_ROOT.search(head_html(Build("of a test"), tags))


def test_the_page_loses_its_base_and_what_stands_at_the_root() -> None:
    page = b'<base href="./" /><link rel="manifest" href="/manifest.json" /><p>"/manifest.json"'
    assert relative(page) == b'<p>"/manifest.json"'  # Easel has a manifest of its own
    # Whoever is sent a link is not shown another product's name.
    for shown in (
        b'<meta property="og:title" content="Gradio" />',
        b'<meta\n\tproperty="og:image"\n\tcontent="https://example.com/a.png"\n/>\n',
        b"<meta content='x' name='twitter:card'>",
    ):
        assert relative(b'<meta name="viewport">' + shown + b"<p>") == b'<meta name="viewport"><p>'


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("", ""),
        ("/", ""),
        ("studio", "/studio"),
        ("/a/b/", "/a/b"),
        (" /my-art_1.0 ", "/my-art_1.0"),
    ],
)
def test_a_path_is_read_as_people_write_it(text: str, path: str) -> None:
    assert read_settings([], {"EASEL_ROOT_PATH": text}).root_path == path


@pytest.mark.parametrize(
    "text", ["/a b", "/..", "/./a", "https://site.example/a", "/a?b", "/ä", '/"', "/~me"]
)
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="EASEL_ROOT_PATH"):
        read_settings([], {"EASEL_ROOT_PATH": text})


async def _seen(request: Request) -> JSONResponse:
    scope = request.scope
    return JSONResponse([scope["path"], root_of(scope), base_of(scope)])


async def _asked(
    path: str, *said: str, root_path: str = "", client: str = "127.0.0.1", trusted: str = ""
) -> httpx.Response:
    """What the inside sees of a request through a proxy that says this."""
    app = Starlette(routes=[Route("/{path:path}", _seen)])
    environ = {"FORWARDED_ALLOW_IPS": trusted} if trusted else {}
    served = ForwardedHeaders(RootPathMiddleware(app, root_path), environ)
    transport = httpx.ASGITransport(served, client=(client, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://studio.example") as proxy:
        return await proxy.get(path, headers=[("X-Forwarded-Prefix", each) for each in said])


@pytest.mark.parametrize(
    ("path", "said", "seen"),
    [
        ("/", [], ["/", "", ""]),
        ("/api/models", ["/studio"], ["/api/models", "/studio", "/studio"]),
        ("/studio/api/models", ["/studio/"], ["/api/models", "/studio", "/studio"]),
        ("/studios/x", ["studio"], ["/studios/x", "/studio", "/studio"]),
        ("/x", ["/a", "/b"], ["/x", "/a/b", "/a/b"]),
        ("/x", ["/a, /b/"], ["/x", "/a/b", "/a/b"]),
        ("/x", ["/"], ["/x", "", ""]),
        ("/api/x", ["/api"], ["/x", "/api", "/api"]),
        ("/~abc/live", ["/studio"], ["/live", "/studio", "/studio/~abc"]),
        ("/~abc", [], ["/~abc", "", ""]),
    ],
)
async def test_a_proxy_says_the_path_whether_or_not_it_has_taken_it_away(
    path: str, said: list[str], seen: list[str]
) -> None:
    assert json.loads((await _asked(path, *said)).text) == seen


async def test_a_path_that_is_set_is_the_one() -> None:
    answer = await _asked("/studio/x", "/elsewhere", root_path="/studio")
    assert answer.json() == ["/x", "/studio", "/studio"]


async def test_the_bare_path_leads_into_it() -> None:
    answer = await _asked("/studio?c=1", "/studio")
    assert (answer.status_code, answer.headers["location"]) == (308, "/studio/?c=1")


@pytest.mark.parametrize(
    "said", ["//evil.example", "https://evil.example/", "/..", "/a\\b", "/'><script>", "/a" * 200]
)
async def test_what_a_proxy_says_that_is_no_path_of_this_site_leads_nowhere(
    said: str, caplog: pytest.LogCaptureFixture
) -> None:
    root = (await _asked("/x", said)).json()[1]
    # A host after two slashes is a name like any other below one.
    assert root in {"", "/evil.example"}
    assert root or "EASEL_ROOT_PATH" in caplog.text


async def test_a_stranger_moves_nothing() -> None:
    assert (await _asked("/x", "/studio", client="203.0.113.9")).json()[1] == ""
    believed = await _asked("/x", "/studio", client="203.0.113.9", trusted="203.0.113.0/24")
    assert believed.json()[1] == "/studio"
