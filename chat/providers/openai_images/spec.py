"""The kind ``openai_images``: the images routes of OpenAI and all that are compatible."""

from chat.core.provider_spec import CA_FILE, Option, OwnServer, ProviderSpec, ProxyRoute, Service

SPEC = ProviderSpec(
    kind="openai_images",
    adapter="chat.providers.openai_images.adapter:OpenAIImages",
    about="The images routes: models that draw and edit, and see your last message only.",
    example="""\
[[endpoint]]
id = "mine"
kind = "openai_images"
title = "My endpoint"
key_env = ["MY_KEY"]
base_url = "http://127.0.0.1:4000/v1"

[[model]]
id = "my-model"
endpoint = "mine"
wire_name = "gpt-image-2"
output_modalities = ["image"]
images_parameters = ["size", "n"]
sizes = ["1024x1024"]
""",
    test_server="tests.wire.servers:openai_images",
    options={
        **CA_FILE,
        "api_version": Option("text", "Makes it Azure: the version of its API, by date."),
        "extra_body": Option("table", "Parameters for every request that the card takes."),
        "one_route": Option("flag", "Draw and change pictures at /images, as OpenRouter does."),
        "picture_sites": Option("addresses", "Sites beside its own whose links are opened."),
    },
    service=Service("openai", "https://api.openai.com/v1", version_path="/v1"),
    # Microsoft says that it charges for a prompt refused with 400; of the others nobody says.
    # Source: Microsoft's “Content filtering”, note on charges (2026-11-26).
    variants={"api_version": Service("azure.ai.openai", refusal_billed="yes")},
    operation="generate_content",
    stateless=True,
    priced_by_address=True,
    moderation="chat.providers.shared.openai.moderation:OpenAIModeration",
    transcribes=True,
    own_servers=(
        OwnServer(
            "A server of pictures alone",
            "A server that speaks OpenAI's images routes and sees your last message only.",
            "http://127.0.0.1:8000/v1",
        ),
    ),
    litellm=ProxyRoute("pictures", "litellm-images", "LiteLLM, pictures"),
)
