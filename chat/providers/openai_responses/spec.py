"""The kind ``openai_responses``: OpenAI's Responses API."""

from chat.core.provider_spec import CA_FILE, Option, OwnServer, ProviderSpec, Service

SPEC = ProviderSpec(
    kind="openai_responses",
    adapter="chat.providers.openai_responses.adapter:OpenAIResponses",
    about="OpenAI's Responses API: words, tools, and pictures that a drawing tool makes in stages.",
    example="""\
[[endpoint]]
id = "mine"
kind = "openai_responses"
title = "My endpoint"
key_env = ["MY_KEY"]

[[model]]
id = "my-model"
endpoint = "mine"
wire_name = "gpt-5.4"
tools = true
""",
    test_server="tests.wire.servers:openai_responses",
    options={
        **CA_FILE,
        "api_version": Option("text", "Makes it Azure: the version of its API, by date."),
        "picture_sites": Option("addresses", "Sites beside its own whose links are opened."),
        "image_tool": Option("table", "Sent along with the drawing tool, such as its model."),
        "include_thoughts": Option("flag", "Ask for summaries of the model's reasoning."),
    },
    service=Service("openai", "https://api.openai.com/v1", version_path="/v1"),
    # Microsoft says that it charges for a prompt refused with 400; of the others nobody says.
    # Source: Microsoft's “Content filtering”, note on charges (2026-11-26).
    variants={"api_version": Service("azure.ai.openai", refusal_billed="yes")},
    priced_by_address=True,
    own_servers=(
        OwnServer(
            "A server with the Responses API",
            "A server that speaks OpenAI's Responses API whole.",
            "http://127.0.0.1:8000/v1",
        ),
    ),
    moderation="chat.providers.shared.openai.moderation:OpenAIModeration",
    transcribes=True,
)
