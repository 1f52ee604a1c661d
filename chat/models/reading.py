"""The catalogue in TOML files.

Rows of later files add to those of earlier ones, and replace key by key where the id is known.
Reading goes on after a mistake, so that a person hears of all of them at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chat.core.calling import Listed
from chat.core.models import Endpoint, ModelCard
from chat.core.provider_spec import ProviderSpec
from chat.models.adoption import NO_KINDS, Guess
from chat.models.cards import read_cards, read_guess
from chat.models.catalogue import Catalogue
from chat.models.documents import entries, identified
from chat.models.endpoints import NO_KEYS, read_endpoint
from chat.models.lines import TomlFile
from chat.models.links import Links
from chat.models.mistakes import Mistake, Spot, refuse
from chat.models.retirement import Retired
from chat.models.rows import Row
from chat.models.standing import Standing
from chat.network import read_network

CHECK = "; python -m chat.models check FILE lists them"
TABLES = ("endpoint", "model", "retired", "listed")


@dataclass(frozen=True, slots=True)
class Reading:
    """What files say: a catalogue of what could be read, and every mistake."""

    catalogue: Catalogue
    mistakes: tuple[Mistake, ...]


def read_catalogue(
    shipped: Sequence[tuple[str, str]],
    environ: Mapping[str, str],
    *,
    own: Sequence[tuple[str, str]] = (),
    kinds: Mapping[str, ProviderSpec] = NO_KINDS,
    kept: Mapping[str, str] = NO_KEYS,
) -> Catalogue:
    """The catalogue in these files, given as name and TOML text, with keys from the environment.

    ``own`` are the user's files, which come later and whose prices are not second-guessed.
    ``kinds`` are the specs of the kinds that may be named; if there are none, any may. ``kept``
    are keys by the names of variables that the environment does not hold.

    Raises:
        ConfigError: a file or a row is wrong; the sentence names file, line, row and key of the
            first mistake, and how many more there are.
    """
    reading = examine(shipped, environ, own=own, kinds=kinds, kept=kept)
    refuse(reading.mistakes, CHECK)
    return reading.catalogue


def examine(
    shipped: Sequence[tuple[str, str]],
    environ: Mapping[str, str],
    *,
    own: Sequence[tuple[str, str]] = (),
    kinds: Mapping[str, ProviderSpec] = NO_KINDS,
    kept: Mapping[str, str] = NO_KEYS,
) -> Reading:
    """What :func:`read_catalogue` reads, with every mistake instead of the first as an error."""
    mistakes: list[Mistake] = []
    found = _collected(shipped, own, mistakes)
    rows = {kind: [row.row(kind, mistakes) for row in found[kind].values()] for kind in TABLES}

    network = read_network(environ).network
    endpoints: dict[str, Endpoint] = {}
    standings: dict[str, Standing] = {}
    for row in rows["endpoint"]:
        endpoint, standings[row.text("id")] = read_endpoint(row, environ, kinds, network, kept)
        endpoints[endpoint.id] = endpoint
    cards, models = _models(rows["model"], endpoints, environ)
    gone = [(row, entry) for row in rows["retired"] if (entry := _retired(row))]
    guesses: list[Guess] = [read_guess(row, kinds) for row in rows["listed"]]

    retired = {entry.id: entry for _, entry in gone if entry.id not in cards}
    prefixes = {row.text("id") for row in rows["model"] if "wire_names_env" in row}
    prefixes |= {endpoint.id for endpoint in endpoints.values() if endpoint.discover}
    links = Links(cards, retired, prefixes)
    links.check_models(models)
    links.check_retired(gone)
    catalogue = Catalogue(endpoints, cards, standings, retired, guesses, kinds)
    for endpoint_id, endpoint in endpoints.items():
        # What was chosen of a list is there before the endpoint has told more of it.
        if endpoint.discover and (only := standings[endpoint_id].listed_only):
            catalogue.adopt(endpoint_id, [Listed(name) for name in only])
    return Reading(catalogue, tuple(mistakes))


@dataclass(slots=True)
class _Found:
    """A row as it is so far, and where it and each of its keys was last seen."""

    table: dict[str, Any]
    spot: Spot
    spots: dict[str, Spot] = field(default_factory=dict)

    def row(self, kind: str, mistakes: list[Mistake]) -> Row:
        return Row(self.table, f"{kind} “{self.table['id']}”", self.spot, mistakes, self.spots)


def read_tables(
    shipped: Sequence[tuple[str, str]], own: Sequence[tuple[str, str]] = ()
) -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """The rows of these files as they stand, later ones laid over earlier: by table, then by id."""
    found = _collected(shipped, own, [])
    return {
        kind: {row_id: row.table for row_id, row in rows.items()} for kind, rows in found.items()
    }


def _collected(
    shipped: Sequence[tuple[str, str]], own: Sequence[tuple[str, str]], mistakes: list[Mistake]
) -> dict[str, dict[str, _Found]]:
    found: dict[str, dict[str, _Found]] = {kind: {} for kind in TABLES}
    files = [TomlFile(name, text, own=False) for name, text in shipped]
    files += [TomlFile(name, text, own=True) for name, text in own]
    for file in files:
        _collect(file, found, mistakes)
    return found


def _collect(
    file: TomlFile, into: Mapping[str, dict[str, _Found]], mistakes: list[Mistake]
) -> None:
    for kind, rows in entries(file, TABLES, mistakes).items():
        found = into[kind]
        for row_id, entry in identified(rows, mistakes):
            earlier = found[row_id] if row_id in found else _Found({}, entry.spot)
            found[row_id] = _Found(
                {**earlier.table, **entry.table, "id": row_id},
                entry.spot,
                {**earlier.spots, **{key: entry.spot.below(key) for key in entry.table}},
            )


def _models(
    rows: Sequence[Row], endpoints: Mapping[str, Endpoint], environ: Mapping[str, str]
) -> tuple[dict[str, ModelCard], list[tuple[Row, list[ModelCard]]]]:
    cards: dict[str, ModelCard] = {}
    models = [(row, read_cards(row, endpoints, environ)) for row in rows]
    for row, made in models:
        for card in made:
            if card.id in cards:
                row.wrong(f"the id “{card.id}” is given twice.", "id")
            cards.setdefault(card.id, card)
    return cards, models


def _retired(row: Row) -> Retired | None:
    day = row.day("retired_on")
    if day is None and "retired_on" not in row:
        row.wrong("“retired_on” is missing.", "retired_on")
    retired = Retired(row.required("id"), day, row.text("successor")) if day else None
    row.text("successor")
    row.finish()
    return retired
