"""What a Google endpoint says it serves, for Gemini and Imagen.

A LiteLLM proxy has no list on its native route; there its own is asked in its place.
Source: google-genai 3.4.0, LiteLLM 1.106.2 (2026-11-26).
"""

from collections.abc import Sequence

import httpx2
from google.genai import errors, types

from chat.core.calling import Listed
from chat.core.errors import WrongAddress
from chat.core.models import Endpoint
from chat.models.litellm_backends import wants_signatures
from chat.providers.shared.google.client import GoogleClient, is_enterprise
from chat.providers.shared.google.faults import SDK_FAULTS, translated
from chat.providers.shared.listing import MAX_LISTED, in_time, no_list
from chat.providers.shared.litellm_models import described

_NOT_OFFERED = frozenset({404, 405})


async def listed_models(
    google: GoogleClient, endpoint: Endpoint, actions: Sequence[str], family: str
) -> Sequence[Listed]:
    """The models for some kinds of call, in the endpoint's own order.

    Args:
        google: the client to ask with.
        endpoint: where it leads.
        actions: how the endpoint calls those kinds, such as ``generateContent``.
        family: how the names begin, where the endpoint tells no actions: Google Cloud.

    Raises:
        ChatError: it could not be reached, did not let us in, or answered something else.
    """
    try:
        models = await in_time(_all_pages(google), endpoint)
    except errors.APIError as error:
        if error.code in _NOT_OFFERED and endpoint.base_url and not is_enterprise(endpoint):
            proxied = await _of_proxy(google, endpoint)
            if proxied is not None:
                return proxied
        raise translated(error, endpoint) from error
    except SDK_FAULTS as error:
        raise translated(error, endpoint) from error
    if not models:  # Google always serves something, and an empty object says nothing
        raise no_list(endpoint)
    return tuple(
        Listed(_name(model), model.display_name or "", signatures=_signs(model, endpoint))
        for model in models
        if _serves(model, actions, family)
    )


async def _all_pages(google: GoogleClient) -> list[types.Model]:
    pages = await google.sdk.aio.models.list()
    models: list[types.Model] = []
    async for model in pages:
        if model.name:
            models.append(model)
        if len(models) >= MAX_LISTED:
            break
    return models


def _name(model: types.Model) -> str:
    """The name without ``models/`` or ``publishers/google/models/`` before it."""
    return (model.name or "").rpartition("models/")[2]


def _serves(model: types.Model, actions: Sequence[str], family: str) -> bool:
    if model.supported_actions:
        return not set(actions).isdisjoint(model.supported_actions)
    return _name(model).startswith(family)


def _signs(model: types.Model, endpoint: Endpoint) -> bool | None:
    """Whether AI Studio wants it signed; Google Cloud takes all but calls back unsigned."""
    return (not is_enterprise(endpoint) and wants_signatures(f"gemini/{_name(model)}")) or None


async def _of_proxy(google: GoogleClient, endpoint: Endpoint) -> Sequence[Listed] | None:
    """The list of a LiteLLM proxy; ``None`` where there is none either."""
    address = f"{endpoint.base_url.rstrip('/')}/model/info"
    try:
        asked = google.http.get(address, headers={"x-goog-api-key": endpoint.api_key})
        answer = await in_time(asked, endpoint)
        body = answer.json()
    except (ValueError, RecursionError, WrongAddress):  # no JSON, so no proxy
        return None
    except SDK_FAULTS as error:
        raise translated(error, endpoint) from error
    if answer.is_client_error and answer.status_code not in _NOT_OFFERED:
        refusal = errors.ClientError(answer.status_code, body if isinstance(body, dict) else {})
        raise translated(refusal, endpoint) from refusal
    told = described(body) if answer.status_code == httpx2.codes.OK else {}
    return tuple(model for model in told.values() if model is not None) or None
