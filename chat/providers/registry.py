"""Which kinds of providers there are. An SDK is imported when a provider is opened, not before."""

import importlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chat.core.calling import Moderator, Provider
from chat.core.errors import ConfigError
from chat.core.models import Endpoint
from chat.core.provider_spec import ProviderSpec

KINDS: dict[str, str] = {
    "sketch": "chat.providers.sketch.spec:SPEC",
    "gemini": "chat.providers.gemini.spec:SPEC",
    "gemini_interactions": "chat.providers.gemini_interactions.spec:SPEC",
    "imagen": "chat.providers.imagen.spec:SPEC",
    "openai_chat": "chat.providers.openai_chat.spec:SPEC",
    "openai_images": "chat.providers.openai_images.spec:SPEC",
    "openai_responses": "chat.providers.openai_responses.spec:SPEC",
}
"""Kind to ``module:SPEC``, what is known of it; the spec names the class that speaks it."""


def specs() -> Mapping[str, ProviderSpec]:
    """The spec of every kind, by its name."""
    return {kind: _found(place) for kind, place in KINDS.items()}


def spec_of(endpoint: Endpoint) -> ProviderSpec:
    """The spec of an endpoint's kind.

    Raises:
        ConfigError: the kind is unknown.
    """
    try:
        place = KINDS[endpoint.kind]
    except KeyError:
        raise ConfigError(
            f"The endpoint “{endpoint.id}” is of the unknown kind “{endpoint.kind}”; "
            f"known are {', '.join(sorted(KINDS))}."
        ) from None
    spec: ProviderSpec = _found(place)
    return spec


def open_provider(endpoint: Endpoint) -> Provider:
    """The provider of an endpoint.

    Raises:
        ConfigError: the kind is unknown, or the endpoint lacks what the kind needs.
    """
    spec = spec_of(endpoint)
    provider: Provider = _found(spec.adapter)(replace(endpoint, spec=spec))
    return provider


def open_moderation(endpoint: Endpoint, model: str) -> Moderator:
    """What the server of an endpoint thinks of words and pictures, asked of this model.

    Raises:
        ConfigError: the kind is unknown or has no moderation, or the endpoint lacks what it needs.
    """
    spec = spec_of(endpoint)
    if not spec.moderation:
        raise ConfigError(f"“{endpoint.id}” speaks no moderation.")
    moderation: Moderator = _found(spec.moderation)(replace(endpoint, spec=spec), model)
    return moderation


def _found(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
