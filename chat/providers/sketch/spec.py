"""The kind ``sketch``: the offline painter."""

from chat.core.provider_spec import Option, ProviderSpec

SPEC = ProviderSpec(
    kind="sketch",
    adapter="chat.providers.sketch.adapter:Sketch",
    about="The built-in painter. It asks nobody, needs no key, and is no AI model.",
    example="""\
[[endpoint]]
id = "mine"
kind = "sketch"
title = "My endpoint"

[[model]]
id = "my-model"
endpoint = "mine"
wire_name = "sketch"
tools = true
""",
    test_server="tests.wire.servers:sketch",
    options={"pace_s": Option("number", "The pause between two words, in seconds.")},
    offline=True,
)
