"""Providers over HTTP: set up, tried out, changed, switched off, removed; and as a file."""

from collections.abc import Mapping

from fastapi import Request, Response

from chat.core.errors import NotFound
from chat.core.languages import later, plural, say
from chat.core.models import ModelCard
from chat.models.added_rows import NAME
from chat.models.setups import Setup
from chat.turns.app_state import AppState
from chat.turns.models_and_keys import ModelsAndKeys, ProviderStatus, Saved, Usage
from chat.web.api.answers import PRIVATE, answer
from chat.web.api.providers import (
    FieldShown,
    ModelOffered,
    ProviderForm,
    ProviderKept,
    Providers,
    ProviderShown,
    ProviderSwitched,
    ProviderTrial,
    ProviderTried,
)
from chat.web.audit_trail import AuditTrail
from chat.web.menu import badges
from chat.web.owner import Owner, looks_after
from chat.web.routes import Routes

CHECK_HERE = "Check its key under “Models and keys”."
NOT_HERE = "This Easel was started without the page “Models and keys”."


def router(app_state: AppState) -> Routes:
    """``/api/providers``."""
    api = Routes("/api/providers")
    found = app_state.models_and_keys
    if found is None:

        @api.get("", response_model=Providers)
        async def none() -> Response:
            empty = Providers(closed=NOT_HERE, place="", trouble="", set_up=[], available=[])
            return answer(empty, PRIVATE)

        return api
    providers = found

    async def shown(owner: str, saved: Saved | None = None) -> Response:
        return answer(await _shown(providers, owner, saved), PRIVATE)

    trail = AuditTrail(app_state.conversations.audit)

    @api.get("", response_model=Providers)
    async def all_of_them(owner: Owner, request: Request) -> Response:
        if not looks_after(request):
            # Where a host's models answer, and how its keys end, is nothing for guests and users.
            none = Providers(closed=providers.closed, place="", trouble="", set_up=[], available=[])
            return answer(none, PRIVATE)
        return await shown(owner)

    @api.get("/rows")
    async def rows(request: Request) -> Response:
        """What was set up, as a file that may be a ``models.toml``."""
        if not looks_after(request):
            raise NotFound("There is no such file.")
        headers = {**PRIVATE, "Content-Disposition": f'attachment; filename="{NAME}"'}
        return Response(providers.rows, media_type="application/toml", headers=headers)

    @api.post("/trial", response_model=ProviderTried)
    async def trial(body: ProviderTrial) -> Response:
        tried = await providers.try_out(body.provider, body.values, body.key)
        offered = [_model(each.card, each.known, each.listed) for each in tried.offers]
        told = ProviderTried(
            works=tried.works, sentence=tried.sentence, models=offered, address=tried.address
        )
        return answer(told, PRIVATE)

    @api.post("", response_model=Providers)
    async def keep(owner: Owner, request: Request, body: ProviderKept) -> Response:
        saved = await providers.save(body.provider, body.values, body.key, body.chosen)
        key = "given" if body.key else ""
        await trail.note(request.scope, "provider_saved", {"key": key}, subject=saved.id)
        return await shown(owner, saved)

    @api.patch("/{provider_id}", response_model=Providers)
    async def switch(
        owner: Owner, request: Request, provider_id: str, body: ProviderSwitched
    ) -> Response:
        await providers.switch(provider_id, on=body.on)
        on = "on" if body.on else "off"
        await trail.note(request.scope, "provider_switched", {"switched": on}, subject=provider_id)
        return await shown(owner)

    @api.delete("/{provider_id}", response_model=Providers)
    async def remove(owner: Owner, request: Request, provider_id: str) -> Response:
        await providers.remove(provider_id)
        await trail.note(request.scope, "provider_removed", subject=provider_id)
        return await shown(owner)

    return api


async def _shown(providers: ModelsAndKeys, owner: str, saved: Saved | None) -> Providers:
    usage = await providers.in_use(owner)
    return Providers(
        closed=providers.closed,
        place=providers.place,
        trouble=providers.trouble,
        set_up=[_provider(each, usage[each.setup.id]) for each in providers.status()],
        available=[_form(each, {}) for each in providers.available()],
        saved=saved.id if saved else "",
        noted=saved.noted if saved else "",
    )


def _provider(status: ProviderStatus, usage: Usage) -> ProviderShown:
    setup = status.setup
    return ProviderShown(
        id=setup.id,
        title=setup.title,
        state=status.state,
        # Here is where keys are checked.
        reason=status.reason.replace(CHECK_HERE, "Check its key."),
        key=_key(status),
        key_from=status.key_from,
        removable=status.made_here,
        usage=_usage(usage),
        chosen=None if status.chosen is None else list(status.chosen),
        models=[_model(card, known=True, listed=True) for card in status.cards],
        form=_form(setup, status.values),
        asked=status.asked,
        endpoints=list(status.endpoints),
        refused_at="" if status.refused_at is None else status.refused_at.isoformat(),
    )


def _key(status: ProviderStatus) -> str:
    if status.key_from == "environment":
        return later(f"Key set by {status.key_variable}")
    if status.key_from == "kept":
        return (
            later(f"Key ends with {status.key_tail}") if status.key_tail else later("Key is kept")
        )
    return later("No key")


def _usage(usage: Usage) -> str:
    told = []
    if usage.conversations:
        told.append(
            plural(
                usage.conversations,
                "{n} conversation with its models",
                "{n} conversations with its models",
            )
        )
    if usage.replies:
        told.append(plural(usage.replies, "{n} reply being written", "{n} replies being written"))
    return say(" and ").join(told)


def _counted(count: int, one: str, several: str = "") -> str:
    return f"{count} {one}" if count == 1 else f"{count} {several or one + 's'}"


def _form(setup: Setup, filled: Mapping[str, str]) -> ProviderForm:
    return ProviderForm(
        id=setup.id,
        title=setup.title,
        about=setup.about,
        key_page=setup.key_page,
        lists=setup.lists,
        fields=[
            FieldShown(
                name=field.name,
                use=field.use,
                label=field.label,
                about=field.about,
                required=field.required,
                rare=field.rare,
                example=field.example,
                value="" if field.use == "key" else filled.get(field.name, ""),
            )
            for field in setup.fields
        ],
    )


def _model(card: ModelCard, known: bool, listed: bool) -> ModelOffered:
    return ModelOffered(
        id=card.id,
        name=card.wire_name,
        title=card.title,
        badges=badges(card),
        known=known,
        listed=listed,
    )
