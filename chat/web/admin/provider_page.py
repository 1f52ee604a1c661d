"""How the providers are: what went well and wrong since the start, who is left in peace; a test."""

from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

from fastapi import Request, Response

from chat.core.errors import ChatError
from chat.core.messages import now
from chat.gateway.balancer import LoadBalancer
from chat.telemetry.provider_health import EndpointHealth, ProviderHealth
from chat.turns.app_state import AppState
from chat.web.admin.shell import Reader, page, reader_of, sent_by, table
from chat.web.routes import Routes

HEADS = (
    "Provider", "State", "Last answer (UTC)", "Last failure (UTC)", "Requests", "Failed",
    "Seconds each", "Test",
)  # fmt: skip
PAUSES = ("Where", "Why", "Asked again in")


def router(
    app_state: AppState,
    *,
    closed: bool,
    health: ProviderHealth,
    balancer: LoadBalancer,
    clock: Callable[[], datetime] = now,
) -> Routes:
    """``/admin/providers``."""
    pages = Routes("/admin")

    def answered(reader: Reader, status: int = 200, why: str = "", done: str = "") -> Response:
        seen, rows = health.now(), []
        for shelf in app_state.catalogues.now.shelf(clock().date()):
            endpoint = shelf.endpoint
            known = seen.get(endpoint.id)
            if shelf.reason and known is None:
                continue
            name = escape(endpoint.title or endpoint.id)
            rows.append([name, *_row(shelf.reason, known), _test(reader, endpoint.id, name)])
        told = [f"<p>{_ABOUT}</p>", table("Providers that are set up", HEADS, rows, 4)]
        if not rows:
            told.append("<p>None is set up.</p>")
        paused = [
            [escape(place), escape(fault), f"{left_s:.0f} s"]
            for place, fault, left_s in balancer.pauses()
        ]
        if paused:
            told.append(table("Left in peace for a while", PAUSES, paused, 2))
        return page(reader, "providers", "".join(told), status=status, why=why, done=done)

    @pages.get("/providers")
    async def shown(request: Request) -> Response:
        return answered(await reader_of(request, closed=closed))

    @pages.post("/providers/test")
    async def test(request: Request) -> Response:
        reader, form = await sent_by(request, closed=closed)
        try:
            tested = await app_state.connections.test(form("endpoint"))
        except ChatError as missing:
            return answered(reader, 404, str(missing))
        if tested.works:
            return answered(reader, done=tested.sentence)
        return answered(reader, why=tested.sentence)

    return pages


def _row(reason: str, health: EndpointHealth | None) -> list[str]:
    if health is None:
        return [escape(reason or "not asked yet"), "", "", "0", "0", ""]
    failed_last = health.failed_at is not None and (
        health.answered_at is None or health.failed_at > health.answered_at
    )
    state = reason or ("fails" if failed_last else "answers")
    fault = f"{_at(health.failed_at)} {health.fault}".strip()
    share = f"{health.failed} ({100 * health.failed / health.calls:.0f} %)"
    return [
        escape(state), _at(health.answered_at), escape(fault), str(health.calls), share,
        f"{health.total_s / health.calls:.1f}",
    ]  # fmt: skip


def _at(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _test(reader: Reader, endpoint_id: str, name: str) -> str:
    return (
        f'<form class="acts" method="post" action="{escape(reader.root)}/admin/providers/test">'
        f'<input type="hidden" name="endpoint" value="{escape(endpoint_id)}">'
        f'<button aria-label="Test: {name}">Test</button></form>'
    )


_ABOUT = (
    "Counted since this process began; a request that somebody stopped is no failure. Providers "
    "are set up in the studio, under “Models and keys”, or by the host. A test asks which models "
    "there are, and costs nothing."
)
