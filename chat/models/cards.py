"""A row becomes a model card, or one for each name that the environment lists."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, get_args

from chat.core.models import Cause, Deployment, Endpoint, Modality, ModelCard, Prices, Transcribes
from chat.core.picture_tokens import PictureTokens
from chat.core.provider_spec import UNKNOWN, ProviderSpec
from chat.core.shapes import MAX_STRETCH, SizeLimits
from chat.core.suggestions import did_you_mean
from chat.models.adoption import Guess
from chat.models.prices import with_prices
from chat.models.rows import Row
from chat.models.size_choices import aspect_ratios, image_sizes, is_size

MAX_SIDE_PX = 16_384

_USUAL = ModelCard("", "", "", "")


def read_cards(
    row: Row, endpoints: Mapping[str, Endpoint], environ: Mapping[str, str]
) -> list[ModelCard]:
    """The cards of a row; none where too much of it is missing. Mistakes are noted in the row."""
    row_id, deployments = row.required("id"), _deployments(row, endpoints)
    usual = deployments[0] if deployments else Deployment("", "")
    endpoint_id = row.text("endpoint", usual.endpoint) or row.required("endpoint")
    if endpoint_id and endpoint_id not in endpoints:
        hint = did_you_mean(endpoint_id, endpoints)
        row.wrong(f"there is no endpoint “{endpoint_id}”.{hint}", "endpoint")
    endpoint = endpoints.get(endpoint_id, Endpoint(endpoint_id, "", ""))
    facts = read_facts(row, endpoint.spec)
    facts |= {
        "deployments": deployments,
        "aliases": row.texts("aliases"),
        "retires_on": row.day("retires_on") or _last_day(deployments),
        "successor": row.text("successor"),
        "fallbacks": _fallbacks(row.table("fallbacks")),
    }
    given, priced_as = _prices(row.table("prices")), row.text("priced_as")
    named = _names(row, row_id, usual.wire_name, endpoint, environ)
    row.finish()

    def card(card_id: str, name: str, title: str) -> ModelCard:
        plain = ModelCard(card_id, endpoint_id, name, title, **facts)
        own = row.spot("prices").file.own
        return with_prices(plain, endpoint, given, own=own, priced_as=priced_as)

    if endpoint_id not in endpoints:
        return []
    return [card(*names) for names in named]


def read_facts(row: Row, spec: ProviderSpec) -> dict[str, Any]:
    """What a model can do, as a row tells it: arguments of a card.

    Shapes and scales that are not given are those of its sizes.
    """
    sizes = _sizes(row)
    return {
        "note": row.text("note"),
        "input_modalities": _modalities(row, "input_modalities", _USUAL.input_modalities),
        "output_modalities": _modalities(row, "output_modalities", _USUAL.output_modalities),
        "tools": row.flag("tools", default=_USUAL.tools),
        "tool_relay": row.text("tool_relay"),
        "stream": row.flag("stream", default=_USUAL.stream),
        "aspect_ratios": row.texts("aspect_ratios", aspect_ratios(sizes)),
        "image_sizes": row.texts("image_sizes", image_sizes(sizes)),
        "sizes": sizes,
        "images_parameters": row.texts("images_parameters"),
        "qualities": row.texts("qualities"),
        "backgrounds": row.texts("backgrounds"),
        "styles": row.texts("styles"),
        "complexities": row.texts("complexities"),
        "output_formats": row.texts("output_formats"),
        "person_generations": row.texts("person_generations"),
        "negative_prompt": row.flag("negative_prompt", default=_USUAL.negative_prompt),
        "edit_parameters": row.texts("edit_parameters") if "edit_parameters" in row else None,
        "size_limits": _size_limits(row),
        "markup": row.flag("markup", default=_USUAL.markup),
        "n_max": row.count("n_max", _USUAL.n_max, least=1),
        "max_input_images": row.count("max_input_images", _USUAL.max_input_images),
        "max_request_bytes": row.count("max_request_bytes", _USUAL.max_request_bytes),
        "picture_tokens": _picture_tokens(row),
        "signatures": row.flag("signatures", default=_USUAL.signatures),
        "grounding": row.flag("grounding", default=_USUAL.grounding),
        "mask": row.flag("mask", default=_USUAL.mask),
        "transcribes": _transcribes(row, spec),
        "history": row.flag("history", default=not spec.stateless),
    }


def read_guess(row: Row, specs: Mapping[str, ProviderSpec]) -> Guess:
    """The guess of a row. What is wrong in the row is noted there."""
    row.required("id")
    kinds = row.texts("kinds")
    for kind in kinds:
        if specs and kind not in specs:
            row.wrong(f"there is no kind “{kind}”.{did_you_mean(kind, specs)}", "kinds")
    facts = read_facts(row, specs.get(kinds[0], UNKNOWN) if kinds else UNKNOWN)
    words = tuple(word.lower() for word in row.texts("wire_names_with"))
    guess = Guess(
        kinds,
        words,
        replace(_USUAL, **facts),
        left_out=row.flag("left_out", default=False),
    )
    row.finish()
    return guess


def _names(
    row: Row, row_id: str, usual: str, endpoint: Endpoint, environ: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Id, wire name and title of each card."""
    title, variable = row.text("title"), row.variable("wire_names_env")
    if not variable:
        name = row.text("wire_name", usual) or row.required("wire_name")
        return [(row_id, name, title or row_id)] if row_id and name else []
    for key in ("aliases", "deployments", "wire_name"):
        if key in row:
            row.wrong(f"“{key}” is for one model, and wire_names_env makes several.", key)
    listed = [name.strip() for name in environ.get(variable, "").split(",") if name.strip()]
    usually = row.texts("wire_names")
    if not listed and not endpoint.discover:
        listed = list(usually)
    wanted, unwanted = row.texts("wire_names_with"), row.texts("wire_names_without")
    return [
        (f"{row_id}:{name}", name, name)
        for name in dict.fromkeys(listed)
        if (not wanted or any(word in name for word in wanted))
        and not any(word in name for word in unwanted)
    ]


def _deployments(row: Row, endpoints: Mapping[str, Endpoint]) -> tuple[Deployment, ...]:
    found: dict[str, Deployment] = {}
    for inner in row.tables("deployments"):
        deployment = Deployment(
            inner.required("endpoint"),
            inner.required("wire_name"),
            inner.count("weight", 1, least=1),
            inner.day("retires_on"),
        )
        inner.finish()
        if deployment.endpoint and deployment.endpoint not in endpoints:
            hint = did_you_mean(deployment.endpoint, endpoints)
            inner.wrong(f"there is no endpoint “{deployment.endpoint}”.{hint}", "endpoint")
        elif deployment.label in found:
            inner.wrong(f"“{deployment.label}” is given twice; give it more weight instead.")
        else:
            found[deployment.label] = deployment
    return tuple(found.values())


def _last_day(deployments: Sequence[Deployment]) -> date | None:
    """The day on which the last of several places goes; ``None`` where one of them stays."""
    days = [place.retires_on for place in deployments if place.retires_on]
    return max(days) if days and len(days) == len(deployments) else None


def _fallbacks(row: Row) -> dict[Cause, tuple[str, ...]]:
    causes: tuple[Cause, ...] = get_args(Cause)
    found = {cause: row.texts(cause) for cause in causes}
    row.finish()
    return {cause: ids for cause, ids in found.items() if ids}


def _transcribes(row: Row, spec: ProviderSpec) -> Transcribes:
    said = row.text("transcribes")
    known: tuple[Transcribes, ...] = get_args(Transcribes)
    found = next((each for each in known if each == said), None)
    if found is None:
        row.wrong("“transcribes” must be “server” or “all”.", "transcribes")
    elif found and spec.kind and not spec.transcribes:
        row.wrong(f"nothing can be dictated over the wire “{spec.kind}”.", "transcribes")
    return found or ""


def _modalities(row: Row, key: str, default: tuple[Modality, ...]) -> tuple[Modality, ...]:
    known: tuple[Modality, ...] = get_args(Modality)
    named = row.texts(key, default)
    if not named or set(named) - set(known):
        row.wrong(f"“{key}” must name one or more of {', '.join(known)}.", key)
        return default
    return tuple(modality for modality in known if modality in named)


def _sizes(row: Row) -> tuple[str, ...]:
    named = row.texts("sizes")
    for odd in [size for size in named if not is_size(size)]:
        row.wrong(
            f"“sizes” must hold WIDTHxHEIGHT in pixels, such as 1024x1024; not “{odd}”.", "sizes"
        )
    return tuple(size for size in named if is_size(size))


def _size_limits(row: Row) -> SizeLimits | None:
    if "size_limits" not in row:
        return None
    limits = row.table("size_limits")
    found = SizeLimits(
        limits.count("multiple_px", 1, least=1),
        limits.count("longest_px", MAX_SIDE_PX, least=1),
        limits.amount("widest") or MAX_STRETCH,
        limits.count("least_pixels", 1, least=1),
        limits.count("most_pixels", MAX_SIDE_PX**2, least=1),
    )
    if found.least_pixels > found.most_pixels or found.widest < 1:
        limits.wrong("no size keeps to these limits.")
    limits.finish()
    return found


def _picture_tokens(row: Row) -> PictureTokens:
    if "picture_tokens" not in row:
        return _USUAL.picture_tokens
    rule = row.table("picture_tokens")
    found = PictureTokens(
        each=rule.count("each", 0),
        cell_px=rule.count("cell_px", 0),
        per_cell=rule.amount("per_cell") or 0.0,
        longest_px=rule.count("longest_px", 0),
        shortest_px=rule.count("shortest_px", 0),
        most_cells=rule.count("most_cells", 0),
        across=rule.amount("across") or 0.0,
        single_px=rule.count("single_px", 0),
        square=rule.count("square", 0),
        oblong=rule.count("oblong", 0),
    )
    if bool(found.cell_px) != bool(found.per_cell):
        rule.wrong("“cell_px” and “per_cell” go together: give both, or “each” alone.")
    rule.finish()
    return found


def _prices(row: Row) -> Prices:
    prices = Prices(
        input_text_usd=row.amount("input_text_usd"),
        input_image_usd=row.amount("input_image_usd"),
        output_text_usd=row.amount("output_text_usd"),
        output_image_usd=row.amount("output_image_usd"),
        cached_input_usd=row.amount("cached_input_usd"),
        per_image_usd=row.amount("per_image_usd"),
        input_audio_usd=row.amount("input_audio_usd"),
        per_minute_usd=row.amount("per_minute_usd"),
        source=row.text("source"),
    )
    row.finish()
    return prices
