"""What a picture model takes beyond shape and size can be set in the panel, and reaches it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screen import Screen, kept
from tests.loopback import Loopback, Reply, Request, json_reply
from tests.patience import PATIENCE_MS
from tests.program import Program
from tests.wire.drawing import answer
from tests.wire_shapes import imagen_answer, tiny_png

pytestmark = pytest.mark.browser

RED = tiny_png(200)
ENDPOINTS = """
[[endpoint]]
id = "images"
kind = "openai_images"
title = "My images"
base_url = "{url}/v1"
key_env = ["MY_KEY"]

[[endpoint]]
id = "cloud"
kind = "imagen"
title = "My cloud"
base_url = "{url}"
key_env = ["MY_KEY"]
options = {{ enterprise = true }}
"""
MODEL = """
[[model]]
id = "{title}"
endpoint = "{endpoint}"
wire_name = "{title}"
title = "{title}"
stream = false
input_modalities = ["text"]
output_modalities = ["image"]
{facts}
"""
DALLY = """
styles = ["vivid", "natural"]
n_max = 10
negative_prompt = true
images_parameters = ["n", "style", "user", "negative_prompt"]
"""
GIPPY = """
qualities = ["low"]
n_max = 3
images_parameters = ["n", "safety_identifier", "quality"]
"""
IMAGO = """
n_max = 4
negative_prompt = true
person_generations = ["ALLOW_ALL", "ALLOW_ADULT"]
"""
FACTS = {
    "Dally": ("images", DALLY),
    "Gippy": ("images", GIPPY),
    "Plain": ("images", "images_parameters = []"),
    "Imago": ("cloud", IMAGO),
}
"""Each model with its endpoint and what else its row says."""

PANEL = {
    "style": "natural",
    "n": "3",
    "negative-prompt": "fog, and “rain”",
    "safety-identifier": "reader-7",
    "person-generation": "ALLOW_ADULT",
}
"""What is set, as far as the model has it."""


def sent(request: Request) -> dict[str, Any]:
    """What was asked for beside the words."""
    body: dict[str, Any] = request.json
    if "instances" in body:
        defaults = {"includeRaiReason", "sampleCount"}
        told = body["parameters"]
        return {n: v for n, v in told.items() if n not in defaults or (n, v) == ("sampleCount", 3)}
    return {name: value for name, value in body.items() if name not in {"model", "prompt"}}


WANTED: Mapping[str, dict[str, Any]] = {
    "Dally": {
        "style": "natural",
        "n": 3,
        "negative_prompt": "fog, and “rain”",
        "user": "reader-7",
    },
    "Gippy": {"n": 3, "safety_identifier": "reader-7"},
    "Plain": {},
    "Imago": {
        "sampleCount": 3,
        "negativePrompt": "fog, and “rain”",
        "personGeneration": "ALLOW_ADULT",
    },
}
HAVE = {
    "Dally": {"style", "n", "negative-prompt", "safety-identifier"},
    "Gippy": {"n", "safety-identifier"},
    "Plain": set[str](),
    "Imago": {"n", "negative-prompt", "person-generation"},
}


def drawn(request: Request) -> Reply:
    return json_reply(imagen_answer(RED)) if "predict" in request.path else answer(RED)


@pytest.fixture(scope="module")
def painters() -> Iterator[Loopback]:
    with Loopback(drawn) as server:
        yield server


@pytest.fixture(scope="module")
def program(painters: Loopback, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("painters")
    rows = (MODEL.format(title=t, endpoint=e, facts=f) for t, (e, f) in FACTS.items())
    file = folder / "models.toml"
    file.write_text(ENDPOINTS.format(url=painters.url) + "".join(rows), "utf-8")
    with Program(folder / "data", EASEL_MODELS=str(file), MY_KEY="my-key") as running:
        yield running


@pytest.fixture
def page(chromium: Browser, program: Program) -> Iterator[Page]:
    del program
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def choose(page: Page, name: str, value: str) -> None:
    """Set one setting in the panel, and wait until the server has kept it."""
    with kept(page):
        if name in {"negative-prompt", "safety-identifier"}:
            field = page.locator(f"#setting-{name}").get_by_role("textbox")
            field.fill(value)
            field.blur()
        else:
            page.locator(f"#setting-{name} input").click()
            page.get_by_role("option", name=value, exact=True).click()


@pytest.mark.parametrize("title", FACTS)
def test_what_a_model_takes_is_set_in_the_panel_and_reaches_it(
    page: Page, program: Program, painters: Loopback, title: str
) -> None:
    screen = Screen(page, program.address).open()
    screen.choose_model(title)
    page.locator("#open-settings").click()
    expect(page.locator("#setting-system textarea")).to_be_in_viewport()
    for name in PANEL:
        if name in HAVE[title]:
            expect(page.locator(f"#setting-{name}")).to_be_visible()
        else:
            expect(page.locator(f"#setting-{name}")).to_be_hidden()
    for name in sorted(HAVE[title]):
        choose(page, name, PANEL[name])
    painters.requests.clear()
    screen.told(f"Paint for {title}")
    screen.reload()
    screen.told("And once more")
    assert [sent(r) for r in painters.requests if r.method == "POST"] == [WANTED[title]] * 2


def test_what_another_model_has_no_choice_of_stays_at_home_and_comes_back_with_the_first(
    page: Page, program: Program, painters: Loopback
) -> None:
    screen = Screen(page, program.address).open()
    screen.choose_model("Dally")
    page.locator("#open-settings").click()
    for name in sorted(HAVE["Dally"]):
        choose(page, name, PANEL[name])
    painters.requests.clear()
    for title in ("Plain", "Imago", "Gippy", "Dally"):
        screen.choose_model(title)
        screen.told(f"Paint for {title}")
    imagos = {n: v for n, v in WANTED["Imago"].items() if n != "personGeneration"}
    wanted = [WANTED["Plain"], imagos, WANTED["Gippy"], WANTED["Dally"]]
    assert [sent(r) for r in painters.requests if r.method == "POST"] == wanted
