"""Aids for the words of a message over HTTP: presets, earlier questions, settings of a reply."""

import asyncio

from fastapi import Response

from chat.conversations.presets import Preset, Presets
from chat.conversations.prompts import Prompts
from chat.core.conversation_settings import SETTINGS
from chat.core.errors import CapabilityError, ConfigError, NotFound
from chat.core.messages import STUDIO
from chat.core.text import clean_text
from chat.turns.app_state import AppState
from chat.web.api.answers import PRIVATE, answer
from chat.web.api.conversations import Deleted
from chat.web.api.prompts import (
    EarlierPrompts,
    PresetKept,
    PresetPack,
    PresetsAdded,
    PresetShown,
    PresetsShown,
    PromptDraft,
    PromptHelp,
    Rewording,
)
from chat.web.api.settings import SettingsOfConversation
from chat.web.api.values import Id
from chat.web.conversation_settings import described
from chat.web.owner import Owner
from chat.web.routes import Routes

SHOWN_PROMPTS = 50


def router(app_state: AppState) -> Routes:
    """``/api/presets``, ``/api/prompts``, and ``settings`` of a message."""
    api = Routes("/api")
    _presets(api, Presets(app_state.conversations))
    _reuse(api, app_state)
    _improvement(api, app_state)
    return api


def _presets(api: Routes, presets: Presets) -> None:
    @api.get("/presets", response_model=PresetsShown)
    async def listed(owner: Owner) -> Response:
        found = await presets.all(owner)
        return answer(PresetsShown(presets=[_shown(each) for each in found]), PRIVATE)

    @api.post("/presets", response_model=PresetShown)
    async def add(owner: Owner, body: PresetKept) -> Response:
        return answer(_shown(await presets.keep(owner, "", body.title, body.group, body.text)))

    @api.post("/presets/pack", response_model=PresetsAdded)
    async def take_in(owner: Owner, pack: PresetPack) -> Response:
        """Add the presets of a file; what is there already is not added again."""
        each = [(one.title, one.group, one.text) for one in pack.presets]
        return answer(PresetsAdded(added=await presets.take_in(owner, each)))

    @api.post("/presets/{preset_id}", response_model=PresetShown)
    async def change(owner: Owner, preset_id: Id, body: PresetKept) -> Response:
        kept = await presets.keep(owner, preset_id, body.title, body.group, body.text)
        return answer(_shown(kept))

    @api.delete("/presets/{preset_id}", response_model=Deleted)
    async def forget(owner: Owner, preset_id: Id) -> Response:
        await presets.forget(owner, preset_id)
        return answer(Deleted())


def _reuse(api: Routes, app_state: AppState) -> None:
    prompts = Prompts(app_state.conversations)

    @api.get("/prompts", response_model=EarlierPrompts)
    async def earlier(owner: Owner, q: str = "") -> Response:
        found = await prompts.earlier(owner, q[:500], SHOWN_PROMPTS)
        return answer(EarlierPrompts(prompts=found), PRIVATE)

    @api.post("/messages/{message_id}/settings", response_model=SettingsOfConversation)
    async def use(owner: Owner, message_id: Id) -> Response:
        """Have the conversation's next reply made as this one was: its model, its settings."""
        reply = await asyncio.to_thread(app_state.conversations.message, owner, message_id)
        origin = reply.origin
        if reply.role != "assistant" or origin is None or origin.kind == STUDIO.kind:
            raise NotFound("No model made this, so there are no settings to use.")
        chosen = {each.name: origin.settings.get(each.name) for each in SETTINGS if each.row.option}
        changes = {"model": origin.chosen, **chosen}
        settings = app_state.settings
        await settings.change(owner, reply.conversation_id, changes)
        shown = await settings.shown(owner, reply.conversation_id)
        return answer(described(shown))


def _improvement(api: Routes, app_state: AppState) -> None:
    improver = app_state.engine.improver

    async def model(owner: str, conversation: str) -> str:
        return (await app_state.library.get(owner, conversation)).model if conversation else ""

    @api.get("/improvement", response_model=PromptHelp)
    async def can(owner: Owner, conversation: Id | None = None) -> Response:
        """Whether the words of a message can be improved: by which model, or why not."""
        try:
            card = improver.by(owner, await model(owner, conversation or ""))
        except (CapabilityError, ConfigError) as error:
            return answer(PromptHelp(model="", reason=str(error)), PRIVATE)
        return answer(PromptHelp(model=card.title, reason=""), PRIVATE)

    @api.post("/improvement", response_model=Rewording)
    async def improve(owner: Owner, draft: PromptDraft, conversation: Id | None = None) -> Response:
        """Other words, as a proposal; nothing is kept or sent on."""
        text = clean_text(draft.text).strip()
        if not text:
            raise CapabilityError("Write a message first.")
        asked = await model(owner, conversation or "")
        return answer(Rewording(text=await improver.improved(owner, asked, text)))


def _shown(preset: Preset) -> PresetShown:
    return PresetShown(id=preset.id, title=preset.title, group=preset.group, text=preset.text)
