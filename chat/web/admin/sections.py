"""All of the pages, as routes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import Request, Response

from chat.conversations.retention import Retention
from chat.core.messages import now
from chat.gateway.balancer import LoadBalancer
from chat.telemetry.provider_health import ProviderHealth
from chat.turns.app_state import AppState
from chat.web.admin import (
    audit_page,
    person_page,
    provider_page,
    retention_page,
    running_page,
    storage_page,
    usage_page,
)
from chat.web.admin.person_page import Removal
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
    retention: Retention | None = None
    """How long things are kept; ``None``: as long as is usual."""
    tidy: Callable[[], Mapping[str, int] | None] = dict
    """Does what is due: how many of what went; ``None``: another process is at it."""
    removal: Removal = field(default_factory=Removal)
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
        retention_page.router(
            app_state,
            closed=closed,
            retention=parts.retention or Retention(app_state.conversations),
            tidy=parts.tidy,
            clock=clock,
        ),
        person_page.router(app_state, closed=closed, removal=parts.removal, clock=clock),
    ]
