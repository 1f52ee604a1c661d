"""The server: our routes, our files, and the page mounted in the midst of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Response

from chat.turns.services import Services
from chat.version import Build
from chat.web import commands, estimates, faults, media, models, rewordings, settings
from chat.web.api import Failure, Health, answer
from chat.web.live import LiveConnections
from chat.web.owner import OwnerOf, current_owner, local_owner
from chat.web.render_cache import RenderCache
from chat.web.root_path import Assets

UNNAMED = Build("unnamed")


def build_web(
    services: Services,
    assets: str,
    tidy: Callable[[], None],
    close: Callable[[], None],
    owner_of: OwnerOf = local_owner,
    build: Build = UNNAMED,
    root_path: str = "",
) -> FastAPI:
    """Every route of ours. The page is mounted after them, so that none can be shadowed.

    Args:
        services: what the routes work with.
        assets: the folder of styles, scripts and samples.
        tidy: house-keeping that may take a while, run in a thread beside the first requests.
        owner_of: says whose request it is.
        build: which Easel this is. In development ``/openapi.json`` describes the API.
        root_path: the path below which browsers find all of this.
        close: called last at shutdown, when every turn has saved what it has.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        await services.engine.settle()
        tidying = asyncio.create_task(asyncio.to_thread(tidy), name="tidy")
        discovering = asyncio.create_task(services.connections.discover(), name="discover")
        try:
            yield
        finally:
            discovering.cancel()
            await live.close()
            await services.connections.close()
            # Replies first: tidying may take a while, and can be done again at the next start.
            await services.engine.close()
            await asyncio.wait([tidying, discovering])
            close()

    app = FastAPI(
        title="Easel",
        version=build.version,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json" if build.development else None,
        responses={"default": {"model": Failure}},
        lifespan=lifespan,
    )
    faults.install(app)
    app.state.owner_of = owner_of
    cache = RenderCache(services.names)
    live = LiveConnections(services, cache, build)
    parts = (models, settings, estimates, rewordings, media)
    routers = [commands.router(services, cache), *(part.router(services) for part in parts)]
    for router in (*routers, live.router()):
        # Also where nothing is anybody's in particular: it is for those who are known.
        app.include_router(router, dependencies=[Depends(current_owner)])

    @app.get("/healthz", response_model=Health)
    async def health() -> Response:
        return answer(Health())

    app.mount("/easel", Assets(assets, root_path), name="assets")
    return app
