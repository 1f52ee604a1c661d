"""What an OpenAI-shaped endpoint says it serves: its own list, and what proxies tell beside it.

Many servers answer ``/models``: OpenAI with bare names, OpenRouter with what a model can do and
costs. A LiteLLM proxy tells that at ``/model/info``, which is asked of every other address than
OpenAI's own; who does not have it says so. Azure lists what could be deployed, not the
deployments that its wire names are: there the list only tries the connection.
Source: openai 3.52.0, LiteLLM 1.106.2, OpenRouter's documentation (2026-11-26).
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import openai

from chat.core.calling import Listed
from chat.core.errors import ProviderError
from chat.core.models import Endpoint, Prices
from chat.providers.shared.listing import MAX_LISTED, in_time, no_list
from chat.providers.shared.litellm_models import (
    described,
    geminis_that_draw,
    is_price_row,
    known_by_name,
    modalities,
)
from chat.providers.shared.openai.client import OPENAI_URL
from chat.providers.shared.openai.faults import SDK_FAULTS, translated
from chat.providers.shared.openai.image_models import described_parameters

log = logging.getLogger(__name__)

MAX_PAGES = 100
_MILLION = 1_000_000
_WRONG_VERB = 405


async def listed_models(
    client: openai.AsyncOpenAI, endpoint: Endpoint, *, natives: bool = False
) -> Sequence[Listed]:
    """The models of an endpoint, in its own order.

    Args:
        client: to ask with.
        endpoint: where it leads.
        natives: whether to look for a wire at the same server that suits a model better.

    Raises:
        ChatError: it could not be reached, did not let us in, or answered something else.
    """
    found = await in_time(_own_list(client, endpoint), endpoint)
    if isinstance(client, openai.AsyncAzureOpenAI):
        return ()
    if str(client.base_url).rstrip("/") == OPENAI_URL:
        return found
    told = await _told_beside(client, endpoint, natives=natives)
    askable = (each for each in found if not is_price_row(each.wire_name))
    merged = [model for each in askable if (model := _merged(each, told)) is not None]
    if not natives:
        return merged
    # What only draws is asked on the images routes of the same server.
    url = str(client.base_url).rstrip("/")
    drawing = await _at_one_route(client, endpoint, merged)
    return [
        replace(drawing.get(model.wire_name, model), native_kind="openai_images", native_url=url)
        if (model.facts or model.wire_name in drawing) and not model.native_kind
        else model
        for model in map(known_by_name, merged)
    ]


async def _at_one_route(
    client: openai.AsyncOpenAI, endpoint: Endpoint, listed: Sequence[Listed]
) -> Mapping[str, Listed]:
    """The models that a server like OpenRouter draws by at its one route, with what each takes.

    Asked only of a server that states of a model that it draws and does nothing else; those that
    talk, too, stay where they see the conversation.
    """
    alone = {each.wire_name: each for each in listed if each.output_modalities == ("image",)}
    alone = {name: each for name, each in alone.items() if not each.facts}
    if not alone:
        return {}
    try:
        body = await in_time(_got(client, "/images/models", endpoint), endpoint)
    except ProviderError as error:
        log.info("%s has no route of its own for pictures: %s", endpoint.id, error)
        return {}
    rows = (row for row in _rows(body) or () if isinstance(row, Mapping))
    told = {str(row.get("id")): described_parameters(row) for row in rows}
    return {
        name: replace(each, native_options={"one_route": True}, facts=told[name])
        for name, each in alone.items()
        if name in told
    }


async def _own_list(client: openai.AsyncOpenAI, endpoint: Endpoint) -> tuple[Listed, ...]:
    found: dict[str, Listed] = {}
    after = ""
    for _ in range(MAX_PAGES):
        query = f"?{urlencode({'after': after})}" if after else ""
        body = await _got(client, f"/models{query}", endpoint)
        rows = _rows(body)
        if rows is None:
            raise no_list(endpoint)
        models = map(_listed, rows[: MAX_LISTED - len(found)])
        new = {model.wire_name: model for model in models if model is not None}
        if rows and not new:
            raise no_list(endpoint)
        more = isinstance(body, Mapping) and body.get("has_more") is True
        is_over = not more or not new.keys() - found.keys()
        found |= new
        if is_over or len(found) >= MAX_LISTED:
            break
        after = next(reversed(new))
    return tuple(found.values())


async def _told_beside(
    client: openai.AsyncOpenAI, endpoint: Endpoint, *, natives: bool
) -> Mapping[str, Listed | None]:
    """What a proxy tells of its models; nothing where it is another server, or keeps it back."""
    try:
        body = await in_time(_got(client, "/model/info", endpoint), endpoint)
    except ProviderError as error:
        # The list stands without it.
        log.info("%s tells no more of its models: %s", endpoint.id, error)
        return {}
    told = described(body)
    drawing = [name for name in geminis_that_draw(body) if natives and told.get(name)]
    if drawing and await _has_native_route(client, drawing[0], endpoint):
        native_url = _root(client)
        for name in drawing:
            model = told[name]
            told[name] = model and replace(model, native_kind="gemini", native_url=native_url)
    return told


def _root(client: openai.AsyncOpenAI) -> str:
    """The address of the proxy itself: Google's own wire begins above the version of OpenAI's."""
    return str(client.base_url).rstrip("/").removesuffix("/v1")


async def _has_native_route(client: openai.AsyncOpenAI, name: str, endpoint: Endpoint) -> bool:
    """Whether the proxy speaks Google's own wire, too.

    Asked with a verb that the route does not take: who has it says so, and nobody is billed.
    Source: LiteLLM 1.106.2 and 1.110.2 answer 405 with ``allow: POST``, else 404 (2026-11-29).
    """
    address = f"{_root(client)}/v1beta/models/{quote(name, safe='')}:generateContent"
    try:
        await in_time(client.get(address, cast_to=object), endpoint)
    except openai.APIStatusError as error:
        return error.status_code == _WRONG_VERB
    except (ProviderError, *SDK_FAULTS) as error:
        log.info("%s was not found to have a native route: %s", endpoint.id, error)
    return False


async def _got(client: openai.AsyncOpenAI, path: str, endpoint: Endpoint) -> object:
    try:
        return await client.get(path, cast_to=object)
    except SDK_FAULTS as error:
        raise translated(error, endpoint) from error


def _rows(body: object) -> list[Any] | None:
    """The rows of a list; ``None`` where it is none. A server without models may write null."""
    if isinstance(body, list):
        return body
    if not isinstance(body, Mapping) or "data" not in body:
        return None
    rows = body["data"]
    return [] if rows is None else rows if isinstance(rows, list) else None


def _listed(row: Any) -> Listed | None:
    name = row.get("id") if isinstance(row, Mapping) else None
    if not isinstance(name, str) or not name:
        return None
    title, built = row.get("name"), row.get("architecture")
    built = built if isinstance(built, Mapping) else {}
    takes = row.get("supported_parameters")
    return Listed(
        name,
        title if isinstance(title, str) else "",
        modalities(built.get("input_modalities")),
        modalities(built.get("output_modalities")),
        "tools" in takes if isinstance(takes, list) else None,
        _prices(row.get("pricing")),
    )


def _prices(stated: object) -> Prices | None:
    """OpenRouter's prices: USD for a token, as text; a negative one varies."""
    if not isinstance(stated, Mapping):
        return None
    text_in = _usd(stated.get("prompt"))
    prices = Prices(
        input_text_usd=text_in,
        input_image_usd=text_in,
        output_text_usd=_usd(stated.get("completion")),
        output_image_usd=_usd(stated.get("image_output")),
        cached_input_usd=_usd(stated.get("input_cache_read")),
    )
    return None if prices == Prices() else prices


def _usd(stated: object) -> float | None:
    try:
        cost = float(stated) if isinstance(stated, str | float | int) else -1.0
    except (ValueError, OverflowError):
        return None
    return round(cost * _MILLION, 6) if 0 <= cost < 1 else None


def _merged(model: Listed, told: Mapping[str, Listed | None]) -> Listed | None:
    """What both lists say; ``None`` for a model that neither speaks nor draws."""
    if model.wire_name not in told:
        return model
    beside = told[model.wire_name]
    return beside and replace(
        beside,
        title=model.title,
        input_modalities=beside.input_modalities or model.input_modalities,
        output_modalities=beside.output_modalities or model.output_modalities,
        tools=model.tools if beside.tools is None else beside.tools,
        prices=beside.prices or model.prices,
    )
