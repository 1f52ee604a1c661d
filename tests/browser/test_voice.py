"""What is said comes where the caret is; replies are read aloud by voices of the machine."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from tests.browser.chromium import chromium_path
from tests.browser.conftest import ARGUMENTS
from tests.browser.screen import Screen
from tests.browser.test_access import violations
from tests.browser.upstream import DRAWS, TALKS, Upstream
from tests.browser.watch import Watch
from tests.loopback import Gate, Reply, Request, json_reply
from tests.patience import PATIENCE_MS
from tests.program import Program
from tests.wire.drawing import form

pytestmark = pytest.mark.browser

ROWS = """
[[model]]
id = "hears"
endpoint = "openai"
wire_name = "whisper-test"
title = "Hears"
transcribes = "server"
"""
FAKE_MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
# No machine that tests has voices: the operating system's are stood in for, and say nothing.
VOICES = """
const voice = (name, lang, localService) =>
  Object.assign(Object.create(SpeechSynthesisVoice.prototype, {
    name: { value: name }, lang: { value: lang }, localService: { value: localService },
    default: { value: false }, voiceURI: { value: name },
  }));
const all = [
  voice("Cloud", "fr-FR", false), voice("Anna", "de-DE", true), voice("Sam", "en-GB", true),
];
globalThis.said = [];
let waiting = null;
Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", { writable: true, value: null });
speechSynthesis.getVoices = () => all;
speechSynthesis.speak = (each) => {
  said.push(`${each.voice.name}: ${each.text}`);
  waiting = each;
};
speechSynthesis.cancel = () => waiting?.dispatchEvent(new Event("error"));
globalThis.spoken = () => waiting.dispatchEvent(new Event("end"));
"""


class Hearing(Upstream):
    """A model that talks, and one that writes down what it hears."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Reply] = []

    def _answer(self, request: Request) -> Reply:
        if request.path.endswith("/audio/transcriptions"):
            return self.heard.pop(0)
        return super()._answer(request)


@pytest.fixture(scope="module")
def model() -> Iterator[Hearing]:
    with Hearing() as server:
        yield server


@pytest.fixture(scope="module")
def studio(model: Hearing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    data = tmp_path_factory.mktemp("voice")
    rows = data / "models.toml"
    rows.write_text(ROWS)
    with Program(data / "data", EASEL_MODELS=str(rows), **model.environ) as running:
        yield running


@pytest.fixture(scope="module")
def speaker(driver: Playwright) -> Iterator[Browser]:
    """A browser whose microphone beeps."""
    browser = driver.chromium.launch(
        executable_path=chromium_path(), args=[*ARGUMENTS, *FAKE_MICROPHONE]
    )
    yield browser
    browser.close()


@pytest.fixture
def visit(speaker: Browser, studio: Program) -> Iterator[tuple[BrowserContext, Watch]]:
    context = speaker.new_context(locale="en-GB", permissions=["microphone"])
    context.set_default_timeout(PATIENCE_MS)
    watch = Watch(context)
    yield context, watch
    watch.judge(f"127.0.0.1:{studio.port}")
    context.close()


def written(text: str) -> Reply:
    return json_reply({"text": text})


def test_what_is_said_comes_where_the_caret_is_and_nothing_in_the_box_is_lost(
    visit: tuple[BrowserContext, Watch], studio: Program, model: Hearing
) -> None:
    context, watch = visit
    screen = Screen(context.new_page(), studio.address).open()
    page, button, strip = (
        screen.page,
        screen.page.locator("#dictate"),
        screen.page.locator("#dictation"),
    )
    screen.words.fill("Paint a fox, please")
    screen.words.evaluate("box => box.setSelectionRange(11, 11)")
    gate = Gate()
    whole = written("in the snow.")
    model.heard = [Reply((gate, *whole.steps), 200, whole.headers)]
    expect(button).to_have_accessible_name("Dictate")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(strip).to_contain_text("Listening")
    expect(strip.get_by_role("timer")).to_have_text("0:01")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(strip).to_contain_text("Writing it down")
    screen.words.press_sequentially("!")
    gate.open()
    expect(screen.words).to_have_value("Paint a fox! in the snow., please")
    expect(strip).to_be_hidden()
    expect(screen.words).to_be_focused()
    expect(screen.questions).to_have_count(0)
    sent = {field.name: field.value for field in form(model._server.requests[-1])}
    assert sent["model"] == b"whisper-test"
    assert sent["file"][:4] == b"RIFF"
    assert len(sent["file"]) > 16_000, "at least half a second"

    asked = len(model._server.requests)
    page.keyboard.press("Alt+t")
    expect(strip).to_contain_text("Listening")
    page.keyboard.press("Escape")
    expect(strip).to_be_hidden()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert len(model._server.requests) == asked

    watch.expect("/api/dictation")
    model.heard = [json_reply({"error": {"message": "busy"}}, 503), written("again")]
    button.click()
    expect(strip.get_by_role("timer")).to_have_text("0:01")
    button.click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("OpenAI-compatible server")
    said.get_by_role("button", name="Try again").click()
    expect(screen.words).to_have_value("Paint a fox! in the snow. again, please")


def test_what_is_said_in_one_conversation_and_to_one_model_goes_to_no_other(
    visit: tuple[BrowserContext, Watch], studio: Program, model: Hearing
) -> None:
    context, _ = visit
    screen = Screen(context.new_page(), studio.address).open()
    page, strip = screen.page, screen.page.locator("#dictation")
    said = page.get_by_role("alert").last
    model.heard = [never := written("for another")]
    screen.choose_model(TALKS)
    screen.told("Hello")
    page.locator("#dictate").click()
    expect(strip.get_by_role("timer")).to_have_text("0:01")
    screen.choose_model(DRAWS)
    expect(said).to_contain_text("another model was chosen")
    expect(strip).to_be_hidden()
    page.locator("#dictate").click()
    expect(strip.get_by_role("timer")).to_have_text("0:01")
    page.evaluate("history.back()")
    expect(said).to_contain_text("another conversation was opened")
    expect(strip).to_be_hidden()
    expect(screen.words).to_have_value("")
    assert model.heard == [never], "nobody was asked"


def test_where_nothing_can_be_heard_the_page_says_why(
    visit: tuple[BrowserContext, Watch], studio: Program
) -> None:
    context, _ = visit
    screen = Screen(context.new_page(), studio.address).open()
    page = screen.page
    screen.words.fill("Stays")
    refusing = """name => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
    }"""
    for name, sentence in (
        ("NotAllowedError", "did not allow"),
        ("NotFoundError", "No microphone was found"),
        ("NotReadableError", "another program may hold it"),
    ):
        page.evaluate(refusing, name)
        page.locator("#dictate").click()
        expect(page.get_by_role("alert").last).to_contain_text(sentence)
    page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    page.locator("#dictate").click()
    expect(page.get_by_role("alert").last).to_contain_text("pages with https alone")
    expect(page.locator("#dictation")).to_be_hidden()
    expect(screen.words).to_have_value("Stays")


def test_a_reply_is_read_in_its_language_by_voices_of_this_machine_alone(
    visit: tuple[BrowserContext, Watch], studio: Program, model: Hearing
) -> None:
    context, _ = visit
    context.add_init_script(VOICES)
    model.says(
        "lies vor",
        "Das ist der **Fuchs** und nicht die Katze.\n\n```python\nprint(1)\nprint(2)\n```\n\n"
        "| Tier | Farbe |\n|---|---|\n| Fuchs | rot |\n\n"
        "- This is the second language of the list.\n",
    )
    screen = Screen(context.new_page(), studio.address).open()
    page = screen.page
    screen.ask("lies vor")
    button = page.get_by_role("button", name="Read aloud")
    button.click()
    stop = page.get_by_role("button", name="Stop reading")
    expect(stop).to_have_attribute("aria-pressed", "true")
    heard = [
        "Anna: Das ist der Fuchs und nicht die Katze.",
        "Sam: 2 lines of python, not read.",
        "Anna: Tier: Fuchs; Farbe: rot",
        "Sam: This is the second language of the list.",
    ]
    for number in range(1, 5):
        page.wait_for_function(f"said.length === {number}")
        assert page.evaluate("said") == heard[:number]
        page.evaluate("spoken()")
    expect(button).to_be_visible()
    page.keyboard.press("Alt+r")
    expect(stop).to_be_visible()
    page.keyboard.press("Escape")
    expect(button).to_be_visible()


def test_without_a_model_that_hears_and_a_voice_here_there_are_no_buttons(screen: Screen) -> None:
    screen.ask("Hello")
    expect(screen.page.locator("#dictate")).to_be_hidden()
    expect(screen.page.locator('[data-act="read"]')).to_be_hidden()
