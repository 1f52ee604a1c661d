"""The kind ``imagen``: Google's Imagen on Google Cloud."""

from chat.core.provider_spec import CA_FILE, Option, ProviderSpec, Service

SPEC = ProviderSpec(
    kind="imagen",
    adapter="chat.providers.imagen.adapter:Imagen",
    about="Google's Imagen on Google Cloud: pictures from words alone.",
    example="""\
[[endpoint]]
id = "mine"
kind = "imagen"
title = "My endpoint"
key_env = ["MY_KEY"]
options = { enterprise = true, location = "us-central1" }

[[model]]
id = "my-model"
endpoint = "mine"
wire_name = "imagen-4.0-generate-001"
input_modalities = ["text"]
output_modalities = ["image"]
stream = false
""",
    test_server="tests.wire.servers:imagen",
    options={
        **CA_FILE,
        "enterprise": Option("flag", "Speak to Google Cloud (Vertex AI) instead of AI Studio."),
        "project": Option("text", "On Google Cloud: the project that is billed."),
        "location": Option("text", "On Google Cloud: the region, such as us-central1."),
        "api_version": Option("text", "The version of the API, such as v1beta."),
        "person_generation": Option("text", "On Google Cloud: whether people may be drawn."),
        "output_mime_type": Option("text", "On Google Cloud: the format of drawn pictures."),
    },
    service=Service("gcp.gemini", "https://generativelanguage.googleapis.com"),
    variants={"enterprise": Service("gcp.vertex_ai", "https://aiplatform.googleapis.com")},
    operation="generate_content",
    stateless=True,
    watermark="SynthID",
    price_id="google",
)
