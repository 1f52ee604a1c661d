"""A collector finds each provider under the name that all software gives it."""

from typing import Any

import pytest

from chat.core.models import Endpoint
from chat.telemetry.names import operation_name, provider_name


@pytest.mark.parametrize(
    ("kind", "options", "provider", "operation"),
    [
        ("gemini", {}, "gcp.gemini", "generate_content"),
        ("gemini", {"enterprise": True}, "gcp.vertex_ai", "generate_content"),
        ("imagen", {"enterprise": True}, "gcp.vertex_ai", "generate_content"),
        ("openai_chat", {}, "openai", "chat"),
        ("openai_responses", {}, "openai", "chat"),
        ("openai_images", {}, "openai", "generate_content"),
        ("openai_images", {"api_version": "v1"}, "azure.ai.openai", "generate_content"),
        ("sketch", {}, "easel.sketch", "chat"),
    ],
)
def test_each_wire_has_its_provider_and_its_operation(
    kind: str, options: dict[str, Any], provider: str, operation: str
) -> None:
    endpoint = Endpoint("e", kind, "E", options=options)
    assert (provider_name(endpoint), operation_name(endpoint)) == (provider, operation)
