"""The kind ``openai_chat``: chat completions of OpenAI and all that are compatible."""

from chat.core.provider_spec import CA_FILE, Option, OwnServer, ProviderSpec, ProxyRoute, Service

SPEC = ProviderSpec(
    kind="openai_chat",
    adapter="chat.providers.openai_chat.adapter:OpenAIChat",
    about="Chat completions: OpenAI, Azure, a LiteLLM proxy, OpenRouter, and any server that is "
    "compatible. Pictures come where the model sends them.",
    example="""\
[[endpoint]]
id = "mine"
kind = "openai_chat"
title = "My endpoint"
key_env = ["MY_KEY"]
base_url = "http://127.0.0.1:4000/v1"

[[model]]
id = "my-model"
endpoint = "mine"
wire_name = "gemini-image"
""",
    test_server="tests.wire.servers:openai_chat",
    options={
        **CA_FILE,
        "api_version": Option("text", "Makes it Azure: the version of its API, by date."),
        "picture_sites": Option("addresses", "Sites beside its own whose links are opened."),
    },
    service=Service("openai", "https://api.openai.com/v1", version_path="/v1"),
    # Microsoft says that it charges for a prompt refused with 400; of the others nobody says.
    # Source: Microsoft's “Content filtering”, note on charges (2026-11-26).
    variants={"api_version": Service("azure.ai.openai", refusal_billed="yes")},
    priced_by_address=True,
    moderation="chat.providers.shared.openai.moderation:OpenAIModeration",
    transcribes=True,
    own_servers=(
        OwnServer(
            "LiteLLM proxy",
            "A proxy that passes calls on to many providers under one key.",
            "http://127.0.0.1:4000/v1",
        ),
        OwnServer(
            "Any OpenAI-compatible server",
            "Ollama, LM Studio, llama.cpp, vLLM, or a service with chat completions.",
            "http://127.0.0.1:11434/v1",
        ),
    ),
    litellm=ProxyRoute("talk", "litellm", "LiteLLM"),
)
