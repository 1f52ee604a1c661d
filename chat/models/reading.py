"""Endpoints and models from the TOML that lists them. Knows no SDK and reads no file.

Rows of later texts add to those of earlier ones, and replace key by key where the id is known.
"""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from chat.core.errors import ConfigError
from chat.core.models import Endpoint, Modality, ModelCard, Prices, Timeouts
from chat.models.catalogue import Catalogue
from chat.models.rows import Row


def read_catalogue(
    texts: Sequence[tuple[str, str]],
    environ: Mapping[str, str],
    *,
    kinds: Collection[str] = (),
) -> Catalogue:
    """The catalogue in these files, given as name and TOML text, with keys from the environment.

    ``kinds`` are the wire kinds that may be named; if there are none, any may.

    Raises:
        ConfigError: a file or a row is wrong; the sentence names file, row and key.
    """
    endpoint_rows: dict[str, _Found] = {}
    model_rows: dict[str, _Found] = {}
    for name, text in texts:
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ConfigError(f"{name} is not valid TOML: {error}.") from error
        top = Row(document, name)
        _collect(top, document.get("endpoint", []), "endpoint", name, endpoint_rows)
        _collect(top, document.get("model", []), "model", name, model_rows)
        for key in set(document) - {"endpoint", "model"}:
            raise top.wrong(
                f"“{key}” is not a table that Easel knows; there are endpoint and model."
            )
    endpoints: dict[str, Endpoint] = {}
    unready: set[str] = set()
    for key, found in endpoint_rows.items():
        row = found.row()
        needed, excluding = row.texts("needs_env"), row.texts("unless_env")
        if not all(_first(environ, (name,)) for name in needed) or _first(environ, excluding):
            unready.add(key)
        endpoints[key] = _endpoint(row, environ, kinds)
    cards: dict[str, ModelCard] = {}
    for found in model_rows.values():
        row = found.row()
        for card in _cards(row, endpoints, environ):
            if card.id in cards:
                raise row.wrong(f"the id “{card.id}” is given twice.")
            cards[card.id] = card
    return Catalogue(endpoints, cards, frozenset(unready))


@dataclass(slots=True)
class _Found:
    """A row as it is so far, and where it was last seen."""

    table: dict[str, Any]
    place: str

    def row(self) -> Row:
        return Row(self.table, self.place)


def _collect(top: Row, rows: object, kind: str, name: str, into: dict[str, _Found]) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise top.wrong(f"“{kind}” must be written as [[{kind}]].")
    here: set[str] = set()
    for number, table in enumerate(rows, start=1):
        row_id = Row(table, f"{name}, {kind} number {number}").required("id")
        place = f"{name}, {kind} “{row_id}”"
        if row_id in here:
            raise Row(table, place).wrong("the id is given twice.")
        here.add(row_id)
        earlier = into[row_id].table if row_id in into else {}
        into[row_id] = _Found({**earlier, **table}, place)


def _endpoint(row: Row, environ: Mapping[str, str], kinds: Collection[str]) -> Endpoint:
    kind = row.required("kind")
    if kinds and kind not in kinds:
        raise row.wrong(f"the kind “{kind}” is unknown; known are {', '.join(sorted(kinds))}.")
    key_env = row.texts("key_env")
    endpoint = Endpoint(
        id=row.required("id"),
        kind=kind,
        title=row.text("title") or row.required("id"),
        base_url=_first(environ, (row.text("base_url_env"),)) or row.text("base_url"),
        api_key=_first(environ, key_env),
        key_env=key_env,
        timeouts=_timeouts(row.table("timeouts")),
        options=row.table("options").all() | _options_from(row.table("options_env"), environ),
    )
    row.finish()
    return endpoint


def _options_from(row: Row, environ: Mapping[str, str]) -> dict[str, str]:
    """The options that a variable gives; one that holds nothing leaves the row's own value."""
    named = {option: row.required(option) for option in row.all()}
    return {option: value for option, name in named.items() if (value := _first(environ, (name,)))}


def _first(environ: Mapping[str, str], names: Sequence[str]) -> str:
    """The first of these variables that holds anything."""
    return next((value for name in names if (value := environ.get(name, "").strip())), "")


def _timeouts(row: Row) -> Timeouts:
    usual = Timeouts()

    def seconds(key: str, default: float) -> float:
        value = row.amount(key)
        if value == 0:
            raise row.wrong(f"“{key}” must be more than 0 seconds.")
        return default if value is None else value

    timeouts = Timeouts(
        connect_s=seconds("connect_s", usual.connect_s),
        first_event_s=seconds("first_event_s", usual.first_event_s),
        idle_s=seconds("idle_s", usual.idle_s),
        total_s=seconds("total_s", usual.total_s),
    )
    row.finish()
    return timeouts


def _cards(
    row: Row, endpoints: Mapping[str, Endpoint], environ: Mapping[str, str]
) -> list[ModelCard]:
    """The card of a row, or one for each wire name where the environment lists them."""
    row_id, endpoint = row.required("id"), row.required("endpoint")
    if endpoint not in endpoints:
        raise row.wrong(f"there is no endpoint “{endpoint}”.")
    listed = row.text("wire_names_env")
    names = _wire_names(row, environ.get(listed, "")) if listed else [row.required("wire_name")]
    title = row.text("title")
    usual = ModelCard("", "", "", "")
    shared: dict[str, Any] = {
        "endpoint": endpoint,
        "note": row.text("note"),
        "input_modalities": _modalities(row, "input_modalities", usual.input_modalities),
        "output_modalities": _modalities(row, "output_modalities", usual.output_modalities),
        "tools": row.flag("tools", default=usual.tools),
        "stream": row.flag("stream", default=usual.stream),
        "aspect_ratios": row.texts("aspect_ratios"),
        "image_sizes": row.texts("image_sizes"),
        "sizes": row.texts("sizes"),
        "images_parameters": row.texts("images_parameters"),
        "qualities": row.texts("qualities"),
        "backgrounds": row.texts("backgrounds"),
        "n_max": row.count("n_max", usual.n_max),
        "max_input_images": row.count("max_input_images", usual.max_input_images),
        "max_request_bytes": row.count("max_request_bytes", usual.max_request_bytes),
        "signatures": row.flag("signatures", default=usual.signatures),
        "prices": _prices(row.table("prices")),
        "retires_on": row.day("retires_on"),
    }
    row.finish()
    if listed:
        return [
            ModelCard(f"{row_id}:{name}", wire_name=name, title=name, **shared) for name in names
        ]
    return [ModelCard(row_id, wire_name=names[0], title=title or row_id, **shared)]


def _wire_names(row: Row, listed: str) -> list[str]:
    """The names in a comma-separated list, or the row's own, that this row is for."""
    names = [name.strip() for name in listed.split(",") if name.strip()]
    usual = row.texts("wire_names")
    wanted, unwanted = row.texts("wire_names_with"), row.texts("wire_names_without")
    return [
        name
        for name in dict.fromkeys(names or usual)
        if (not wanted or any(word in name for word in wanted))
        and not any(word in name for word in unwanted)
    ]


def _modalities(row: Row, key: str, default: tuple[Modality, ...]) -> tuple[Modality, ...]:
    known: tuple[Modality, ...] = get_args(Modality)
    named = row.texts(key, default)
    if not named or set(named) - set(known):
        raise row.wrong(f"“{key}” must name one or more of {', '.join(known)}.")
    return tuple(modality for modality in known if modality in named)


def _prices(row: Row) -> Prices:
    prices = Prices(
        input_text_usd=row.amount("input_text_usd"),
        input_image_usd=row.amount("input_image_usd"),
        output_text_usd=row.amount("output_text_usd"),
        output_image_usd=row.amount("output_image_usd"),
    )
    row.finish()
    return prices
