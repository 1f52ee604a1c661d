"""What a model costs: the figures of a kept-up list, of our file and of the user's, put together.

The list is the package genai-prices, whose data are files of its own; it is asked for nothing
that would reach a network.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

import genai_prices

from chat.core.messages import now
from chat.core.models import Endpoint, ModelCard, Prices

LIST_NAME = f"genai-prices {genai_prices.__version__}"

_FIGURES = tuple(field.name for field in fields(Prices) if field.name != "source")


def with_prices(
    card: ModelCard, endpoint: Endpoint, given: Prices, *, own: bool, priced_as: str = ""
) -> ModelCard:
    """The card with the best figure known for each modality.

    ``given`` are the figures of its row: those of the user's own file are better than the list,
    ours are not. ``priced_as`` names a model of the list as ``provider/name``.
    """
    if given.source == "" and any(getattr(given, name) is not None for name in _FIGURES):
        given = replace(given, source="your own file" if own else "Easel's own file")
    listed = listed_prices(card, endpoint, priced_as)
    return replace(card, prices=merged(*((given, listed) if own else (listed, given))))


def merged(*layers: Prices) -> Prices:
    """For each modality the first figure that is known; the source names every layer used."""
    found: dict[str, Any] = {}
    sources: list[str] = []
    for layer in layers:
        for name in _FIGURES:
            figure = getattr(layer, name)
            if figure is not None and name not in found:
                found[name] = figure
                sources.append(layer.source)
    return Prices(**found, source="; ".join(source for source in dict.fromkeys(sources) if source))


def listed_prices(
    card: ModelCard, endpoint: Endpoint, priced_as: str = "", at: datetime | None = None
) -> Prices:
    """The list's figures at a moment, now if it is not given; nothing where it has none.

    Where a price rises with the length of the prompt, this is that of short ones.
    """
    where, name = _asked(card, endpoint, priced_as)
    if not where:
        return Prices()
    try:
        found = genai_prices.calc_price(
            genai_prices.Usage(), name, genai_request_timestamp=at or now(), **where
        )
    except LookupError:  # a provider or a model that the list does not have
        return Prices()

    price = found.model_price
    hourly = getattr(price, "input_audio_hours", None) or getattr(price, "audio_hours", None)

    def figure(unit: str) -> float | None:
        listed = getattr(price, unit, None)
        return None if listed is None else float(getattr(listed, "base", listed))

    output, of_images = figure("output_mtok"), figure("output_image_mtok")
    audio = figure("input_audio_mtok") or figure("input_mtok")
    only_draws = "text" not in card.output_modalities
    return Prices(
        input_text_usd=figure("input_mtok"),
        # What has no price of its own is charged as the input that it is.
        input_image_usd=figure("input_image_mtok") or figure("input_mtok"),
        # A model that only draws has one price for output: that of its pictures.
        output_text_usd=None if only_draws and of_images is None else output,
        output_image_usd=output if only_draws and of_images is None else of_images,
        cached_input_usd=figure("cache_read_mtok"),
        input_audio_usd=audio if card.transcribes else None,
        per_minute_usd=float(hourly) / 60 if hourly and card.transcribes else None,
        source=LIST_NAME,
    )


def _asked(card: ModelCard, endpoint: Endpoint, priced_as: str) -> tuple[Mapping[str, Any], str]:
    """Whose model it is, as the list takes it, and its name; nothing where that is not known."""
    if priced_as:
        provider, _, name = priced_as.partition("/")
        return {"provider_id": provider}, name
    spec = endpoint.spec
    if spec.price_id:
        return {"provider_id": spec.price_id}, card.wire_name
    address = endpoint.base_url or spec.service.base_url
    if spec.priced_by_address and address:
        return {"provider_api_url": address}, card.wire_name
    return {}, ""
