"""Our file of models against what others know of them: prices are told, ids and dates must agree.

The others are the package genai-prices and the cost map of a LiteLLM beside this environment.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

import genai_prices
import pytest
from openai.types.image_model import ImageModel

from chat.core.models import Endpoint, ModelCard, Prices
from chat.models import Catalogue
from chat.models.litellm_backends import prices_in
from chat.models.prices import listed_prices
from tests.unit.models.files import ROOT, shipped

COST_MAP = "lib/*/site-packages/litellm/model_prices_and_context_window_backup.json"
PREFIXES = {
    "gemini": "gemini/",
    "vertex": "vertex_ai/",
    "vertex-imagen": "vertex_ai/",
    "openai-images": "",
    "openai-responses": "",
    "xai": "xai/",
    "xai-images": "xai/",
}
"""How LiteLLM calls the models of an endpoint. Azure's names are its users' own."""

NOTED: Mapping[str, str] = {
    "gemini/gemini-2.5-flash-image": "Google's page of September 2026 says 2 October 2026.",
    "gemini/gemini-3.1-flash-image": "It was shut down on AI Studio; see the comment at its row.",
    "vertex_ai/imagen-4.0-generate-001": "Gone everywhere, and so from their lists.",
}
"""Why we contradict them, by LiteLLM's name of the model."""

TOLERANCE = 0.01


@dataclass(frozen=True)
class Model:
    """One of ours."""

    known_as: str
    wire_name: str
    retires_on: date | None
    card: ModelCard | None = None
    endpoint: Endpoint | None = None


def catalogue() -> Catalogue:
    names = ("GEMINI_API_KEY", "OPENAI_API_KEY", "GOOGLE_CLOUD_API_KEY", "GOOGLE_CLOUD_PROJECT")
    return shipped("", **dict.fromkeys((*names, "XAI_API_KEY"), "k"))


def ours() -> Iterator[Model]:
    """Every card with a name that is not its user's, and every id that is retired."""
    known = catalogue()
    for card in known.cards.values():
        if card.endpoint in PREFIXES:
            name = PREFIXES[card.endpoint] + card.wire_name
            endpoint = known.endpoint_of(card)
            yield Model(name, card.wire_name, card.retires_on, card, endpoint)
    for gone in known._retired.values():
        prefix = "gemini/" if gone.id.startswith(("gemini", "imagen")) else ""
        yield Model(prefix + gone.id, gone.id, gone.retired_on)


EVERY = tuple(ours())


@pytest.fixture(scope="module")
def cost_map() -> dict[str, dict[str, Any]]:
    program = os.environ.get("EASEL_LITELLM", "")
    venvs = [Path(program).parents[1]] if program else []
    venvs.append(ROOT / "build" / "litellm-venv")
    found = next((file for venv in venvs for file in venv.glob(COST_MAP)), None)
    if found is None:
        pytest.skip("no LiteLLM beside this environment: run 'make litellm'")
    models: dict[str, dict[str, Any]] = json.loads(found.read_text("utf-8"))
    return models


def in_price_list(model: Model) -> bool:
    provider = "google" if "gem" in model.known_as else "openai"
    provider = "x-ai" if model.known_as.startswith("xai/") else provider
    try:
        genai_prices.calc_price(genai_prices.Usage(), model.wire_name, provider_id=provider)
    except LookupError:
        return False
    return True


def test_every_model_that_is_offered_is_known_to_somebody_else(
    cost_map: dict[str, dict[str, Any]],
) -> None:
    unheard = [
        model.known_as
        for model in EVERY
        if model.card is not None
        and model.known_as not in cost_map
        and model.known_as not in NOTED
        and model.wire_name not in get_args(ImageModel)
        and not in_price_list(model)
    ]
    assert unheard == []


def test_the_last_days_are_those_that_others_know(cost_map: dict[str, dict[str, Any]]) -> None:
    contradicted = {}
    for model in EVERY:
        theirs = cost_map.get(model.known_as, {}).get("deprecation_date")
        if theirs is None or model.known_as in NOTED:
            continue
        if model.retires_on is None or theirs != model.retires_on.isoformat():
            contradicted[model.known_as] = (str(model.retires_on), theirs)
    assert contradicted == {}


def test_what_is_noted_is_still_a_contradiction(cost_map: dict[str, dict[str, Any]]) -> None:
    """A reason that nobody needs any more would hide the next mistake."""
    for name in NOTED:
        mine = [model.retires_on for model in EVERY if model.known_as == name]
        assert mine, name
        theirs = cost_map.get(name, {}).get("deprecation_date")
        assert str(mine[0]) != str(theirs)


def test_prices_that_differ_are_told(
    cost_map: dict[str, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    told = []
    for model in EVERY:
        if model.card is None or model.endpoint is None:
            continue
        figures: dict[str, Any] = dict(prices_in(cost_map.get(model.known_as, {})))
        theirs = Prices(**figures)
        told += [f"{model.known_as}: {line}" for line in differences(model.card.prices, theirs)]
        listed = listed_prices(model.card, model.endpoint)
        told += [f"{model.known_as}: {line}" for line in differences(model.card.prices, listed)]
    with capsys.disabled():
        sys.stdout.writelines(f"\nprices differ: {line}" for line in told)
    assert differences(Prices(input_text_usd=1.0), Prices(input_text_usd=2.0))
    assert not differences(Prices(input_text_usd=1.0), Prices(output_text_usd=2.0))


def differences(mine: Prices, theirs: Prices) -> list[str]:
    """Figures that both know, and that are not the same."""
    names = ("input_text_usd", "input_image_usd", "output_text_usd", "output_image_usd")
    lines = []
    for name in (*names, "cached_input_usd", "per_image_usd"):
        one, other = getattr(mine, name), getattr(theirs, name)
        if one is not None and other is not None and abs(one - other) > TOLERANCE * max(one, other):
            lines.append(f"{name} is {one:g} here and {other:g} there")
    return lines
