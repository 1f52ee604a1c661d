"""The ``config.yaml`` of a LiteLLM proxy becomes rows of a model file. No key is ever copied.

What is read: the names under which the proxy offers its models, what stands behind them, what
``model_info`` states, and who answers in whose stead. The proxy shares out calls among equal
names by itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

import tomlkit
import yaml
from tomlkit.items import Table

from chat.core.errors import ConfigError
from chat.core.models import Cause
from chat.core.provider_spec import ProviderSpec, ProxyRoute, ProxyUse
from chat.models.litellm_backends import (
    Role,
    family_of,
    is_gemini,
    prices_in,
    role_of,
    wants_signatures,
)
from chat.models.litellm_fallbacks import read_fallbacks
from chat.models.variables import wrong_with_address

DEFAULT_BASE_URL = "http://127.0.0.1:4000/v1"
KEY_ENV = "LITELLM_API_KEY"

_UNREADABLE = (ValueError, LookupError, ArithmeticError, AttributeError, RecursionError)
"""What the YAML reader lets pass of a value that has the form of a date, say, and is none.

Source: PyYAML 6.0.3 (2026-11-26).
"""

_SURROGATE = re.compile("[\ud800-\udfff]")
_ALL_RATIOS = ["1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9"]
_USES: tuple[ProxyUse, ...] = ("talk", "pictures", "native")
"""In the order of their rows."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model as the proxy offers it."""

    name: str
    backend: str
    """Such as ``gemini/gemini-3-pro-image``; the base model where one is stated."""
    role: Role
    info: Mapping[str, Any]
    prices: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Door:
    """A wire over which the proxy is asked."""

    spec: ProviderSpec
    route: ProxyRoute

    @property
    def id(self) -> str:
        return self.route.endpoint


def imported(
    text: str,
    kinds: Mapping[str, ProviderSpec],
    base_url: str = DEFAULT_BASE_URL,
    *,
    native: bool = False,
) -> str:
    """The model file for a proxy at ``base_url`` with this configuration.

    Gemini models that draw are asked over Google's own wire, which loses nothing on the way; with
    ``native`` those that only write are, too.

    Args:
        text: the configuration.
        kinds: the spec of each kind of provider; of those a proxy is asked over, each use has one.
        base_url: where the proxy is, with the version that OpenAI's wires want.
        native: whether all Gemini models are asked over Google's wire.

    Raises:
        ConfigError: it is not such a configuration, or the address is none.
    """
    if wrong := wrong_with_address(base_url):
        raise ConfigError(f"--base-url {wrong}")
    config = _config(text)
    offers = _offers(config)
    document = tomlkit.document()
    document.add(tomlkit.comment("Written from a LiteLLM configuration. Keys stay where they are:"))
    document.add(tomlkit.comment(f"set {KEY_ENV} to a key of the proxy, if it wants one."))
    for offer in offers.values():
        if offer.role == "other":
            document.add(tomlkit.comment(f"Left out, neither words nor pictures: {offer.name!r}"))
    kept = [offer for offer in offers.values() if offer.role != "other"]
    named = [offer for offer in kept if "*" not in offer.name]
    doors = _doors(kinds)
    doors_of = {offer.name: doors[_use(offer, native=native)] for offer in named}
    ids = {name: f"{door.id}:{name}" for name, door in doors_of.items()}
    fallbacks = read_fallbacks(config, ids)
    for left_out in fallbacks.left_out:
        document.add(tomlkit.comment(f"Left out: {left_out}"))
    rows = tomlkit.aot()
    lists = len(named) < len(kept)
    uses = {door.route.use for door in doors_of.values()}
    if lists:
        uses.add("talk")
    for use in _USES:
        if use in uses:
            rows.append(_endpoint(doors[use], base_url, lists=lists))
    models = tomlkit.aot()
    for offer in named:
        row = _model(offer, doors_of[offer.name])
        if by_cause := fallbacks.by_name.get(offer.name):
            row.add("fallbacks", _fallbacks(by_cause, ids))
        models.append(row)
    document.add("endpoint", rows)
    if named:
        document.add("model", models)
    return tomlkit.dumps(document)


def _config(text: str) -> Mapping[str, Any]:
    try:
        config = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        raise ConfigError(f"The configuration is not valid YAML{where}.") from error
    except _UNREADABLE as error:
        raise ConfigError(
            "The configuration holds a date, a number, a sign or a nesting that cannot be read."
        ) from error
    return _table(config)


def _offers(config: Mapping[str, Any]) -> dict[str, Offer]:
    entries = config.get("model_list")
    if not isinstance(entries, list) or not entries:
        raise ConfigError("The configuration has no model_list, so there is nothing to import.")
    offers: dict[str, Offer] = {}
    for number, entry in enumerate(entries, start=1):
        offer = _offer(entry)
        if offer is None:
            raise ConfigError(f"Entry {number} of model_list lacks its model_name or its model.")
        offers.setdefault(offer.name, offer)
    return offers


def _offer(entry: object) -> Offer | None:
    if not isinstance(entry, dict):
        return None
    params, info = _table(entry.get("litellm_params")), _table(entry.get("model_info"))
    name, model = entry.get("model_name"), params.get("model")
    if not (_is_name(name) and _is_name(model)):
        return None
    base = info.get("base_model") or params.get("base_model")
    backend = base if _is_name(base) else model
    mode = info.get("mode")
    role = role_of(backend, mode if isinstance(mode, str) else "")
    return Offer(name.strip(), backend.strip(), role, info, prices_in(info, params))


def _is_name(value: object) -> TypeGuard[str]:
    """Whether it is a text, and no half of a surrogate in it, which no file can hold."""
    return isinstance(value, str) and bool(value.strip()) and not _SURROGATE.search(value)


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _doors(kinds: Mapping[str, ProviderSpec]) -> Mapping[ProxyUse, _Door]:
    routed = ((spec, spec.litellm) for spec in kinds.values())
    return {route.use: _Door(spec, route) for spec, route in routed if route is not None}


def _use(offer: Offer, *, native: bool) -> ProxyUse:
    """What the proxy is asked for where it is asked for this."""
    if is_gemini(offer.backend) and (native or offer.role == "draws"):
        return "native"
    return "pictures" if offer.role == "pictures" else "talk"


def _endpoint(door: _Door, base_url: str, *, lists: bool) -> Table:
    row = tomlkit.table()
    row.add("id", door.id)
    row.add("kind", door.spec.kind)
    row.add("title", door.route.title)
    # A wire that is not OpenAI's begins above the version that belongs to OpenAI's.
    above = not door.spec.service.version_path
    row.add("base_url", base_url.rstrip("/").removesuffix("/v1") if above else base_url)
    row.add("key_env", [KEY_ENV])
    row.add("key_optional", value=True)
    if lists and door.route.use == "talk":
        row.add("discover", value=True)
    timeouts = tomlkit.inline_table()
    timeouts.update({"first_event_s": 180, "idle_s": 180})
    row.add("timeouts", timeouts)
    return row


def _model(offer: Offer, door: _Door) -> Table:
    facts: dict[str, Any] = {
        "id": f"{door.id}:{offer.name}",
        "endpoint": door.id,
        "wire_name": offer.name,
        "title": offer.name,
        "note": f"{offer.backend}, through LiteLLM.",
    }
    if offer.role == "pictures":
        edits = offer.info.get("mode") == "image_edit" or offer.info.get("supports_vision") is True
        known = family_of(offer.backend).facts(edits=edits)
        facts |= {name: _plain(value) for name, value in known.items()}
    elif offer.role == "draws":
        facts |= {"output_modalities": ["text", "image"], "aspect_ratios": _ALL_RATIOS}
    else:
        facts |= {
            "output_modalities": ["text"],
            "tools": offer.info.get("supports_function_calling") is not False,
        }
        if offer.info.get("supports_vision") is False:
            facts["input_modalities"] = ["text"]
    if door.route.use != "pictures" and wants_signatures(offer.backend):
        facts["signatures"] = True
    if "/" in offer.backend:
        facts["priced_as"] = offer.backend
    row = tomlkit.table()
    for key, value in facts.items():
        row.add(key, value)
    if offer.prices:
        prices = tomlkit.inline_table()
        prices.update(offer.prices)
        row.add("prices", prices)
    return row


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _fallbacks(by_cause: Mapping[Cause, tuple[str, ...]], ids: Mapping[str, str]) -> Table:
    table = tomlkit.table()
    for cause, names in by_cause.items():
        table.add(cause, [ids[name] for name in names])
    return table
