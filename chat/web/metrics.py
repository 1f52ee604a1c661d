"""``/metrics``: the figures of this process for Prometheus, to who has the key of the host.

Where no key is set there is nothing at this address, as at any other that does not exist.
"""

import hmac
from collections.abc import Callable, Mapping, Sized
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException, Request, Response

from chat.turns.jobs import Jobs
from chat.web.connections import Occasional
from chat.web.drain import Drain
from chat.web.routes import LazyRoute

if TYPE_CHECKING:  # its library is imported where the host wants figures
    from chat.telemetry.figures import Figures

WRONG = "The figures want their key, as Authorization: Bearer KEY."


def router(figures: "Figures | None", key: str) -> APIRouter:
    """The route; ``None``: the host wants no figures."""
    metrics = APIRouter(route_class=LazyRoute)
    strangers = Occasional("somebody asked for the figures of /metrics with a wrong key, or none")
    wanted = f"Bearer {key}".encode()

    @metrics.get("/metrics", include_in_schema=False)
    async def told(request: Request) -> Response:
        if figures is None or not key:
            raise HTTPException(404)
        given = request.headers.get("authorization", "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, wanted):
            strangers.say()
            raise HTTPException(401, WRONG)
        body, kind = figures.written()
        return Response(body, media_type=kind, headers={"Cache-Control": "no-store"})

    return metrics


def looks(jobs: Jobs, pages: Sized, drain: Drain) -> Mapping[str, tuple[str, Callable[[], float]]]:
    """What is true at the moment: the name, what it is, and how it is looked up."""

    def queued() -> int:
        return sum(1 for job in jobs.running if job.message.status == "queued")

    return {
        "turns_running": ("Turns under way, those that wait included.", lambda: len(jobs.running)),
        "turns_queued": ("Turns that wait for the one above, or for their model.", queued),
        "live_pages": ("Open pages that are connected, by a socket or by polling.", pages.__len__),
        "draining": ("1 when the process finishes what runs, and takes nothing new.",
                     lambda: float(drain.begun)),
    }  # fmt: skip
