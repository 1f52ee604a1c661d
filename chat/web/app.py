"""The server: our routes, our files, and the page mounted in the midst of them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.staticfiles import StaticFiles

from chat.turns.services import Services
from chat.web import commands, estimates, faults, live, media, models, rewordings, settings
from chat.web.owner import OwnerOf, current_owner, local_owner


def build_web(
    services: Services,
    assets: str,
    tidy: Callable[[], None],
    close: Callable[[], None],
    owner_of: OwnerOf = local_owner,
) -> FastAPI:
    """Every route of ours. The page is mounted after them, so that none can be shadowed.

    Args:
        services: what the routes work with.
        assets: the folder of styles, scripts and samples.
        tidy: house-keeping that may take a while, run in a thread beside the first requests.
        owner_of: says whose request it is.
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
            await services.connections.close()
            # Replies first: tidying may take a while, and can be done again at the next start.
            await services.engine.close()
            await asyncio.wait([tidying, discovering])
            close()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    faults.install(app)
    app.state.owner_of = owner_of
    for part in (commands, models, settings, estimates, rewordings, media, live):
        # Also where nothing is anybody's in particular: it is for those who are known.
        app.include_router(part.router(services), dependencies=[Depends(current_owner)])

    @app.get("/healthz")
    async def health() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    app.mount("/easel", StaticFiles(directory=assets), name="assets")
    return app
