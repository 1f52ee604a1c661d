"""What every setting of a conversation promises: one row, and the rest follows from it.

Each row is kept by every store, taken and told over HTTP, and shown by the page. A row that this
program does not have is planted into a copy of it, which then must do all of that with it.
"""

import shutil
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from chat.core.conversation_settings import SETTINGS, ConversationSettings, Setting
from chat.core.messages import Conversation
from chat.core.models import ModelCard
from chat.core.parts import Json
from chat.core.ports import Conversations
from chat.core.shapes import SizeLimits
from tests.contracts.samples import ME, conversation
from tests.unit.turns.workshop import Workshop
from tests.unit.web.studio import Studio, opened

ROOT = Path(__file__).resolve().parents[2]
RICH = ModelCard(
    "model",
    "door",
    "wire-model",
    "The Model",
    tools=True,
    aspect_ratios=("1:1", "16:9"),
    image_sizes=("1K", "2K"),
    qualities=("low", "high"),
    backgrounds=("opaque", "transparent"),
    styles=("natural", "vivid"),
    complexities=("low", "high"),
    output_formats=("png", "svg", "gif"),
    person_generations=("ALLOW_ADULT", "ALLOW_ALL"),
    negative_prompt=True,
    grounding=True,
    images_parameters=("safety_identifier", "frame_count"),
    size_limits=SizeLimits(16, 3840, 3, 655_360, 8_294_400),
    n_max=4,
)
"""A model that has every setting there is."""

WORDS = ModelCard("words", "door", "wire-words", "Words Alone")
"""A model that has none that a model can lack."""


def sample(setting: Setting) -> Json:
    """A value that somebody may choose, and that is not the default."""
    if setting.name == "model":
        return RICH.id
    if setting.widget == "menu":
        return setting.choices(RICH)[-1]
    if setting.name == "pixels":
        return "1536x864"
    if setting.name == "safety_identifier":
        return "reader-7"
    if setting.name == "tool_policy":
        return {"clock": "deny"}
    if setting.name == "tool_schemas":
        return {"clock": "0f" * 32}
    if setting.type is int:
        return setting.row.most if setting.row.most != setting.default else setting.row.least
    if setting.type is bool:
        return not setting.default
    return 'An otter,\n"quoted" – 🦦'


def studio_of(*cards: ModelCard) -> Workshop:
    shop = Workshop([], card=cards[0])
    shop.add_cards(*cards[1:])
    return shop


each_setting = pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)


def test_every_field_of_the_settings_is_a_row() -> None:
    assert [each.name for each in SETTINGS] == [each.name for each in fields(ConversationSettings)]
    assert len({each.label for each in SETTINGS}) == len(SETTINGS)


@each_setting
def test_a_store_keeps_it(store: Conversations, setting: Setting) -> None:
    created = conversation()
    store.create(created)
    assert getattr(store.get(ME, created.id), setting.name) == getattr(created, setting.name)
    value = sample(setting)
    store.change(ME, created.id, lambda now: replace(now, **{setting.name: value}))
    kept = store.get(ME, created.id)
    assert getattr(kept, setting.name) == value
    assert replace(kept, **{setting.name: getattr(created, setting.name)}) == created


@each_setting
async def test_it_is_changed_and_told_over_http(setting: Setting) -> None:
    async with opened(studio_of(RICH)) as made:
        mine, other = await made.begin(), await made.begin()
        value = sample(setting)
        told = await made.set(mine, {setting.name: value})
        assert told["settings"][setting.name]["value"] == value
        assert told["settings"][setting.name]["offered"] is True
        assert await read(made, mine) == told
        assert getattr(made.shop.store.get(ME, mine), setting.name) == value
        untouched = made.shop.store.get(ME, other)
        assert getattr(untouched, setting.name) == getattr(
            Conversation("", "", "", model=RICH.id), setting.name
        )
        if setting.row.resets:
            again = await made.set(mine, {setting.name: None})
            assert again["settings"][setting.name]["value"] == setting.default


@each_setting
async def test_a_value_of_another_form_is_refused_in_words_and_changes_nothing(
    setting: Setting,
) -> None:
    marker = "secret words"
    strange = [marker * 4_000, {marker: 1}, [marker], [{marker: [marker]}], 10**30, -1.5]
    async with opened(studio_of(RICH)) as made:
        mine = await made.begin()
        before = made.shop.store.get(ME, mine)
        for value in strange:
            told = await made.set(mine, {"tools_on": True, setting.name: value}, status=422)
            assert told["error"].endswith(".")
            assert marker not in told["error"]
            assert len(told["error"]) < 300
        assert made.shop.store.get(ME, mine) == before


@each_setting
async def test_a_model_that_does_not_have_it_neither_takes_nor_forgets_it(
    setting: Setting,
) -> None:
    if setting.offered(WORDS):
        return  # every model has it
    value = sample(setting)
    async with opened(studio_of(RICH, WORDS)) as made:
        mine, fresh = await made.begin(), await made.begin()
        await made.set(mine, {setting.name: value})
        await made.set(fresh, {"model": WORDS.id})
        told = await made.set(fresh, {setting.name: value}, status=422)
        assert WORDS.title in told["error"]
        told = await made.set(mine, {"model": WORDS.id})
        assert told["settings"][setting.name]["offered"] is False
        assert told["settings"][setting.name]["value"] == value
        # The same once more, and its default, are no choice that this model lacks.
        await made.set(mine, {setting.name: value})
        await made.set(mine, {"model": RICH.id})
        assert (await read(made, mine))["settings"][setting.name]["value"] == value


async def test_what_goes_with_another_model_in_one_change_is_checked_against_that_model() -> None:
    async with opened(studio_of(WORDS, RICH)) as made:
        mine = await made.begin()
        await made.set(mine, {"aspect_ratio": "16:9", "model": RICH.id})
        kept = made.shop.store.get(ME, mine)
        assert (kept.model, kept.aspect_ratio) == (RICH.id, "16:9")
        await made.set(mine, {"model": WORDS.id, "image_size": "1K"}, status=422)
        assert made.shop.store.get(ME, mine) == kept


@pytest.mark.parametrize(
    "changes", [{"hue": 1}, {"title": "x"}, {"owner": "mallory"}, {"extra": {}}]
)
async def test_a_name_that_is_no_setting_is_refused_in_words(changes: dict[str, Any]) -> None:
    async with opened(studio_of(RICH)) as made:
        mine = await made.begin()
        before = made.shop.store.get(ME, mine)
        told = await made.set(mine, {"system": "Be brief.", **changes}, status=422)
        assert told == {"error": "A conversation has no setting of that name."}
        assert made.shop.store.get(ME, mine) == before


async def test_nobody_reads_or_changes_the_settings_of_anothers_conversation() -> None:
    async with opened(studio_of(RICH)) as made, opened(made.shop, "mallory") as other:
        mine = await made.begin()
        await other.set(mine, {"system": "Lie."}, status=404)
        response = await other.http.get(f"/api/conversations/{mine}/settings")
        assert response.status_code == 404
        assert made.shop.store.get(ME, mine).system == ""


async def test_before_a_conversation_is_begun_it_shows_the_settings_it_will_have() -> None:
    async with opened(studio_of(RICH)) as made:
        before = (await made.http.get("/api/settings")).json()
        assert before == await read(made, await made.begin())


async def read(made: Studio, conversation_id: str) -> Any:
    response = await made.http.get(f"/api/conversations/{conversation_id}/settings")
    assert response.headers["cache-control"] == "private, no-store"
    return response.json()


PLANTED = """
    language: str = ""
    mood: Literal["calm", "wild"] = "calm"
    steps: int = 0
    surprising: bool = False
"""

TRIAL = """
import asyncio, json, sys
from pathlib import Path
import httpx
from chat.ui.page import build_page
from chat.core.messages import Conversation, new_id
from storage.open import open_conversations
from tests.contracts.test_conversation_settings import RICH, Workshop, read
from tests.unit.web.studio import opened, app_state_of

CHOSEN = {"language": "Dutch", "mood": "wild", "steps": 3, "surprising": True}
STRANGE = {"language": 7, "mood": "sad", "steps": "many", "surprising": 1}

async def main():
    address = f"sqlite:///{Path(sys.argv[1]) / 'trial.db'}"
    shop = Workshop([], RICH, store=open_conversations(address))
    async with opened(shop) as made:
        mine = await made.begin()
        for name, value in STRANGE.items():
            assert (await made.set(mine, {name: value}, status=422))["error"], name
        await made.set(mine, CHOSEN)
        told = await read(made, mine)
        page = build_page(app_state_of(shop))
    shop.store.close()
    again = open_conversations(address)
    kept = again.get("me", mine)
    again.close()
    shown = {
        str(part["props"].get("elem_id")): part["type"] for part in page.config["components"]
    }
    print(json.dumps({
        "told": {name: told["settings"][name]["value"] for name in CHOSEN},
        "kept": {name: getattr(kept, name) for name in CHOSEN},
        "shown": {name: shown.get(f"setting-{name}") for name in CHOSEN},
    }))

asyncio.run(main())
"""


@pytest.mark.deep
def test_a_planted_row_is_kept_told_and_shown_without_any_other_edit(tmp_path: Path) -> None:
    """In a copy of the program with the new lines in its schema, and nothing else."""
    for folder in ("chat", "storage", "sketch", "tests", "assets"):
        if (ROOT / folder).exists():
            shutil.copytree(
                ROOT / folder,
                tmp_path / folder,
                ignore=shutil.ignore_patterns("__pycache__", "screenshots"),
            )
    schema = tmp_path / "chat" / "core" / "conversation_settings.py"
    text = schema.read_text(encoding="utf-8")
    assert text.count("    @property\n    def options") == 1
    before, after = text.split("    @property\n    def options")
    schema.write_text(f"{before}{PLANTED}\n    @property\n    def options{after}", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", TRIAL, str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "PYTHONPATH": str(tmp_path), "GRADIO_ANALYTICS_ENABLED": "False"},
    )
    assert done.returncode == 0, done.stderr
    chosen = '{"language": "Dutch", "mood": "wild", "steps": 3, "surprising": true}'
    components = (
        '{"language": "textbox", "mood": "dropdown", "steps": "number", "surprising": "checkbox"}'
    )
    expected = f'{{"told": {chosen}, "kept": {chosen}, "shown": {components}}}'
    assert done.stdout.splitlines()[-1] == expected
