"""The settings of a conversation over HTTP: read, and changed some at a time."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Response
from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, TypeAdapter, create_model
from pydantic.json_schema import JsonSchemaValue

from chat.conversations.settings_service import ShownSettings
from chat.core.conversation_settings import SETTINGS, Setting
from chat.core.rights import NO_SHARING, NO_UPLOADS
from chat.turns.app_state import AppState
from chat.web.api.answers import PRIVATE, Done, answer
from chat.web.api.settings import (
    AboutModel,
    SettingShown,
    SettingsOfConversation,
    ToolsAtTheBox,
)
from chat.web.api.values import Id
from chat.web.owner import Owner
from chat.web.routes import Routes


class _TypeOf:
    """The schema of a row's type, made when somebody reads it."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        del schema, handler
        return TypeAdapter(self._setting.type | None).json_schema()


def _typed(setting: Setting) -> Any:
    """Any JSON, described by the type of the row: the row itself refuses, in a sentence."""
    return Annotated[Any, _TypeOf(setting)]


def change_body(schema: Sequence[Setting]) -> type[BaseModel]:
    """The body of a change: some settings with their new values; null stands for the default."""
    typed: dict[str, Any] = {setting.name: (_typed(setting), None) for setting in schema}
    # A name that is no setting passes here: it is refused in a sentence, with everything else.
    config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": False})
    return create_model("SettingsChange", __config__=config, **typed)


SettingsChange = change_body(SETTINGS)


def described(shown: ShownSettings) -> SettingsOfConversation:
    """All settings as the page is told of them."""
    card = shown.card
    return SettingsOfConversation(
        stamp=shown.stamp,
        model=AboutModel(title=card.title, note=card.note) if card else None,
        settings={
            name: SettingShown(value=each.value, offered=each.offered, choices=each.choices)
            for name, each in shown.settings.items()
        },
        tools=tools_at_the_box(shown),
        no_uploads="" if shown.rights.uploads else NO_UPLOADS,
        no_sharing="" if shown.rights.sharing else NO_SHARING,
    )


def tools_at_the_box(shown: ShownSettings) -> ToolsAtTheBox:
    """What the switch for tools says."""
    route = shown.tool_route
    return ToolsAtTheBox(usable=shown.tools, reason=route.why_not, note=route.how)


def router(app_state: AppState) -> Routes:
    """``/api/settings`` of a new conversation, and ``settings`` of one that is there."""
    api = Routes("/api")
    settings = app_state.settings

    @api.get("/settings", response_model=SettingsOfConversation)
    async def of_a_new_one(owner: Owner) -> Response:
        return answer(described(settings.show(await settings.of_a_new_one(owner))), PRIVATE)

    @api.delete("/settings", response_model=Done)
    async def forget(owner: Owner) -> Response:
        await settings.forget_chosen(owner)
        return answer(Done())

    @api.get("/conversations/{conversation_id}/settings", response_model=SettingsOfConversation)
    async def read(owner: Owner, conversation_id: Id) -> Response:
        return answer(described(await settings.shown(owner, conversation_id)), PRIVATE)

    @api.patch("/conversations/{conversation_id}/settings", response_model=SettingsOfConversation)
    async def change(
        owner: Owner,
        conversation_id: Id,
        changes: SettingsChange,  # type: ignore[valid-type]
        chosen: bool = False,
    ) -> Response:
        """``chosen``: by a person at the page, whose next conversation begins with it."""
        sent: dict[str, Any] = changes.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        change = settings.choose if chosen else settings.change
        kept = await change(owner, conversation_id, sent)
        return answer(described(settings.show(kept)), PRIVATE)

    return api
