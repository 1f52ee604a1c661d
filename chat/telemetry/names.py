"""A call in the names that OpenTelemetry has for generative models.

What it has no name for stands under ``easel.``. A figure that nobody stated is left out,
never 0.

Source: OpenTelemetry semantic conventions for generative AI, client spans (2026-11-26).
"""

import hashlib
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from chat.core.messages import Usage
from chat.core.models import Endpoint
from chat.telemetry.call import Call

Attributes: TypeAlias = dict[str, Any]


def provider_name(endpoint: Endpoint) -> str:
    """Whose wire is spoken at an endpoint; behind a proxy that may be all that is known."""
    return endpoint.service.telemetry_name or f"easel.{endpoint.kind}"


def shared_attributes(call: Call) -> Attributes:
    """What a span and a figure both say of a call: few values, so that figures add up."""
    told: Attributes = {
        "gen_ai.operation.name": call.endpoint.spec.operation,
        "gen_ai.provider.name": provider_name(call.endpoint),
        "gen_ai.request.model": call.card.wire_name,
    }
    address, port = _server(call.endpoint.base_url or call.endpoint.service.base_url)
    if address:
        told |= {"server.address": address, "server.port": port}
    if call.error_type:
        told["error.type"] = call.error_type
    return told


def call_attributes(call: Call) -> Attributes:
    """Everything that may be said of a call without a word of what it was about."""
    told: Attributes = {
        **shared_attributes(call),
        "gen_ai.conversation.id": call.conversation_id,
        "gen_ai.request.stream": call.card.stream,
        "gen_ai.response.finish_reasons": [call.finish] if call.finish else None,
        "gen_ai.response.id": call.response_id or None,
        "gen_ai.response.time_to_first_chunk": _rounded(call.first_event_s),
        **_usage_attributes(call.usage),
        "http.response.status_code": call.http_status,
        "enduser.pseudo.id": pseudonym(call.owner),
        "easel.turn.id": call.turn_id,
        "easel.model": call.card.id,
        "easel.endpoint": call.endpoint.id,
        "easel.kind": call.endpoint.kind,
        "easel.deployment": call.deployment or None,
        "easel.attempt": call.attempt,
        "easel.outcome": call.outcome,
        "easel.request_id": call.request_id or None,
        "easel.cost_usd": call.cost_usd,
    }
    return {name: value for name, value in told.items() if value is not None}


def input_tokens(usage: Usage) -> int | None:
    """Every token that went in."""
    return _sum(usage.input_text_tokens, usage.input_image_tokens)


def output_tokens(usage: Usage) -> int | None:
    """Every token that came out, thinking included."""
    return _sum(usage.output_text_tokens, usage.output_image_tokens, usage.reasoning_tokens)


def pseudonym(owner: str) -> str:
    """Tells owners apart without naming them."""
    return hashlib.sha256(owner.encode()).hexdigest()[:16]


def _server(url: str) -> tuple[str, int]:
    """Host and port of an address; no host where it is none."""
    try:
        place = urlsplit(url)
        port = place.port
    except ValueError:
        return "", 0
    return place.hostname or "", port or (80 if place.scheme == "http" else 443)


def _usage_attributes(usage: Usage | None) -> Attributes:
    if usage is None:
        return {}
    return {
        "gen_ai.usage.input_tokens": input_tokens(usage),
        "gen_ai.usage.output_tokens": output_tokens(usage),
        "gen_ai.usage.text.input_tokens": usage.input_text_tokens,
        "gen_ai.usage.image.input_tokens": usage.input_image_tokens,
        "gen_ai.usage.text.output_tokens": usage.output_text_tokens,
        "gen_ai.usage.image.output_tokens": usage.output_image_tokens,
        "gen_ai.usage.reasoning.output_tokens": usage.reasoning_tokens,
        "gen_ai.usage.cache_read.input_tokens": usage.cached_tokens,
    }


def _sum(*figures: int | None) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)
