"""Whatever is wrong in a model file is named: all of it, with file, line, row and key."""

import pytest

from chat.core.errors import ConfigError
from chat.models.reading import examine
from chat.providers.registry import KINDS, specs
from tests.unit.models.files import ENDPOINT, MODEL, mistakes, read

CLOUD = ENDPOINT.replace("openai_chat", "gemini")
PICTURES = ENDPOINT.replace("openai_chat", "openai_images")
PAINTER = ENDPOINT.replace("openai_chat", "sketch")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[model", "file0.toml, line 1: this is not valid TOML"),
        ("[model]\nid = 1", "“model” must be written as"),
        ("models = []", "and listed. Did you mean “model”?"),
        ("[[endpoint]]", "line 1: endpoint number 1: “id” is missing"),
        ('[[endpoint]]\nid = "e"', "endpoint “e”: “kind” is missing"),
        ('[[endpoint]]\nid = "e"\nkind = "x"', "the kind “x” is unknown; known are gemini"),
        (ENDPOINT + "key_env = 'KEY'", "“key_env” must be a list"),
        (ENDPOINT + "[endpoint.timeouts]\nidle_s = 0", "timeouts: “idle_s” must be more than 0"),
        (ENDPOINT + "[endpoint.timeouts]\nidle = 5", "Did you mean “idle_s”"),
        (ENDPOINT + "needs_env = 'X'", "“needs_env” must be a list"),
        (
            ENDPOINT + "options_env = { api_version = 1 }",
            "options_env: “api_version” must be a text",
        ),
        (ENDPOINT + "options = { api_verson = '1' }", "Did you mean “api_version”?"),
        (
            ENDPOINT + "options_env = { api_verson = 'V' }",
            "“api_verson” is not an option",
        ),
        (CLOUD + "options = { enterprize = true }", "Did you mean “enterprise”?"),
        (CLOUD + "options = { enterprise = 'yes' }", "options: “enterprise” must be true or false"),
        (CLOUD + "options = { include_thoughts = 1 }", "“include_thoughts” must be true or false"),
        (CLOUD + "options_env = { projct = 'P' }", "Did you mean “project”?"),
        (CLOUD + "options = { extra_body = {} }", "is not an option of the kind “gemini”"),
        (PICTURES + "options = { picture_sites = ['ftp://x'] }", "must begin with http"),
        (PICTURES + "options = { extra_body = 'x' }", "options: “extra_body” must be a table"),
        (PICTURES + "options_env = { extra_body = 'X' }", "a table, which no variable can hold"),
        (PAINTER + "options = { pace_s = 'fast' }", "options: “pace_s” must be a number"),
        ("[[listed]]\nid = 'l'\nkinds = ['gemni']", "there is no kind “gemni”. Did you mean"),
        (ENDPOINT + ENDPOINT, "endpoint “e”: the id is given twice"),
        (ENDPOINT + MODEL + MODEL, "model “m”: the id is given twice"),
        (MODEL, "model “m”: there is no endpoint “e”"),
        (ENDPOINT + '[[model]]\nid = "m"\nendpoint = "e"', "“wire_name” is missing"),
        (
            ENDPOINT + MODEL + "tool = true",
            "line 10: model “m”: “tool” is not a key that Easel knows. Did you mean",
        ),
        (ENDPOINT + MODEL + "xyz = 1", "“xyz” is not a key that Easel knows."),
        (ENDPOINT + MODEL + "tools = 'yes'", "“tools” must be true or false"),
        (ENDPOINT + MODEL + "title = 5", "“title” must be a text"),
        (ENDPOINT + MODEL + "max_input_images = -1", "“max_input_images” must be a whole number"),
        (ENDPOINT + MODEL + "max_input_images = true", "must be a whole number"),
        (ENDPOINT + MODEL + "prices = 5", "“prices” must be a table"),
        (ENDPOINT + MODEL + "prices = { input_text_usd = -1 }", "must be a number, 0 or more"),
        (ENDPOINT + MODEL + "prices = { input_text_usd = nan }", "must be a number, 0 or more"),
        (ENDPOINT + MODEL + "prices = { input = 1 }", "“input” is not a key"),
        (ENDPOINT + MODEL + "retires_on = '2027'", "“retires_on” must be a date"),
        (
            ENDPOINT + MODEL + 'output_modalities = ["smell"]',
            "must name one or more of text, image",
        ),
        (ENDPOINT + MODEL + "output_modalities = []", "must name one or more"),
    ],
)
def test_a_mistake_is_named(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert sentence in str(caught.value)
    assert "file0.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("enterprise", "It belongs into its “options”."),
        ("enterprize", "Did you mean “enterprise”, which belongs into its “options”?"),
        ("titel", "Did you mean “title”?"),
    ],
)
def test_an_option_in_the_wrong_table_is_told_where_it_belongs(key: str, hint: str) -> None:
    own = f'[[endpoint]]\nid = "mine"\nkind = "imagen"\n{key} = true\n'
    (found,) = examine([], {}, own=[("mine.toml", own)], kinds=specs()).mistakes
    assert found.sentence == f"endpoint “mine”: “{key}” is not a key that Easel knows. {hint}"


def test_every_mistake_is_found_at_once_each_on_its_line() -> None:
    own = """
[[model]]
id = "x"
endpoint = "gemni"
tol = 1

  [model.prices]
  input_text_usd = -3
  output_text = 1

[[endpoint]]
id = "gemini"
kind = "gemin"
base_url = "localhost:4000"
key_env = ["sk-live-123"]

[other]
"""
    found = mistakes(own)
    assert found == [
        (
            "17: “other” is not a table that Easel knows here; there are endpoint, model, retired "
            "and listed."
        ),
        (
            "13: endpoint “gemini”: the kind “gemin” is unknown; known are "
            f"{', '.join(sorted(KINDS))}. Did you mean “gemini”?"
        ),
        (
            "15: endpoint “gemini”: “key_env” must name environment variables in capitals, such as "
            "MY_KEY; their values do not belong into this file."
        ),
        "14: endpoint “gemini”: “base_url” must begin with http:// or https://.",
        "4: model “x”: there is no endpoint “gemni”. Did you mean “gemini”?",
        "8: model “x”, prices: “input_text_usd” must be a number, 0 or more.",
        (
            "9: model “x”, prices: “output_text” is not a key that Easel knows. "
            "Did you mean “output_text_usd”?"
        ),
        "2: model “x”: “wire_name” is missing.",
        "5: model “x”: “tol” is not a key that Easel knows. Did you mean “tools”?",
    ]
    assert not any("sk-live" in sentence for sentence in found)


def test_a_mistake_in_a_row_of_two_files_is_sought_in_the_one_that_made_it() -> None:
    with pytest.raises(ConfigError, match=r"^file0.toml, line 10: model “m”: “tools” must be"):
        read(ENDPOINT + MODEL + "tools = 1", '[[model]]\nid = "m"\ntitle = "Mine"\n')
    with pytest.raises(ConfigError, match=r"^file1.toml, line 3: model “m”: “tools” must be"):
        read(ENDPOINT + MODEL, '[[model]]\nid = "m"\ntools = 1\n')


TWO = ENDPOINT + MODEL + '[[model]]\nid = "n"\nendpoint = "e"\nwire_name = "wire-n"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            TWO + 'successor = "z"',
            "line 14: model “n”: “successor” names a model “z” that is not there.",
        ),
        (TWO + 'successor = "n"', "line 14: model “n”: the successors of “n” lead back to it."),
        (TWO + 'aliases = ["m"]', "line 14: model “n”: the alias “m” is the id of a model."),
        (TWO + 'aliases = ["a", "a"]', "the alias “a” is one of “n” already."),
        (
            TWO + 'fallbacks = { unavailable = ["z"] }',
            "line 14: model “n”: “unavailable” names a model “z”",
        ),
        (TWO + 'fallbacks = { rate_limit = ["m"] }', "Did you mean “rate_limited”?"),
        (
            TWO + "[model.fallbacks]\nunavailable = 1",
            "line 15: model “n”, fallbacks: “unavailable”",
        ),
        (TWO + 'deployments = [{ endpoint = "f", wire_name = "w" }]', "there is no endpoint “f”."),
        (
            TWO + 'deployments = [{ endpoint = "e" }]',
            "deployments number 1: “wire_name” is missing",
        ),
        (
            TWO + 'deployments = [\n  { endpoint = "e", wire_name = "w", weight = 0 },\n]',
            "line 14: model “n”, deployments number 1: “weight” must be a whole number, 1 or more.",
        ),
        (TWO + "deployments = [1]", "must be a list of tables in braces"),
        (
            TWO + 'deployments = [{endpoint="e",wire_name="w"}, {endpoint="e",wire_name="w"}]',
            "“e/w” is given twice; give it more weight instead.",
        ),
        (TWO + 'wire_names_env = "N"\naliases = ["a"]', "“aliases” is for one model"),
        (TWO + "prices = { per_image_usd = inf }", "“per_image_usd” must be a number, 0 or more"),
        (TWO + f"prices = {{ per_image_usd = 1{400 * '0'} }}", "“per_image_usd” must be a number"),
        (TWO + "prices = { cached_input_usd = -1 }", "“cached_input_usd” must be a number"),
        (TWO + "history = 1", "“history” must be true or false"),
        (TWO + "mask = 1", "“mask” must be true or false"),
        ('[[retired]]\nid = "r"', "line 1: retired “r”: “retired_on” is missing."),
        ('[[retired]]\nid = "r"\nretired_on = "x"', "“retired_on” must be a date"),
        (
            '[[retired]]\nid = "r"\nretired_on = 2026-01-01\nsuccessor = "z"',
            "names a model “z” that is not there",
        ),
        (ENDPOINT + 'base_url = "x"', "“base_url” must begin with http:// or https://."),
        (ENDPOINT + "base_url = \"'http://x'\"", "“base_url” has quotes around it"),
        (ENDPOINT + 'base_url = "http://x y"', "“base_url” holds a space or a line break"),
        (ENDPOINT + 'base_url_env = "https://x"', "“base_url_env” must name environment variables"),
        (ENDPOINT + "discover = 1", "“discover” must be true or false"),
        (ENDPOINT + "listed_without = 1", "“listed_without” must be a list"),
    ],
)
def test_a_mistake_in_what_rows_say_of_each_other_is_named(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert sentence in str(caught.value)


def test_successors_that_go_round_in_a_circle_are_refused() -> None:
    circle = TWO.replace('wire_name = "wire-m"', 'wire_name = "wire-m"\nsuccessor = "gone"')
    gone = '[[retired]]\nid = "gone"\nretired_on = 2026-01-01\nsuccessor = "m"\n'
    with pytest.raises(ConfigError, match="the successors of “m” lead back to it"):
        read(circle + gone)


def test_models_that_fall_back_on_each_other_are_fine() -> None:
    both = TWO.replace(
        'wire_name = "wire-m"', 'wire_name = "wire-m"\nfallbacks = { unavailable = ["n"] }'
    )
    catalogue = read(both + 'fallbacks = { unavailable = ["m"], content_policy = ["m"] }')
    assert catalogue.card("n").fallbacks == {"unavailable": ("m",), "content_policy": ("m",)}
    assert catalogue.card("m").fallbacks == {"unavailable": ("n",)}


def test_a_model_that_a_server_will_list_may_be_fallen_back_on() -> None:
    text = ENDPOINT + 'base_url = "http://x"\ndiscover = true\n' + MODEL
    catalogue = read(text + 'fallbacks = { unavailable = ["e:other"] }')
    assert catalogue.card("e:other").wire_name == "other"


def test_the_first_mistake_tells_how_many_more_there_are() -> None:
    with pytest.raises(ConfigError) as caught:
        read(ENDPOINT + MODEL + "tool = 1")
    assert "more" not in str(caught.value)
    with pytest.raises(ConfigError) as caught:
        read(ENDPOINT + MODEL + "tool = 1\nfoo = 2")
    assert str(caught.value).endswith(
        " There is 1 more; python -m chat.models check FILE lists them."
    )


def test_no_sentence_offers_the_kind_that_is_for_tests() -> None:
    (said,) = mistakes('[[endpoint]]\nid = "e"\nkind = "x"')
    assert "openai_chat" in said
    assert "scripted" not in said
