"""What the spec of every kind promises. A new row in KINDS is tested by itself."""

import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from chat.core.provider_spec import ProviderSpec
from chat.models import Catalogue, read_catalogue
from chat.models.reading import examine
from chat.providers.registry import KINDS, specs
from chat.web.endpoint_help import endpoint_help
from tests.contracts.resolve import resolved

ROOT = Path(__file__).parents[2]
SHIPPED = ("models.toml", (ROOT / "assets" / "models.toml").read_text("utf-8"))


@pytest.fixture(params=KINDS)
def spec(request: pytest.FixtureRequest) -> ProviderSpec:
    return specs()[request.param]


def example_of(spec: ProviderSpec) -> tuple[str, str]:
    """The ids of the endpoint and the model in its example."""
    rows = tomllib.loads(spec.example)
    assert rows.keys() >= {"endpoint", "model"}, "the example needs an endpoint and a model"
    return rows["endpoint"][0]["id"], rows["model"][0]["id"]


def read_example(spec: ProviderSpec) -> Catalogue:
    """The example as somebody's own rows, with every variable set that it names a key by."""
    rows = tomllib.loads(spec.example)["endpoint"]
    keys = {name: "k" for row in rows for name in row.get("key_env", ())}
    own = [("example.toml", spec.example)]
    mistakes = [str(each) for each in examine([SHIPPED], keys, own=own, kinds=specs()).mistakes]
    assert not mistakes
    return read_catalogue([SHIPPED], keys, own=own, kinds=specs())


def test_it_says_which_kind_it_is_and_names_what_there_is(spec: ProviderSpec) -> None:
    assert specs()[spec.kind] is spec
    assert callable(resolved(spec.adapter))
    assert callable(resolved(spec.test_server))
    assert not spec.moderation or callable(resolved(spec.moderation))
    assert set(spec.variants) <= set(spec.options)


def test_people_can_read_what_the_kind_and_each_option_is_for(spec: ProviderSpec) -> None:
    texts = [spec.about, *(option.about for option in spec.options.values())]
    assert all(text.endswith(".") and text == text.strip() for text in texts)


def test_the_example_can_be_copied_into_a_file_and_used(spec: ProviderSpec) -> None:
    endpoint, model = example_of(spec)
    catalogue = read_example(spec)
    assert catalogue.endpoints[endpoint].kind == spec.kind
    assert catalogue.endpoints[endpoint].spec is spec
    assert model in {card.id for card in catalogue.usable()}
    told = next(each for each in endpoint_help(catalogue) if each.id == endpoint)
    assert (told.what, told.example) == (spec.about, spec.example)


def test_a_stateless_kind_makes_models_that_see_no_history(spec: ProviderSpec) -> None:
    _, model = example_of(spec)
    assert read_example(spec).cards[model].history is not spec.stateless


def test_a_misspelt_option_is_named_with_its_line_and_the_right_one(spec: ProviderSpec) -> None:
    for option in spec.options:
        wrong = option[:-1] + ("x" if option[-1] != "x" else "y")
        own = f'[[endpoint]]\nid = "mine"\nkind = "{spec.kind}"\n[endpoint.options]\n{wrong} = 1\n'
        (found,) = examine([SHIPPED], {}, own=[("mine.toml", own)], kinds=specs()).mistakes
        assert (found.file, found.line) == ("mine.toml", 5)
        assert found.sentence == (
            f"endpoint “mine”, options: “{wrong}” is not an option of the kind “{spec.kind}”. "
            f"Did you mean “{option}”?"
        )


def test_telemetry_and_prices_know_whose_it_is(spec: ProviderSpec) -> None:
    services = [spec.service, *spec.variants.values()]
    assert spec.offline or all(service.telemetry_name for service in services)
    assert not (spec.price_id and spec.priced_by_address)
    assert replace(spec, options={}).service_for({}) is spec.service


def test_no_sdk_is_imported_before_a_provider_is_opened() -> None:
    check = (
        "import sys; from chat.providers.registry import specs; specs();"
        "print(sorted({'openai', 'google.genai', 'httpx2', 'PIL', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_proxy_is_asked_for_each_of_its_uses_over_one_wire() -> None:
    routes = [spec.litellm for spec in specs().values() if spec.litellm is not None]
    assert sorted(route.use for route in routes) == ["native", "pictures", "talk"]
    assert len({route.endpoint for route in routes}) == len(routes)
