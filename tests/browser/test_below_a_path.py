"""Below a path of a site, as an nginx serves it: page, pictures, uploads and the live line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screen import Screen, file
from tests.nginx import NGINX, fronted
from tests.patience import PATIENCE_MS
from tests.program import Program
from tests.wire_shapes import tiny_png

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(NGINX is None, reason="there is no nginx on this machine"),
]

PREFIX = "proxy_set_header X-Forwarded-Prefix /studio;"
UPGRADE = 'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade";'


def location(easel: Program, more: str, *, stripped: bool) -> str:
    """The site's path ``/studio/``, which leads to Easel."""
    return (
        "location /studio/ {"
        f" proxy_pass http://127.0.0.1:{easel.port}{'/' if stripped else ''};"
        f" proxy_http_version 1.1; proxy_set_header Host $http_host; proxy_buffering off; {more} }}"
    )


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("more", "stripped"),
    [(PREFIX + UPGRADE, True), (PREFIX + UPGRADE, False), (PREFIX, True)],
    ids=["path taken away", "path kept", "without a WebSocket"],
)
def test_a_proxy_says_the_path_and_all_of_the_page_works_there(
    page: Page, easel: Program, more: str, stripped: bool, tmp_path: Path
) -> None:
    with fronted(tmp_path, location(easel, more, stripped=stripped)) as site:
        asked: list[str] = []
        wrong: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("websocket", lambda socket: asked.append(socket.url.replace("ws", "http", 1)))
        page.on(
            "response",
            lambda told: (
                wrong.append(told.url)
                if told.status >= 400 and not told.url.endswith("/live")
                else None
            ),
        )
        page.on("pageerror", lambda error: wrong.append(str(error)))
        screen = Screen(page, f"{site}/studio").open()
        screen.attach(file("dot.png", tiny_png(9)))
        screen.settled_tray(1)
        screen.told("What is that?")
        assert page.url.startswith(f"{site}/studio/?c=")
        sent = screen.questions.locator(".pic img")
        expect(sent).to_have_js_property("complete", value=True)
        assert sent.evaluate("image => image.naturalWidth") > 0
        # The settings are Gradio's, and so is what they show.
        page.locator("#open-settings").click()
        expect(page.locator("#setting-system textarea")).to_be_in_viewport()
        screen.reload()
        expect(screen.questions).to_have_count(1)
        screen.rows.first.locator("a").click()
        screen.shows(screen.conversation)
        assert wrong == []
        assert [
            url for url in asked if not url.startswith((f"{site}/studio/", "blob:", "data:"))
        ] == []


def test_a_page_whose_live_line_is_refused_says_why(
    page: Page, easel: Program, tmp_path: Path
) -> None:
    """A proxy that changes the Host lets the page be read, and everything else be refused."""
    host = f"localhost:{easel.port}"
    through = (
        f"location / {{ proxy_pass http://127.0.0.1:{easel.port}; proxy_http_version 1.1;"
        f" proxy_set_header Host {host}; {UPGRADE} }}"
    )
    with fronted(tmp_path, through) as site:
        page.goto(site)
        expect(page.locator("#offline")).to_contain_text("pass on the Host")
        expect(page.locator("#offline")).to_be_visible()
        page.locator("#words").fill("Is anybody there?")
        page.locator("#words").press("Enter")
        expect(page.locator("#toasts .toast").first).to_contain_text("docs/hosting.md")
        expect(page.locator("#words")).to_have_value("Is anybody there?")


def test_a_name_that_easel_does_not_know_gets_a_page_with_what_to_set(
    page: Page, easel: Program, tmp_path: Path
) -> None:
    through = (
        f"location / {{ proxy_pass http://127.0.0.1:{easel.port};"
        " proxy_set_header Host studio.example; }"
    )
    with fronted(tmp_path, through) as site:
        answer = page.goto(site)
        assert answer is not None
        assert answer.status == 400
        expect(page.get_by_role("status")).to_contain_text("does not answer under this host name")
        expect(page.locator("main")).to_contain_text("EASEL_HOSTS")
