"""The kind ``gemini``: Google's generateContent."""

from chat.core.provider_spec import CA_FILE, Option, OwnServer, ProviderSpec, ProxyRoute, Service

SPEC = ProviderSpec(
    kind="gemini",
    adapter="chat.providers.gemini.adapter:Gemini",
    about="Google's generateContent: words and pictures interleaved, tools, signatures. Google AI "
    "Studio, Vertex AI, or the native Gemini route of a proxy.",
    example="""\
[[endpoint]]
id = "mine"
kind = "gemini"
title = "My endpoint"
key_env = ["MY_KEY"]
base_url = "http://127.0.0.1:4000"

[[model]]
id = "my-model"
endpoint = "mine"
wire_name = "gemini-3.1-flash-image"
""",
    test_server="tests.wire.servers:gemini",
    options={
        **CA_FILE,
        "enterprise": Option("flag", "Speak to Google Cloud (Vertex AI) instead of AI Studio."),
        "project": Option("text", "On Google Cloud: the project that is billed."),
        "location": Option("text", "On Google Cloud: the region, such as us-central1."),
        "api_version": Option("text", "The version of the API, such as v1beta."),
        "picture_sites": Option("addresses", "Sites beside its own whose links are opened."),
        "include_thoughts": Option("flag", "Ask for summaries of the model's reasoning."),
        "stream_function_call_arguments": Option(
            "flag",
            "On Google Cloud: have calls of tools come in pieces. Gemini 3 and later take it.",
        ),
        "person_generation": Option("text", "On Google Cloud: whether people may be drawn."),
        "output_mime_type": Option("text", "On Google Cloud: the format of drawn pictures."),
    },
    service=Service("gcp.gemini", "https://generativelanguage.googleapis.com"),
    variants={"enterprise": Service("gcp.vertex_ai", "https://aiplatform.googleapis.com")},
    operation="generate_content",
    watermark="SynthID",
    price_id="google",
    transcribes=True,
    own_servers=(
        OwnServer(
            "A proxy's native Gemini route",
            "LiteLLM's for one: Gemini without loss of order, signatures or tools.",
            "http://127.0.0.1:4000",
        ),
    ),
    litellm=ProxyRoute("native", "litellm-gemini", "LiteLLM, Gemini"),
)
