"""What a LiteLLM proxy tells of its models at ``/model/info``.

    {"data": [{"model_name": "gemini-image",
               "model_info": {"mode": "image_generation", "supports_vision": true,
                              "input_cost_per_token": 5e-07, ...}}]}

Several rows of one name are several places behind it; the first speaks for all. Costs are USD
for a token; a cost of 0 is what the proxy writes where it knows none, so it is no price.
Source: LiteLLM 1.106.2 (2026-11-26).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from chat.core.calling import Listed
from chat.core.models import Modality, Prices
from chat.models.litellm_backends import family_of, is_gemini, role_of, wants_signatures

_SPEAKING = frozenset({"chat", "completion", "responses"})
_DRAWING = frozenset({"image_generation", "image_edit"})
_WRITING = "audio_transcription"
_CHAT_ROUTES = frozenset({"/v1/chat/completions", "/v1/responses"})
_PRICE_ROW = re.compile(r"(?:^|/)\d{1,5}-x-\d{1,5}/")
_MILLION = 1_000_000
_BELOW_USD = 1_000_000
"""No price is that high, for a picture or for a million tokens; JSON carries 1e999, too."""


def described(body: object) -> dict[str, Listed | None]:
    """The models by name, in order; ``None`` for one that does nothing for Easel.

    That is to speak, to draw, or to write down what is said.
    """
    rows = body.get("data") if isinstance(body, Mapping) else None
    found: dict[str, Listed | None] = {}
    for name, info, backend in _rows(rows):
        if name in found or "*" in name:
            continue
        if _mode(info) == _WRITING:
            found[name] = Listed(
                name,
                output_modalities=("text",),
                prices=_prices(info),
                facts={"transcribes": "server"},
            )
            continue
        known = _mode(info) in _SPEAKING | _DRAWING | {""}
        found[name] = _listed(name, info, backend) if known else None
    return found


def is_price_row(name: str) -> bool:
    """Whether it is of the proxy's table of prices, as ``low/1024-x-1024/gpt-image-1``.

    A wildcard such as ``openai/*`` lists them among its models; who asks for one is sent away.
    """
    return _PRICE_ROW.search(name) is not None


def known_by_name(model: Listed) -> Listed:
    """The model with what its name says of it, where its server says nothing: whether it draws."""
    if model.output_modalities or model.facts or role_of(model.wire_name, "") != "pictures":
        return model
    return replace(model, output_modalities=("image",), facts=family_of(model.wire_name).facts())


def geminis_that_draw(body: object) -> list[str]:
    """Names of the models that are Gemini's and draw: the proxy has a native route for them."""
    rows = body.get("data") if isinstance(body, Mapping) else None
    places: dict[str, list[str]] = {}
    for name, _, backend in _rows(rows):
        places.setdefault(name, []).append(backend)
    # Where one of several places behind a name is another's, only the chat route leads to all.
    return [
        name
        for name, backends in places.items()
        if all(is_gemini(one) and role_of(one, "") == "draws" for one in backends)
    ]


def _rows(rows: object) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Name, what is known of the model, and what stands behind it, such as ``gemini/...``."""
    for row in rows if isinstance(rows, list) else ():
        name = row.get("model_name") if isinstance(row, Mapping) else None
        if isinstance(name, str) and name:
            info, params = row.get("model_info"), row.get("litellm_params")
            info = info if isinstance(info, Mapping) else {}
            yield name, info, _backend(info, params if isinstance(params, Mapping) else {})


def _backend(info: Mapping[str, Any], params: Mapping[str, Any]) -> str:
    """The base model where one is stated, else what is asked for it; with its provider."""
    provider = info.get("litellm_provider")
    for name in (info.get("base_model"), params.get("model"), info.get("key")):
        if isinstance(name, str) and name:
            if "/" in name or not isinstance(provider, str):
                return name
            return f"{provider.partition('-')[0]}/{name}"
    return ""


def _listed(name: str, info: Mapping[str, Any], backend: str) -> Listed:
    tools = info.get("supports_function_calling")
    output = _output(info)
    known = backend or name
    by_name = role_of(known, "")
    only_draws = (output == ("image",) and by_name != "draws") or (
        not output and by_name == "pictures"
    )
    stated = _input(info)
    edits = _mode(info) == "image_edit" or "image" in stated
    return Listed(
        name,
        input_modalities=stated,
        output_modalities=("image",) if only_draws else output,
        facts=family_of(known).facts(edits=edits) if only_draws else {},
        tools=tools if isinstance(tools, bool) else None,
        prices=_prices(info),
        signatures=wants_signatures(backend) or None,
    )


def _input(info: Mapping[str, Any]) -> tuple[Modality, ...]:
    stated = modalities(info.get("supported_modalities"))
    if stated or not isinstance(info.get("supports_vision"), bool):
        return stated
    return ("text", "image") if info["supports_vision"] else ("text",)


def _output(info: Mapping[str, Any]) -> tuple[Modality, ...]:
    stated = modalities(info.get("supported_output_modalities"))
    mode, routes = _mode(info), info.get("supported_endpoints")
    if stated or not mode:
        return stated
    if mode not in _DRAWING:
        return ("text",)
    talks = isinstance(routes, list) and any(route in routes for route in _CHAT_ROUTES)
    return ("text", "image") if talks else ("image",)


def _mode(info: Mapping[str, Any]) -> str:
    """What the proxy takes the model for; empty where it does not say."""
    mode = info.get("mode")
    return mode if isinstance(mode, str) else ""


def modalities(stated: object) -> tuple[Modality, ...]:
    """Those of a stated list that Easel knows, words before pictures."""
    listed = stated if isinstance(stated, list) else []
    both: tuple[Modality, ...] = ("text", "image")
    return tuple(modality for modality in both if modality in listed)


def _prices(info: Mapping[str, Any]) -> Prices | None:
    text_in = _usd(info, "input_cost_per_token", _MILLION)
    image_in = _usd(info, "input_cost_per_image_token", _MILLION)
    prices = Prices(
        input_text_usd=text_in,
        # Where the proxy has no price of their own for them, it counts pictures as other input.
        input_image_usd=text_in if image_in is None else image_in,
        output_text_usd=_usd(info, "output_cost_per_token", _MILLION),
        output_image_usd=_usd(info, "output_cost_per_image_token", _MILLION),
        cached_input_usd=_usd(info, "cache_read_input_token_cost", _MILLION),
        per_image_usd=_usd(info, "output_cost_per_image", 1),
        input_audio_usd=_usd(info, "input_cost_per_audio_token", _MILLION),
        per_minute_usd=_usd(info, "input_cost_per_second", 60),
    )
    return None if prices == Prices() else prices


def _usd(info: Mapping[str, Any], key: str, units: int) -> float | None:
    cost: Any = info.get(key)
    stated = type(cost) in {int, float} and 0 < cost < _BELOW_USD / units
    return round(float(cost) * units, 6) if stated else None
