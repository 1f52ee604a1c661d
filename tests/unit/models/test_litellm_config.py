"""A LiteLLM proxy's configuration becomes a model file that holds together, without its keys."""

import tomllib
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.core.errors import ConfigError
from chat.models.litellm_backends import is_gemini, role_of
from chat.models.litellm_config import imported
from chat.providers.registry import specs
from tests.unit.models.files import TODAY, mistakes, shipped

CONFIG = """
model_list:
  - model_name: google-imagen
    litellm_params:
      model: gemini/imagen-4.0-generate-001
      api_key: os.environ/GEMINI_API_KEY
    model_info:
      mode: image_generation
      output_cost_per_image: 0.04
  - model_name: nano
    litellm_params: {model: gemini/gemini-3-pro-image, api_key: sk-secret-1}
    model_info: {mode: image_generation}
  - model_name: talk
    litellm_params:
      model: azure/my-deployment
      api_base: https://user:sk-secret-2@x.example
      api_key: sk-secret-3
      input_cost_per_token: 3e-7
    model_info: {base_model: azure/gpt-5.4, supports_vision: false, output_cost_per_token: 0.000002}
  - model_name: talk
    litellm_params: {model: openai/gpt-5.4, api_key: sk-secret-4}
  - model_name: flash
    litellm_params: {model: vertex_ai/gemini-3.8-flash}
    model_info: {supports_function_calling: false}
  - model_name: vectors
    litellm_params: {model: openai/text-embedding-3-small}
general_settings: {master_key: sk-secret-5}
"""


def rows(text: str) -> dict[str, dict[str, Any]]:
    """Every row by its id."""
    document = tomllib.loads(text)
    return {row["id"]: row for kind in document.values() for row in kind}


def test_every_name_becomes_one_model_behind_the_right_wire() -> None:
    written = rows(imported(CONFIG, specs()))
    assert list(written) == [
        "litellm",
        "litellm-images",
        "litellm-gemini",
        "litellm-images:google-imagen",
        "litellm-gemini:nano",
        "litellm:talk",
        "litellm:flash",
    ]
    assert written["litellm"]["kind"] == "openai_chat"
    assert written["litellm"]["base_url"] == "http://127.0.0.1:4000/v1"
    assert written["litellm"]["key_env"] == ["LITELLM_API_KEY"]
    assert written["litellm-images"]["kind"] == "openai_images"
    imagen = written["litellm-images:google-imagen"]
    assert imagen["wire_name"] == "google-imagen"
    assert imagen["images_parameters"] == ["size", "n"]
    assert (imagen["stream"], imagen["input_modalities"]) == (False, ["text"])
    assert imagen["prices"] == {"per_image_usd": 0.04}
    assert written["litellm-gemini:nano"]["output_modalities"] == ["text", "image"]
    assert written["litellm:talk"]["output_modalities"] == ["text"]
    assert written["litellm:talk"]["input_modalities"] == ["text"]
    assert written["litellm:talk"]["prices"] == {"input_text_usd": 0.3, "output_text_usd": 2.0}
    assert written["litellm:flash"]["tools"] is False


def test_what_is_written_passes_the_check_and_fills_the_menu() -> None:
    text = imported(CONFIG, specs())
    assert mistakes(text) == []
    catalogue = shipped(text)
    usable = [card.id for card in catalogue.usable(TODAY)]
    assert usable[:2] == ["litellm:talk", "litellm:flash"]
    assert "litellm-gemini:nano" in usable, "a proxy may have no keys"
    # A proxy's own names say nothing of prices; what stands behind them does.
    assert catalogue.card("litellm-gemini:nano").prices.output_image_usd == 120.0
    assert catalogue.card("litellm:talk").prices.input_text_usd == 0.3


def test_gemini_may_be_asked_over_its_own_wire() -> None:
    text = imported(CONFIG, specs(), "http://proxy:4000/v1/", native=True)
    written = rows(text)
    assert written["litellm-gemini"]["kind"] == "gemini"
    assert written["litellm-gemini"]["base_url"] == "http://proxy:4000"
    assert written["litellm-gemini:nano"]["signatures"] is True
    assert "signatures" not in written["litellm-gemini:flash"]  # Google Cloud takes them unsigned
    assert "litellm:nano" not in written
    assert mistakes(text) == []
    assert "litellm-gemini:nano" in shipped(text, LITELLM_API_KEY="k").cards


@pytest.mark.parametrize(
    ("backend", "place", "signs"),
    [
        ("gemini/gemini-3.1-flash-image", "litellm-gemini", True),
        ("gemini/gemini-nano-banana-2.1", "litellm-gemini", True),
        ("gemini/gemini-flash-latest", "litellm", True),
        ("gemini/gemini-3.8-flash", "litellm", True),
        ("gemini/gemini-12-flash", "litellm", True),
        ("gemini/gemini-2.5-flash-image", "litellm-gemini", False),
        ("gemini/gemini-1.5-pro", "litellm", False),
        ("gemini/gemini-pro-vision", "litellm", False),
        ("gemini/gemini-exp-1206", "litellm", False),
        ("vertex_ai/gemini-3-pro-image", "litellm-gemini", False),
        ("openai/gpt-5.4", "litellm", False),
        ("openrouter/google/gemini-3-pro", "litellm", False),
    ],
)
def test_what_wants_signatures_is_marked_and_what_draws_goes_by_googles_wire(
    backend: str, place: str, signs: bool
) -> None:
    entry = {"model_name": "m", "litellm_params": {"model": backend}}
    row = rows(imported(yaml.safe_dump({"model_list": [entry]}), specs()))[f"{place}:m"]
    assert row.get("signatures", False) is signs


def test_no_key_is_copied_and_what_is_left_out_is_named() -> None:
    text = imported(CONFIG, specs())
    assert "secret" not in text
    assert "os.environ" not in text
    assert "# Left out, neither words nor pictures: 'vectors'" in text


def test_a_name_with_a_star_is_for_the_proxy_to_spell_out() -> None:
    text = imported('model_list: [{model_name: "*", litellm_params: {model: "openai/*"}}]', specs())
    assert rows(text)["litellm"]["discover"] is True
    assert mistakes(text) == []
    assert shipped(text).endpoints["litellm"].discover


@pytest.mark.parametrize(
    ("backend", "mode", "role"),
    [
        ("gemini/imagen-4.0-generate-001", "", "pictures"),
        ("vertex_ai/imagegeneration@006", "", "pictures"),
        ("gemini/gemini-3.1-flash-image", "", "draws"),
        ("gemini/gemini-nano-banana-2.1", "image_generation", "draws"),
        ("openrouter/google/gemini-3-pro-image", "image_generation", "pictures"),
        ("gemini/gemini-3.8-flash", "", "writes"),
        ("azure/gpt-image-2", "", "pictures"),
        ("openai/dall-e-3", "", "pictures"),
        ("bedrock/stability.stable-diffusion-xl-v0", "", "pictures"),
        ("recraft/recraftv3", "", "pictures"),
        ("xinference/sd-turbo", "", "pictures"),
        ("openai/z-image-turbo", "", "pictures"),
        ("openai/hidream-i1-full", "", "pictures"),
        ("hosted_vllm/tencent/HunyuanImage-3.0", "", "pictures"),
        ("xinference/Kolors", "", "pictures"),
        ("azure_ai/MAI-Image-2.6-Flash", "", "pictures"),
        ("openai/my-llm", "image_generation", "pictures"),
        ("openai/my-llm", "", "writes"),
        ("openai/my-llm", "chat", "writes"),
        ("openai/my-llm", "embedding", "other"),
        ("openai/my-llm", "audio_speech", "other"),
        ("openai/whisper-1", "", "other"),
    ],
)
def test_a_backend_is_taken_for_what_it_is(backend: str, mode: str, role: str) -> None:
    assert role_of(backend, mode) == role


def test_only_google_is_asked_over_googles_wire() -> None:
    assert is_gemini("vertex_ai/gemini-3-pro-image")
    assert not is_gemini("gemini/imagen-4.0-generate-001")
    assert not is_gemini("openrouter/google/gemini-3-pro-image")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("model_list: [", "not valid YAML in line"),
        ("[1, 2]", "has no model_list"),
        ("model_list: []", "has no model_list"),
        ("model_list: [{model_name: x}]", "Entry 1 of model_list lacks"),
        ("model_list: [{model_name: 3, litellm_params: {model: x}}]", "Entry 1"),
        ("model_list: [7]", "Entry 1"),
        ("a: !!python/object/apply:os.getcwd []", "not valid YAML in line 1"),
        ("d: 2024-13-45", "cannot be read"),
        ("a: " + 3_000 * "[", "cannot be read"),
        ("a: 1" + 5_000 * "0", "cannot be read"),
        ("a: !!bool x", "cannot be read"),
        ("a: !!timestamp x", "cannot be read"),
        ('a: "\\UFFFFFFFF"', "cannot be read"),
        ('model_list: [{model_name: "\\ud800", litellm_params: {model: x}}]', "Entry 1"),
    ],
)
def test_what_is_no_configuration_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        imported(text, specs())


@pytest.mark.parametrize("cost", ["1" + 400 * "0", "1e308", "1e999", ".inf", ".nan", "-1"])
def test_a_cost_that_is_none_is_left_out(cost: str) -> None:
    info = f"{{input_cost_per_token: {cost}, output_cost_per_image: {cost}}}"
    entry = f"{{model_name: x, litellm_params: {{model: openai/x}}, model_info: {info}}}"
    text = imported(f"model_list: [{entry}]", specs())
    assert "prices" not in rows(text)["litellm:x"]
    assert mistakes(text) == []


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match="--base-url must begin with http"):
        imported(CONFIG, specs(), "localhost:4000")


@pytest.mark.parametrize(
    ("backend", "facts"),
    [
        (
            "openai/gpt-image-2.5-flare",
            {"n_max": 4, "qualities": ["low", "medium", "high", "xhigh", "max"]},
        ),
        ("azure/gpt-image-2", {"n_max": 4, "qualities": ["low", "medium", "high"]}),
        ("openai/dall-e-3", {"qualities": ["standard", "hd"], "styles": ["vivid", "natural"]}),
        (
            "recraft/recraftv3",
            {"edit_parameters": ["n", "style", "response_format", "negative_prompt"]},
        ),
        ("bedrock/amazon.nova-canvas-v1:0", {"edit_parameters": ["n"], "n_max": 4}),
        ("gemini/imagen-4.0-generate-001", {"n_max": 4, "input_modalities": ["text"]}),
        ("stability/sd3.5-large", {"negative_prompt": True}),
        ("openai/qwen-image-edit-2511", {"n_max": 4, "input_modalities": ["text", "image"]}),
        ("openai/flux.1-kontext-dev", {"input_modalities": ["text", "image"]}),
        ("openai/mine, image_edit", {"input_modalities": ["text", "image"]}),
        ("openai/mine, image_generation", {"input_modalities": ["text"]}),
    ],
)
def test_what_a_painter_takes_is_written_down(backend: str, facts: dict[str, Any]) -> None:
    backend, _, mode = backend.partition(", ")
    entry: dict[str, Any] = {"model_name": "m", "litellm_params": {"model": backend}}
    entry |= {"model_info": {"mode": mode}} if mode else {}
    text = imported(yaml.safe_dump({"model_list": [entry]}), specs())
    assert mistakes(text) == []
    row = rows(text)["litellm-images:m"]
    assert {name: row.get(name) for name in facts} == facts


names = st.text(min_size=1).filter(lambda name: name.strip())
costs = st.none() | st.floats(allow_nan=True) | st.text(max_size=5) | st.booleans()
backends = st.sampled_from(["gemini/gemini-3-pro-image", "openai/x", "recraft/recraftv3", "x", "/"])
entries = st.fixed_dictionaries(
    {
        "model_name": names,
        "litellm_params": st.fixed_dictionaries(
            {"model": backends | names, "api_key": st.just("sk-secret-key-of-somebody")}
        ),
    },
    optional={
        "model_info": st.fixed_dictionaries(
            {},
            optional={
                "mode": st.sampled_from(["chat", "image_generation"]) | costs,
                "base_model": names | st.none(),
                "input_cost_per_token": costs,
                "output_cost_per_image": costs,
            },
        )
    },
)


@pytest.mark.deep
@settings(deadline=None)  # the first example reads the price list, too
@given(st.lists(entries, min_size=1, max_size=4), st.booleans())
def test_whatever_a_proxy_calls_its_models_the_file_holds_together(
    found: list[dict[str, Any]], native: bool
) -> None:
    text = imported(
        yaml.safe_dump({"model_list": found}, allow_unicode=True), specs(), native=native
    )
    assert mistakes(text) == []
    assert "secret-key-of-somebody" not in text
