"""All of the pages, as routes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from chat.core.messages import now
from chat.turns.app_state import AppState
from chat.web.admin import audit_page, usage_page
from chat.web.admin.shell import onward, reader_of
from chat.web.routes import Routes


@dataclass(frozen=True, slots=True)
class Administration:
    """What the pages work with, beside what every route does."""

    closed: bool = False
    """Where nobody is told apart, nobody is the host."""
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
        audit_page.router(app_state, closed=closed, clock=clock),
    ]
