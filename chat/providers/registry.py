"""Which class speaks which wire. Knows no SDK until a provider is opened."""

import importlib

from chat.core.calling import Provider
from chat.core.errors import ConfigError
from chat.core.models import SCRIPTED, Endpoint

KINDS: dict[str, str] = {
    "sketch": "chat.providers.sketch:Sketch",
    SCRIPTED: "chat.providers.scripted:Scripted",
    "gemini": "chat.providers.gemini:Gemini",
    "imagen": "chat.providers.imagen:Imagen",
    "openai_chat": "chat.providers.openai_chat:OpenAIChat",
    "openai_images": "chat.providers.openai_images:OpenAIImages",
    "openai_responses": "chat.providers.openai_responses:OpenAIResponses",
}
"""Wire kind to ``module:Class``; the class is called with the endpoint alone."""


def open_provider(endpoint: Endpoint) -> Provider:
    """The door to an endpoint.

    Raises:
        ConfigError: the kind is unknown, or the endpoint lacks what the kind needs.
    """
    try:
        place = KINDS[endpoint.kind]
    except KeyError:
        known = ", ".join(sorted(KINDS.keys() - {SCRIPTED}))
        raise ConfigError(
            f"The endpoint “{endpoint.id}” is of the unknown kind “{endpoint.kind}”; "
            f"known are {known}."
        ) from None
    module, _, name = place.partition(":")
    provider: Provider = getattr(importlib.import_module(module), name)(endpoint)
    return provider
