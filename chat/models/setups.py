"""What a person fills in to use a provider: a form for each, read off the rows and the specs.

A provider is all endpoints that look up the same key. What its rows look up beside the key, an
address, options, names of models, become fields; what is filled in becomes rows again, which lie
over those of the files. A server of one's own is a new row of a kind whose spec says that there
are such.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias
from urllib.parse import urlsplit

from chat.core.errors import CapabilityError
from chat.core.languages import later
from chat.core.provider_spec import UNKNOWN, OwnServer, ProviderSpec
from chat.models.variables import wrong_with_address, wrong_with_key

Table: TypeAlias = Mapping[str, Any]
Tables: TypeAlias = Mapping[str, Mapping[str, Table]]
"""Rows by table, then by id."""
Use: TypeAlias = Literal["title", "address", "key", "option", "names"]

NEW = "new"
"""Begins the id of a form for a server that has no row yet."""
MAX_TITLE_CHARACTERS = 60
MAX_VALUE_CHARACTERS = 2_000
MAX_NAMES = 200
NAMED = 2
"""So many models of a provider are named, as examples."""

_TIMEOUTS = MappingProxyType({"first_event_s": 180, "idle_s": 180})
"""A picture comes in one piece, after a minute or two of silence."""


@dataclass(frozen=True, slots=True)
class SetupField:
    """One thing that may be filled in."""

    name: str
    """Of the variable that may hold it as well, or what it is."""
    use: Use
    label: str
    about: str = ""
    required: bool = False
    rare: bool = False
    """Most people leave it as it is."""
    example: str = ""


@dataclass(frozen=True, slots=True)
class Setup:
    """A provider that can be used, or could be."""

    id: str
    """Of its first endpoint, or of a form for a new one."""
    title: str
    about: str
    kind: str
    fields: tuple[SetupField, ...]
    endpoints: tuple[str, ...] = ()
    """Ids of its rows; none for a new server."""
    key_env: tuple[str, ...] = ()
    """The variables that may hold its key; it is kept by the name of the first."""
    key_page: str = ""
    """Where its maker gives out keys."""
    own: bool = False
    """A server with a row of its own that was made by a form."""
    lists: bool = True
    """Whether models may be chosen from what it lists."""


def setups(tables: Tables, added: Tables, kinds: Mapping[str, ProviderSpec]) -> list[Setup]:
    """Every form: of the providers in the files, of servers that were added, of new servers.

    Args:
        tables: the rows of the files, without those that were made by forms.
        added: the rows that were made by forms.
        kinds: the specs of the kinds.
    """
    families: dict[tuple[str, ...], list[Table]] = {}
    for row in tables.get("endpoint", {}).values():
        if row.get("key_env"):
            families.setdefault(tuple(row["key_env"]), []).append(row)
    found = [_family(key_env, rows, tables, kinds) for key_env, rows in families.items()]
    known = tables.get("endpoint", {})
    found += [
        _added(row, kinds) for row in added.get("endpoint", {}).values() if row["id"] not in known
    ]
    for kind, spec in sorted(kinds.items(), key=lambda each: -len(each[1].own_servers)):
        found += [_new(kind, n, server) for n, server in enumerate(spec.own_servers)]
    return found


def _family(
    key_env: tuple[str, ...],
    rows: Sequence[Table],
    tables: Tables,
    kinds: Mapping[str, ProviderSpec],
) -> Setup:
    first = rows[0]
    spec = kinds.get(first["kind"], UNKNOWN)
    excluding = {name for row in rows for name in row.get("unless_env", ())}
    needed = set(first.get("needs_env", ()))
    fields: dict[str, SetupField] = {}

    def add(field: SetupField) -> None:
        if field.name not in excluding:
            fields.setdefault(field.name, field)

    for row in rows:
        if name := row.get("base_url_env", ""):
            required = name in needed
            add(
                SetupField(
                    name, "address", later("Address"), "", required, not required, "https://…",
                )
            )  # fmt: skip
        about = kinds.get(row["kind"], UNKNOWN).options
        for option, name in row.get("options_env", {}).items():
            told = about[option].about if option in about else ""
            label = _label(option)
            required = name in needed
            usual = str(row.get("options", {}).get(option, ""))
            add(SetupField(name, "option", label, told, required, not required, usual))
    ids = {row["id"] for row in rows}
    azure = any("api_version" in row.get("options", {}) for row in rows)
    for model in tables.get("model", {}).values():
        if model.get("endpoint") in ids and (name := model.get("wire_names_env", "")):
            place = tables["endpoint"][model["endpoint"]].get("title", model["endpoint"])
            label = later("Deployments") if azure else later(f"Models, {place}")
            usual = ", ".join(model.get("wire_names", ()))
            told = "By their names there, with commas between."
            add(SetupField(name, "names", label, told, azure, not azure, usual))
    key = SetupField(key_env[0], "key", later("API key"), _file_too(key_env), required=True)
    return Setup(
        first["id"],
        _common([row.get("title", row["id"]) for row in rows]),
        _models_in_words(ids, tables) or spec.about,
        first["kind"],
        (key, *sorted(fields.values(), key=lambda field: field.rare)),
        tuple(row["id"] for row in rows),
        key_env,
        next((row["key_page"] for row in rows if row.get("key_page")), ""),
        # Azure lists what may be deployed, and is asked by one's own names.
        lists=not azure,
    )


def _models_in_words(ids: Collection[str], tables: Tables) -> str:
    """What models its rows have, those without a last day; empty where it has none at all."""
    rows = [row for row in tables.get("model", {}).values() if row.get("endpoint") in ids]
    named = [row for row in rows if row.get("title") and not row.get("retires_on")]
    places = [tables["endpoint"][each].get("title", "") for each in ids]
    # Where they are served says the title of the form; none is chosen to write speech down.
    titles = [_without_place(row["title"], places) for row in named if not row.get("transcribes")]
    if titles:
        return f"{', '.join(titles[:NAMED])}{' and more' if len(titles) > NAMED else ''}."
    if rows:
        return "The models that you have there, by the names that you gave them."
    return "All models that it lists."


def _without_place(title: str, places: Sequence[str]) -> str:
    """The title of a model without an end in brackets that says where it is served."""
    bare, _, end = title.rpartition(" (")
    place = end.removesuffix(")")
    return bare if bare and any(each.startswith(place) for each in places) else title


def _label(option: str) -> str:
    words = option.replace("_", " ")
    return f"{words[0].upper()}{words[1:]}".replace("Api ", "API ")


def _file_too(key_env: Sequence[str]) -> str:
    files = any("CREDENTIALS" in name for name in key_env)
    return "Or the path of the file of a service account, which ends with .json." if files else ""


def _added(row: Table, kinds: Mapping[str, ProviderSpec]) -> Setup:
    spec = kinds.get(row.get("kind", ""), UNKNOWN)
    title = row.get("title", row["id"])
    # As it was set up: which of the forms it was made by is not kept.
    server = OwnServer("", "", row.get("base_url", ""))
    key_env = tuple(row.get("key_env", ()))
    return Setup(
        row["id"],
        title,
        spec.about,
        row.get("kind", ""),
        _server_fields(server, key_env[0] if key_env else "", title),
        (row["id"],),
        key_env,
        own=True,
    )


def _new(kind: str, number: int, server: OwnServer) -> Setup:
    fields = _server_fields(server, "key", host_of(server.address))
    return Setup(f"{NEW}:{kind}:{number}", server.title, server.about, kind, fields, own=True)


def _server_fields(server: OwnServer, key: str, name: str) -> tuple[SetupField, ...]:
    told = "Leave it empty if the server wants none." if server.key_optional else ""
    return (
        SetupField("address", "address", later("Address"), required=True, example=server.address),
        SetupField(key, "key", later("API key"), told, required=not server.key_optional),
        SetupField(
            "title",
            "title",
            later("Name"),
            "What the menu calls it; its address where you leave this empty.",
            example=name,
        ),
    )


def host_of(address: str) -> str:
    """The host and port of an address, by which a server is called without a name of its own."""
    try:
        return urlsplit(address).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _common(titles: Sequence[str]) -> str:
    """What the titles of a provider's endpoints begin with, in whole words; else the first."""
    shared = titles[0]
    while not all(title.startswith(shared) for title in titles):
        shared = shared[:-1]
    whole = any(title[len(shared) :][:1].isalnum() for title in titles) and shared[-1:].isalnum()
    if whole:
        shared = shared.rpartition(" ")[0]
    return shared.strip(" ,-(") or titles[0]


def filled_in(setup: Setup, values: Mapping[str, str]) -> dict[str, str]:
    """What was filled in, trimmed and checked.

    Raises:
        CapabilityError: something is missing or is not what it should be; says which.
    """
    found: dict[str, str] = {}
    for field in setup.fields:
        value = values.get(field.name, "").strip()
        if len(value) > MAX_VALUE_CHARACTERS:
            raise CapabilityError(f"“{field.label}” is too long.")
        if field.required and not value and field.use != "key":
            raise CapabilityError(f"“{field.label}” is missing.")
        wrong = ""
        if value and field.use == "key":
            wrong = wrong_with_key(value)
        elif value and field.use == "address":
            wrong = wrong_with_address(value)
        elif not value.isprintable():
            wrong = "holds a character that cannot be shown."
        if wrong:
            raise CapabilityError(f"“{field.label}” {wrong}")
        if value:
            found[field.name] = value
    return found


def values_of(setup: Setup, tables: Tables, added: Tables) -> dict[str, str]:
    """What was filled in when the rows of a form were made, but for the key."""
    found: dict[str, str] = {}
    for row_id in setup.endpoints:
        made = added.get("endpoint", {}).get(row_id, {})
        row = tables.get("endpoint", {}).get(row_id, {})
        if setup.own:
            address, title = made.get("base_url", ""), made.get("title", "")
            # One that is called by its address goes on to be, whatever address that is.
            found |= {"address": address, "title": "" if title == host_of(address) else title}
        if "base_url" in made and (name := row.get("base_url_env", "")):
            found[name] = made["base_url"]
        for option, name in row.get("options_env", {}).items():
            value = made.get("options", {}).get(option)
            if value is not None and value != row.get("options", {}).get(option):
                found[name] = str(value)
    for row_id, made in added.get("model", {}).items():
        row = tables.get("model", {}).get(row_id, {})
        if row.get("endpoint") in setup.endpoints and (name := row.get("wire_names_env", "")):
            found[name] = ", ".join(made.get("wire_names", ()))
    return found


def rows_of(
    setup: Setup,
    values: Mapping[str, str],
    tables: Tables,
    chosen: Sequence[str] | None,
    *,
    off: bool = False,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of endpoints and of models that a filled form comes to.

    Args:
        setup: the form; one for a new server has been given its id by :func:`named`.
        values: by the names of its fields, as :func:`filled_in` gives them.
        tables: the rows of the files.
        chosen: wire names of the models to have in the menu; ``None``: as the rows have it.
        off: it is not to be used for now.
    """
    if setup.own:
        return [_own_row(setup, values, chosen, off=off)], []
    endpoints = []
    for row_id in setup.endpoints:
        row = tables["endpoint"][row_id]
        made: dict[str, Any] = {"id": row_id}
        if (address := values.get(row.get("base_url_env", ""))) is not None:
            made["base_url"] = address
        named = row.get("options_env", {})
        options = {option: values[name] for option, name in named.items() if name in values}
        if options:
            made["options"] = {**row.get("options", {}), **options}
        needed = list(row.get("needs_env", ()))
        left = [name for name in needed if name not in values]
        if left != needed:
            made["needs_env"] = left
        if off:
            made["switched_off"] = True
        endpoints.append(made)
    if chosen is not None and setup.lists:
        _choose(endpoints, setup, tables, chosen)
    models = [
        {"id": model_id, "wire_names": _names(values[name])}
        for model_id, model in tables.get("model", {}).items()
        if model.get("endpoint") in setup.endpoints
        and (name := model.get("wire_names_env", "")) in values
    ]
    return endpoints, models


def _choose(
    endpoints: Sequence[dict[str, Any]], setup: Setup, tables: Tables, chosen: Sequence[str]
) -> None:
    """Have the first endpoint list what was chosen beyond the rows."""
    first = tables["endpoint"][setup.endpoints[0]]
    known = {
        model.get("wire_name")
        for model in tables.get("model", {}).values()
        if model.get("endpoint") in setup.endpoints
    }
    more = [name for name in dict.fromkeys(chosen) if name not in known]
    if more or first.get("discover"):
        endpoints[0] |= {"discover": True, "listed_only": more}


def _own_row(
    setup: Setup, values: Mapping[str, str], chosen: Sequence[str] | None, *, off: bool
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": setup.id,
        "kind": setup.kind,
        "title": setup.title,
        "base_url": values["address"],
        "key_env": list(setup.key_env),
        "key_optional": True,
        "discover": True,
        "timeouts": dict(_TIMEOUTS),
    }
    if chosen is not None:
        row["listed_only"] = list(dict.fromkeys(chosen))
    if off:
        row["switched_off"] = True
    return row


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    return list(dict.fromkeys(name for name in names if name))[:MAX_NAMES]


def named(setup: Setup, title: str, taken: Tables, variables: Mapping[str, str]) -> Setup:
    """A form for a new server as that server's own: its title, id and the name of its key.

    Args:
        setup: the form.
        title: what it was called, if anything.
        taken: all rows there are.
        variables: the environment: no key is kept under a name that means something there.
    """
    title = " ".join(title.split())[:MAX_TITLE_CHARACTERS] or setup.title
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or setup.kind.replace("_", "-")
    looked_up = {
        name for row in taken.get("endpoint", {}).values() for name in row.get("key_env", ())
    }
    number = 1
    while True:
        row_id = plain if number == 1 else f"{plain}-{number}"
        key = re.sub(r"[^A-Z0-9]", "_", f"{row_id}-KEY".upper())
        key = key if key[0].isalpha() else f"KEY_{key}"
        if row_id not in taken.get("endpoint", {}) and key not in looked_up | variables.keys():
            break
        number += 1
    shown = title if number == 1 else f"{title} {number}"
    fields = tuple(
        SetupField(key, "key", field.label, field.about, field.required)
        if field.use == "key"
        else field
        for field in setup.fields
    )
    return Setup(
        row_id, shown, setup.about, setup.kind, fields, (row_id,), (key,), own=True
    )  # fmt: skip
