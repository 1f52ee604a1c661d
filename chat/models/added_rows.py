"""Rows that were made by forms, as the text of a file like ``models.toml``."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from chat.models.setups import Tables

NAME = "models-added.toml"
"""Of the file in the data folder."""
HEAD = (
    "Providers that were set up on the page “Models and keys”, which writes this file anew.",
    "Rows of your own belong into models.toml. Keys are not in here: each is looked up in the",
    "environment by the name in key_env, and else among those that the page keeps.",
)


def added_tables(text: str) -> Tables:
    """The rows of such a text by table and id; none where it cannot be read."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
    return {
        kind: {row["id"]: row for row in rows if isinstance(row, dict) and "id" in row}
        for kind, rows in document.items()
        if isinstance(rows, list)
    }


def without(added: Tables, endpoints: Collection[str], models: Collection[str]) -> Tables:
    """The rows but for these."""
    gone: Mapping[str, Collection[str]] = {"endpoint": endpoints, "model": models}
    return {
        kind: {row_id: row for row_id, row in rows.items() if row_id not in gone.get(kind, ())}
        for kind, rows in added.items()
    }


def laid_over(
    added: Tables, endpoints: Sequence[Mapping[str, Any]], models: Sequence[Mapping[str, Any]]
) -> Tables:
    """The rows with these in the place of those with the same ids, or at the end."""
    new: Mapping[str, Sequence[Mapping[str, Any]]] = {"endpoint": endpoints, "model": models}
    return {
        kind: {**added.get(kind, {}), **{str(row["id"]): row for row in rows}}
        for kind, rows in new.items()
    } | {kind: rows for kind, rows in added.items() if kind not in new}


def written(tables: Tables) -> str:
    """The text of these rows."""
    import tomlkit  # for those who write rows: it takes 1 MB

    document = tomlkit.document()
    for line in HEAD:
        document.add(tomlkit.comment(line))
    for kind, rows in tables.items():
        if not rows:
            continue
        array = tomlkit.aot()
        for row in rows.values():
            table = tomlkit.table()
            for key, value in row.items():
                table.add(key, _inline(value))
            array.append(table)
        document.add(tomlkit.nl())
        document.add(kind, array)
    return tomlkit.dumps(document)


def _inline(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    import tomlkit

    table = tomlkit.inline_table()
    table.update({key: _inline(inner) for key, inner in value.items()})
    return table
