"""What a request sets beside its words: modalities, picture shape, tools, system instruction."""

from collections.abc import Sequence
from typing import Any

from google.genai import types

from chat.core.calling import ANY_TOOL, ModelRequest, ToolSpec
from chat.core.models import Endpoint
from chat.providers.shared.google.client import is_enterprise
from chat.providers.shared.requests.choices import chosen, wants_search

STREAMED_CALLS = "stream_function_call_arguments"
"""The option of an endpoint that has calls come in pieces: models before Gemini 3 refuse it."""

ENTERPRISE_OPTIONS = ("person_generation", "output_mime_type")
"""Options of an endpoint that only Google Cloud takes."""


STAND_IN = types.Content(role="user", parts=[types.Part(text="-")])
"""What the SDK is given to translate in place of the contents that go into the body as they are."""


def config(
    request: ModelRequest, endpoint: Endpoint, said: Sequence[types.Content]
) -> types.GenerateContentConfig:
    """The configuration of a call; what the card does not have is left out.

    It carries the contents, too, as they are on the wire: the SDK would take every part to
    pieces and put it together again, which for a long conversation costs more than its pictures.
    """
    card = request.card
    draws = "image" in card.output_modalities
    thinks = endpoint.options.get("include_thoughts") is True
    return types.GenerateContentConfig(
        http_options=types.HttpOptions(extra_body={"contents": [_on_the_wire(c) for c in said]}),
        system_instruction=request.system or None,
        response_modalities=[m.upper() for m in card.output_modalities] if draws else None,
        image_config=_image_config(request, endpoint) if draws else None,
        tools=_tools(request),
        tool_config=_tool_config(request, endpoint),
        thinking_config=types.ThinkingConfig(include_thoughts=True) if thinks else None,
        # The turn runs tools; the SDK must not.
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        # The SDK would send again, and be billed again, without a word.
        automatic_continuation=False,
    )


def _tool_config(request: ModelRequest, endpoint: Endpoint) -> types.ToolConfig | None:
    """What has to be called, and whether calls come in pieces, which Google Cloud alone can do."""
    calling = types.FunctionCallingConfig()
    if request.must_call:
        calling.mode = types.FunctionCallingConfigMode.ANY
        if request.must_call != ANY_TOOL:
            calling.allowed_function_names = [request.must_call]
    if request.tools and is_enterprise(endpoint) and endpoint.options.get(STREAMED_CALLS) is True:
        calling.stream_function_call_arguments = True
    if calling == types.FunctionCallingConfig():
        return None
    return types.ToolConfig(function_calling_config=calling)


def _on_the_wire(content: types.Content) -> dict[str, Any]:
    return content.model_dump(mode="json", by_alias=True, exclude_none=True)


def _image_config(request: ModelRequest, endpoint: Endpoint) -> types.ImageConfig | None:
    values = chosen(request)
    told: dict[str, Any] = {name: values.get(name) for name in ("aspect_ratio", "image_size")}
    if is_enterprise(endpoint):  # elsewhere the SDK refuses them before it asks
        told |= {name: endpoint.options.get(name) for name in ENTERPRISE_OPTIONS}
        told["person_generation"] = values.get("person_generation") or told["person_generation"]
    given = {name: value for name, value in told.items() if value}
    return types.ImageConfig(**given) if given else None


def _tools(request: ModelRequest) -> types.ToolListUnion | None:
    """The tools of the conversation; without any, Google's search where it is wanted.

    Both together are refused with status 400 unless the request takes part in what the server's
    own tools do, which is for some models alone.
    Sources: https://github.com/cloudwego/eino-ext/issues/761,
    https://github.com/vercel/ai/pull/13845 (2026-11-30).
    """
    if request.tools:
        return [_tool(request.tools)]
    return [types.Tool(google_search=types.GoogleSearch())] if wants_search(request) else None


def _tool(specs: tuple[ToolSpec, ...]) -> types.Tool:
    return types.Tool(
        function_declarations=[
            types.FunctionDeclaration(
                name=spec.name,
                description=spec.description,
                parameters_json_schema=dict(spec.parameters),
            )
            for spec in specs
        ]
    )
