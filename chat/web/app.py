"""The server: our routes, our files, and the page mounted in the midst of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Protocol

from fastapi import FastAPI
from starlette.routing import BaseRoute
from starlette.staticfiles import StaticFiles

from chat.turns.app_state import AppState
from chat.version import Build
from chat.web import (
    approvals,
    archives,
    changes,
    commands,
    conversation_settings,
    deleted_conversations,
    dictation,
    estimates,
    faults,
    languages,
    library,
    media,
    metrics,
    model_menu,
    prompts,
    providers,
    replays,
    rewordings,
    shared_pages,
    shares,
    studio,
    tool_servers,
    tools,
    versions,
)
from chat.web.admin.sections import Administration
from chat.web.admin.sections import routers as admin_routers
from chat.web.api.answers import Failure
from chat.web.drain import Drain
from chat.web.health import Check, Readiness
from chat.web.live import LiveConnections
from chat.web.openai_api import router as openai_api
from chat.web.owner import OwnerOf, local_owner
from chat.web.render_cache import RenderCache
from chat.web.routes import describe, include

if TYPE_CHECKING:  # its library is imported where the host wants figures
    from chat.telemetry.figures import Figures


class Routed(Protocol):
    """A server of its own kind among our routes."""

    route: BaseRoute

    def running(self) -> AbstractAsyncContextManager[None]:
        """Answer until the block is left."""
        ...


TIDIED_EVERY_S = 24 * 3600.0


async def kept_tidy(
    tidy: Callable[[], object], over: asyncio.Event, every_s: float = TIDIED_EVERY_S
) -> None:
    """Tidy now and so often, until it is over."""
    while True:
        await asyncio.to_thread(tidy)
        with suppress(TimeoutError):
            async with asyncio.timeout(every_s):
                await over.wait()
                return


UNNAMED = Build("unnamed")


def build_web(
    app_state: AppState,
    assets: str,
    tidy: Callable[[], object],
    close: Callable[[], None],
    owner_of: OwnerOf = local_owner,
    build: Build = UNNAMED,
    mcp_server: Routed | None = None,
    page_routes: Sequence[BaseRoute] = (),
    drain: Drain | None = None,
    stores: Mapping[str, Check] | None = None,
    figures: "Figures | None" = None,
    metrics_key: str = "",
    administration: Administration | None = None,
) -> FastAPI:
    """Every route of ours. The page is mounted after them, so that none can be shadowed.

    Args:
        app_state: what the routes work with.
        assets: the folder of styles, scripts and samples.
        tidy: house-keeping that may take a while, run in a thread beside the first requests and
            once a day.
        owner_of: says whose request it is.
        build: which Easel this is. In development ``/openapi.json`` describes the API.
        mcp_server: the server of the Model Context Protocol, where programs may come in.
        page_routes: files of the page that are made at the start.
        close: called last at shutdown, when every turn has saved what it has.
        drain: how the process comes to its end.
        stores: what says whether a store answers, under the word for it; asked by ``/readyz``.
        figures: what ``/metrics`` tells, to who has the key of it; ``None``: nothing.
        metrics_key: that key.
        administration: what the pages of the host work with.
    """
    drain = drain or Drain()
    drain.add(app_state.jobs.drain, app_state.replays.all_ended)
    drain.add(ended=app_state.jobs.all_ended)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        await app_state.engine.settle()
        over = asyncio.Event()
        tidying = asyncio.create_task(kept_tidy(tidy, over), name="tidy")
        discovering = asyncio.create_task(app_state.connections.discover(), name="discover")
        app_state.mcp.start()
        try:
            async with nullcontext() if mcp_server is None else mcp_server.running():
                yield
        finally:
            over.set()
            discovering.cancel()
            await live.close()
            await app_state.connections.close()
            await app_state.replays.close()
            # Replies first: tidying may take a while, and can be done again at the next start.
            await app_state.engine.close()
            await app_state.mcp.close()
            await asyncio.wait([tidying, discovering])
            close()

    app = FastAPI(
        title="Easel",
        version=build.version,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if build.development else None,
        lifespan=lifespan,
    )
    faults.install(app)
    app.state.owner_of = owner_of
    app.state.note_role = app_state.rights.note
    cache = RenderCache(app_state.names)
    live = LiveConnections(app_state, cache, build, drain)
    if app_state.engine.shared is not None:
        app_state.engine.shared.missed = live.pages.begin_anew
    parts = (
        model_menu, providers, deleted_conversations, conversation_settings, estimates,
        rewordings, replays, prompts, media, archives, library, versions, changes,
        tool_servers, tools, approvals, shares, languages,
        dictation,
    )  # fmt: skip
    drawing = [commands.router(app_state, cache), studio.router(app_state, cache)]
    administration = administration or Administration()
    if administration.retention is not None:
        administration.retention.on_screen = live.pages.on_screen
    host = admin_routers(app_state, administration)
    routers = [*drawing, *host, *(part.router(app_state) for part in parts), live.router()]
    # Programs come by a key of their own, see chat.web.api_door.
    programs = openai_api.router(app_state)
    health = Readiness(drain, stores or {}).router()
    if build.development:
        describe([*routers, programs, health], {"default": {"model": Failure}})
    include(app, routers)
    # Whoever has a link may look, known or not.
    app.router.routes.extend(shared_pages.router(app_state).routes)
    app.router.routes.extend(programs.routes)
    if mcp_server is not None:
        app.router.routes.append(mcp_server.route)

    app.router.routes.extend(health.routes)
    if figures is not None:
        figures.watch(metrics.looks(app_state.jobs, live.pages, drain))
    app.router.routes.extend(metrics.router(figures, metrics_key).routes)

    app.router.routes.extend(page_routes)
    app.mount("/easel", StaticFiles(directory=assets), name="assets")
    return app
