"""A collector finds each provider under the name that all software gives it."""

from dataclasses import replace
from typing import Any

import pytest

from chat.core.models import Endpoint
from chat.providers.registry import specs
from chat.telemetry.names import provider_name, shared_attributes
from tests.unit.telemetry.samples import CALL


@pytest.mark.parametrize(
    ("kind", "options", "provider", "operation"),
    [
        ("gemini", {}, "gcp.gemini", "generate_content"),
        ("gemini_interactions", {}, "gcp.gemini", "generate_content"),
        ("gemini_interactions", {"enterprise": True}, "gcp.vertex_ai", "generate_content"),
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
    endpoint = Endpoint("e", kind, "E", options=options, spec=specs()[kind])
    assert (provider_name(endpoint), endpoint.spec.operation) == (provider, operation)


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("", ("api.openai.com", 443)),
        ("https://router.example/v1", ("router.example", 443)),
        ("http://127.0.0.1:4000/v1", ("127.0.0.1", 4000)),
        ("http://router:nonsense/v1", (None, None)),
        ("http://[broken", (None, None)),
        ("no address", (None, None)),
    ],
)
def test_the_server_is_named_where_the_address_is_one(
    url: str, server: tuple[str | None, int | None]
) -> None:
    told = shared_attributes(
        replace(CALL, endpoint=Endpoint("e", "openai_chat", "E", url, spec=specs()["openai_chat"]))
    )
    assert (told.get("server.address"), told.get("server.port")) == server
