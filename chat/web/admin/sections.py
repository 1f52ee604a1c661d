"""All of the pages, as routes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Request, Response

from chat.core.messages import now
from chat.gateway.balancer import LoadBalancer
from chat.telemetry.provider_health import ProviderHealth
from chat.turns.app_state import AppState
from chat.web.admin import audit_page, provider_page, running_page, storage_page, usage_page
from chat.web.admin.shell import onward, reader_of
from chat.web.admin.storage_page import Disk
from chat.web.routes import Routes


@dataclass(frozen=True, slots=True)
class Administration:
    """What the pages work with, beside what every route does."""

    closed: bool = False
    """Where nobody is told apart, nobody is the host."""
    health: ProviderHealth = field(default_factory=ProviderHealth)
    """What is counted of providers."""
    balancer: LoadBalancer = field(default_factory=LoadBalancer)
    disk: Disk = field(default_factory=Disk)
    clock: Callable[[], datetime] = now


def routers(app_state: AppState, parts: Administration) -> list[Routes]:
    """Below ``/admin``."""
    closed, clock = parts.closed, parts.clock
    first = Routes("/admin")

    @first.get("")
    async def begin(request: Request) -> Response:
        reader = await reader_of(request, closed=closed, managers=True)
        return onward(reader, "/admin/usage")

    return [
        first,
        usage_page.router(app_state, closed=closed, clock=clock),
        running_page.router(app_state, closed=closed, clock=clock),
        provider_page.router(
            app_state, closed=closed, health=parts.health, balancer=parts.balancer, clock=clock
        ),
        storage_page.router(app_state, closed=closed, disk=parts.disk),
        audit_page.router(app_state, closed=closed, clock=clock),
    ]
