"""What models and people write is words: it neither runs, nor loads, nor leads astray."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.program import Program
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

EVIL = "http://evil.example"
RUN = "window.won = true"
HOSTILE = [
    f"<script>{RUN}</script>",
    f"<img src=x onerror='{RUN}'>",
    f"<svg onload='{RUN}'><animate onbegin='{RUN}'></svg>",
    "<iframe srcdoc='<script>parent.won = true</script>'></iframe>",
    f"<details open ontoggle='{RUN}'>x</details>",
    f"[click](javascript:{RUN})",
    f"[click](JaVaScRiPt&colon;{RUN})",
    f"[click](data:text/html,<script>{RUN}</script>)",
    "${window.won = true}",
    "{{ constructor.constructor('window.won = true')() }}",
    "<style>#words { display: none }</style>",
    f"<base href='{EVIL}/'>",
    f"<form action='{EVIL}'><input name=q autofocus onfocus='{RUN}'></form>",
    f"![a picture]({EVIL}/leak.png)",
    f"<img src='{EVIL}/leak.png'>",
    f"<link rel=stylesheet href='{EVIL}/leak.css'>",
    f"```html\n<script>{RUN}</script>\n```",
    f"$\\href{{javascript:{RUN}}}{{x}}$",
    f"</div></article><script>{RUN}</script>",
    f"| a |\n|---|\n| <img src=x onerror='{RUN}'> |",
]
TEXT = "\n\n".join(HOSTILE)


def harmless(screen: Screen, watch: Watch) -> None:
    """Nothing ran, nothing was asked, nothing was built that could."""
    page = screen.page
    assert page.evaluate("window.won") is None
    built = page.locator("#messages").locator(
        "script, iframe, object, embed, form, style, link, base, img:not([src^='media/'])"
    )
    expect(built).to_have_count(0)
    listening = "all => all.filter(e => e.getAttributeNames().some(n => n.startsWith('on'))).length"
    assert page.locator("#messages *").evaluate_all(listening) == 0
    links = page.locator("#messages a").evaluate_all("all => all.map(a => a.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}
    expect(screen.words).to_be_visible()
    assert watch.hosts() == {screen.address.removeprefix("http://")}


def test_hostile_words_of_a_model_are_words(
    screen: Screen, upstream: Upstream, watch: Watch
) -> None:
    upstream.says("be hostile", *(f"{attack}\n\n" for attack in HOSTILE))
    body = screen.told("be hostile").locator(".body")
    harmless(screen, watch)
    expect(body).to_contain_text(f"<script>{RUN}</script>")
    expect(body).to_contain_text("${window.won = true}")
    expect(body).to_contain_text("{{ constructor.constructor")
    for link in body.get_by_text("click", exact=True).all():
        link.click()
    screen.reload()
    harmless(screen, watch)


def test_hostile_words_of_a_person_are_shown_to_the_letter(screen: Screen, watch: Watch) -> None:
    """They may have been pasted from anywhere."""
    screen.told(TEXT)
    said = screen.questions.last.locator(".said")
    assert said.evaluate("e => e.textContent") == TEXT
    harmless(screen, watch)
    screen.reload()
    assert said.evaluate("e => e.textContent") == TEXT
    harmless(screen, watch)


def test_hostile_titles_prompts_and_tool_names_are_words_too(
    screen: Screen, upstream: Upstream, watch: Watch
) -> None:
    call = {"index": 0, "id": "1", "type": "function"}
    asks = {"name": HOSTILE[1], "arguments": json.dumps({"x": HOSTILE[0]})}
    upstream.says(
        "hostile tools", {"tool_calls": [{**call, "function": asks}]}, finish="tool_calls"
    )
    reply = screen.told(f"hostile tools {HOSTILE[1]}", "failed")
    expect(reply.locator(".tool").first).to_be_visible()
    expect(screen.rows.filter(has_text="hostile tools <img")).to_have_count(1)
    expect(screen.page).to_have_title(re.compile("^hostile tools <img"))
    harmless(screen, watch)


def test_hostile_names_and_prompts_of_pictures_are_words_wherever_pictures_are_shown(
    screen: Screen, upstream: Upstream, watch: Watch, easel: Program
) -> None:
    attack = HOSTILE[1]
    upstream.says("draw", tiny_png(77), f"{attack}")
    screen.told(f"draw {attack}")
    sha = screen.pictures.last.get_attribute("data-sha")
    named = easel.http.post(f"{easel.address}/api/pictures/{sha}/name", json={"name": attack})
    assert named.json() == {"name": attack}
    screen.page.locator("[data-bar=versions]").click()
    expect(screen.page.locator("#versions")).to_contain_text(attack)
    screen.page.locator("#versions .version").first.click()
    harmless(screen, watch)
    screen.page.keyboard.press("Escape")
    screen.page.locator("#show-library").click()
    found = screen.page.locator("#pictures .tile").first
    expect(found).to_be_visible()
    found.dblclick()
    expect(screen.page.locator("#viewer[open]")).to_be_visible()
    expect(screen.page.locator("#viewer")).to_contain_text(attack)
    assert screen.page.evaluate("window.won") is None
    for part in ("#viewer", "#pictures", "#versions"):
        expect(screen.page.locator(f"{part} img[src=x]")).to_have_count(0)


def test_an_address_that_is_no_id_opens_nothing(screen: Screen) -> None:
    for odd in ("../../etc", "<script>", "%27%22", "0" * 400):
        screen.page.goto(f"{screen.address}/?c={odd}")
        expect(screen.page.locator("body[data-easel=ready]")).to_be_attached()
        expect(screen.page.locator("#welcome")).to_be_visible()
