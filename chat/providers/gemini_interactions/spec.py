"""The kind ``gemini_interactions``: Google's Interactions API."""

from chat.core.provider_spec import CA_FILE, Option, ProviderSpec, Service

SPEC = ProviderSpec(
    kind="gemini_interactions",
    adapter="chat.providers.gemini_interactions.adapter:GeminiInteractions",
    about="Google's Interactions API, where its new models come first: words and pictures "
    "interleaved, tools, signatures. Nothing is kept at Google unless you ask for it. Google AI "
    "Studio, or Vertex AI as far as it has this API.",
    example="""\
[[endpoint]]
id = "mine"
kind = "gemini_interactions"
title = "My endpoint"
key_env = ["MY_KEY"]

[[model]]
id = "my-model"
endpoint = "mine"
wire_name = "gemini-nano-banana-2.1"
signatures = true
aspect_ratios = ["1:1", "16:9"]
image_sizes = ["1K", "2K"]
""",
    test_server="tests.wire.servers:gemini_interactions",
    options={
        **CA_FILE,
        "store": Option("flag", "Let Google keep each question and answer, as it does by default."),
        "enterprise": Option("flag", "Speak to Google Cloud (Vertex AI) instead of AI Studio."),
        "project": Option("text", "On Google Cloud: the project that is billed."),
        "location": Option("text", "On Google Cloud: the region, such as global."),
        "api_version": Option("text", "The version of the API, such as v1beta."),
        "picture_sites": Option("addresses", "Sites beside its own whose links are opened."),
        "include_thoughts": Option("flag", "Ask for summaries of the model's reasoning."),
        "output_mime_type": Option("text", "The format of drawn pictures, such as image/jpeg."),
    },
    service=Service("gcp.gemini", "https://generativelanguage.googleapis.com"),
    variants={"enterprise": Service("gcp.vertex_ai", "https://aiplatform.googleapis.com")},
    operation="generate_content",
    watermark="SynthID",
    price_id="google",
)
