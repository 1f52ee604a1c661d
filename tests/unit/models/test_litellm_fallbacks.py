"""Who answers in whose stead behind a LiteLLM proxy does so in Easel, too, or is said not to."""

from chat.models.litellm_config import imported
from chat.providers.registry import specs
from tests.unit.models.files import mistakes, shipped

MODELS = """
model_list:
  - {model_name: nano, litellm_params: {model: gemini/gemini-3-pro-image}}
  - {model_name: talk, litellm_params: {model: openai/gpt-5.4}}
  - {model_name: long, litellm_params: {model: gemini/gemini-3.8-flash}}
  - {model_name: pictures, litellm_params: {model: openai/gpt-image-2}}
  - {model_name: vectors, litellm_params: {model: openai/text-embedding-3-small}}
"""


def test_fallbacks_between_models_become_rows() -> None:
    text = imported(
        MODELS
        + """
router_settings:
  fallbacks: [{nano: [pictures, talk]}]
litellm_settings:
  fallbacks: [{nano: [long, pictures]}, {talk: [long]}]
  context_window_fallbacks: [{talk: [long]}]
  content_policy_fallbacks:
    - {pictures: [nano]}
""",
        specs(),
    )
    assert mistakes(text) == []
    cards = shipped(text).cards
    instead = ("litellm-images:pictures", "litellm:talk", "litellm:long")
    assert cards["litellm-gemini:nano"].fallbacks == {
        "unavailable": instead,
        "rate_limited": instead,
    }
    assert cards["litellm:talk"].fallbacks == {
        "unavailable": ("litellm:long",),
        "rate_limited": ("litellm:long",),
        "context_too_long": ("litellm:long",),
    }
    assert cards["litellm-images:pictures"].fallbacks == {
        "content_policy": ("litellm-gemini:nano",)
    }
    assert cards["litellm:long"].fallbacks == {}
    assert "Left out: " not in text


def test_over_googles_wire_they_lead_to_the_same_models() -> None:
    config = MODELS + "router_settings: {fallbacks: [{talk: [nano]}]}"
    text = imported(config, specs(), native=True)
    assert mistakes(text) == []
    fallbacks = shipped(text).cards["litellm:talk"].fallbacks
    assert fallbacks["unavailable"] == ("litellm-gemini:nano",)


def test_what_leads_nowhere_is_told_in_a_comment() -> None:
    text = imported(
        MODELS
        + """
router_settings:
  fallbacks: [{talk: [gone, vectors, long]}, {elsewhere: [talk]}, {"*": [talk]}]
  default_fallbacks: [talk]
  context_window_fallbacks: nonsense
litellm_settings: null
""",
        specs(),
    )
    assert mistakes(text) == []
    assert shipped(text).cards["litellm:talk"].fallbacks["unavailable"] == ("litellm:long",)
    told = [line for line in text.splitlines() if line.startswith("# Left out: ")]
    assert told == [
        "# Left out: fallbacks of 'talk' to 'gone'",
        "# Left out: fallbacks of 'talk' to 'vectors'",
        "# Left out: fallbacks of 'elsewhere'",
        "# Left out: fallbacks of '*'",
        "# Left out: default_fallbacks to 'talk'",
    ]
