"""The doors of this Easel for the help sheet: what each is, what it wants, and what is set.

Endpoints and variables come from the catalogue, so that the sheet cannot drift from it; what a
wire is for is written here, once for each kind. No value of a variable is ever told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chat.models import Catalogue
from chat.models.wants import Variable, Wants


@dataclass(frozen=True, slots=True)
class Wire:
    """A kind of endpoint, for people."""

    what: str
    example: str
    """Rows that may stand in a file of one's own."""


def _rows(kind: str, endpoint: str, model: str) -> str:
    return (
        f'[[endpoint]]\nid = "mine"\nkind = "{kind}"\ntitle = "My endpoint"\n{endpoint}\n'
        f'[[model]]\nid = "my-model"\nendpoint = "mine"\n{model}'
    )


OWN_KEY = 'key_env = ["MY_KEY"]\n'

WIRES: dict[str, Wire] = {
    "gemini": Wire(
        "Google's generateContent: words and pictures interleaved, tools, signatures. Google AI "
        "Studio, Vertex AI, or the native Gemini route of a proxy.",
        _rows(
            "gemini",
            OWN_KEY + 'base_url = "http://127.0.0.1:4000"\n',
            'wire_name = "gemini-3.1-flash-image"\n',
        ),
    ),
    "imagen": Wire(
        "Google's Imagen on Google Cloud: pictures from words alone.",
        _rows(
            "imagen",
            OWN_KEY + 'options = { enterprise = true, location = "us-central1" }\n',
            'wire_name = "imagen-4.0-generate-001"\ninput_modalities = ["text"]\n'
            'output_modalities = ["image"]\nstream = false\n',
        ),
    ),
    "openai_chat": Wire(
        "Chat completions: OpenAI, Azure, a LiteLLM proxy, OpenRouter, and any server that is "
        "compatible. Pictures come where the model sends them.",
        _rows(
            "openai_chat",
            OWN_KEY + 'base_url = "http://127.0.0.1:4000/v1"\n',
            'wire_name = "gemini-image"\n',
        ),
    ),
    "openai_images": Wire(
        "The images routes: models that draw and edit, and see your last message only.",
        _rows(
            "openai_images",
            OWN_KEY + 'base_url = "http://127.0.0.1:4000/v1"\n',
            'wire_name = "gpt-image-2"\noutput_modalities = ["image"]\n'
            'images_parameters = ["size", "n"]\nsizes = ["1024x1024"]\n',
        ),
    ),
    "openai_responses": Wire(
        "OpenAI's Responses API: words, tools, and pictures that a drawing tool makes in stages.",
        _rows("openai_responses", OWN_KEY, 'wire_name = "gpt-5.4"\ntools = true\n'),
    ),
    "sketch": Wire(
        "The built-in painter. It asks nobody, needs no key, and is no AI model.",
        _rows("sketch", "", 'wire_name = "sketch"\ntools = true\n'),
    ),
}
"""Every kind that a row of a catalogue may name for people; ``scripted`` is for tests."""


def doors(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Every endpoint, in the order of the files."""
    return [
        {
            "id": shelf.endpoint.id,
            "title": shelf.endpoint.title,
            "kind": shelf.endpoint.kind,
            "what": wire.what if wire else f"A wire of the kind {shelf.endpoint.kind}.",
            "reason": shelf.reason,
            "wants": _wants(catalogue.wants.get(shelf.endpoint.id, Wants())),
            "example": wire.example if wire else "",
        }
        for shelf in catalogue.shelf()
        for wire in [WIRES.get(shelf.endpoint.kind)]
    ]


def _wants(wants: Wants) -> list[dict[str, Any]]:
    """Groups of variables, each under the words that say what it is for."""
    groups: Sequence[tuple[str, tuple[Variable, ...]]] = (
        ("Key" if len(wants.key) < 2 else "Key, one of", wants.key),
        ("Needed", wants.needed),
        ("Address", tuple(v for v in wants.address if v not in wants.needed)),
        ("Options", tuple(v for v in wants.options if v not in wants.needed)),
        ("Not with", wants.excluding),
    )
    return [
        {"word": word, "variables": [{"name": v.name, "set": v.filled} for v in group]}
        for word, group in groups
        if group
    ]
