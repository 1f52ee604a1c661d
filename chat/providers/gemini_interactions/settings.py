"""What a request says: its steps, and beside them instruction, tools, and the form of pictures."""

from collections.abc import Mapping
from typing import Any

from chat.core.calling import ANY_TOOL, ModelRequest, ToolSpec
from chat.core.models import Endpoint
from chat.core.parts import Json
from chat.providers.gemini_interactions.history import steps
from chat.providers.shared.requests.carried import Carried
from chat.providers.shared.requests.choices import chosen, wants_search

STAND_IN = "-"
"""What the SDK is given to check in place of the steps that go into the body as they are."""


def asked(request: ModelRequest, endpoint: Endpoint, carried: Carried) -> dict[str, Any]:
    """The arguments of the SDK's call; what the card does not have is left out.

    The conversation lives here alone and goes out whole with every request, so Google need not keep
    it: by default it would, for weeks.

    The steps go past the SDK's types, which would take every picture to pieces and put it together
    again.
    """
    told: dict[str, Any] = {
        "model": request.card.wire_name,
        "input": STAND_IN,
        "extra_body": {"input": steps(request, carried)},
        "store": endpoint.options.get("store") is True,
        "stream": request.card.stream,
    }
    if request.system:
        told["system_instruction"] = request.system
    if request.tools:
        told["tools"] = [_function(spec) for spec in request.tools]
    elif wants_search(request):  # both together are refused by models that do not combine them
        told["tools"] = [{"type": "google_search"}]
    if "image" in request.card.output_modalities:
        told["response_format"] = _formats(request, endpoint)
    if endpoint.options.get("include_thoughts") is True:
        told["generation_config"] = {"thinking_summaries": "auto"}
    if request.must_call:
        calling = {"tool_choice": _must_call(request.must_call)}
        told["generation_config"] = {**told.get("generation_config", {}), **calling}
    return told


def _must_call(must_call: str) -> str | dict[str, Any]:
    if must_call == ANY_TOOL:
        return "any"
    return {"allowed_tools": {"mode": "any", "tools": [must_call]}}


def _formats(request: ModelRequest, endpoint: Endpoint) -> list[dict[str, Any]]:
    """What the answer may hold. ``response_modalities`` and ``image_config`` are going away.

    Source: google-genai 3.6.1 (2026-11-29).
    """
    values = chosen(request)
    picture: dict[str, Any] = {"type": "image"}
    picture |= {name: values[name] for name in ("aspect_ratio", "image_size") if name in values}
    if "output_format" in values:
        picture["mime_type"] = f"image/{values['output_format']}"
    elif endpoint.options.get("output_mime_type"):
        picture["mime_type"] = endpoint.options["output_mime_type"]
    words = [{"type": "text"}] if "text" in request.card.output_modalities else []
    return [*words, picture]


def _function(spec: ToolSpec) -> dict[str, Any]:
    return {
        "type": "function",
        "name": spec.name,
        "description": spec.description,
        "parameters": _schema(spec.parameters),
    }


def _schema(value: Json) -> Json:
    """A schema without empty lists of what is required, which this API refuses.

    Source: https://github.com/earendil-works/pi/pull/2172 (2026-03-15).
    """
    if isinstance(value, Mapping):
        kept = ((key, item) for key, item in value.items() if (key, item) != ("required", []))
        return {key: _schema(item) for key, item in kept}
    return [_schema(item) for item in value] if isinstance(value, list) else value
