"""A row and the environment become an endpoint, and a sentence where it cannot be used as it is."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from chat.core.models import Endpoint, Timeouts
from chat.core.network import Network
from chat.core.provider_spec import UNKNOWN, ProviderSpec
from chat.core.suggestions import did_you_mean
from chat.models.added_rows import NAME
from chat.models.options import options_from, read_options, read_options_env
from chat.models.rows import Row
from chat.models.standing import Standing, missing
from chat.models.variables import first, wrong_with_address, wrong_with_key
from chat.models.wants import Wants, looked_up

NO_KEYS: Mapping[str, str] = MappingProxyType({})
SWITCHED_OFF = "It is switched off."


def read_endpoint(
    row: Row,
    environ: Mapping[str, str],
    kinds: Mapping[str, ProviderSpec],
    network: Network,
    kept: Mapping[str, str] = NO_KEYS,
) -> tuple[Endpoint, Standing]:
    """The endpoint of a row. What is wrong in the row is noted there.

    A key that the environment does not give may be ``kept``, by the name of its variable.
    """
    kind = row.required("kind")
    if kind and kinds and kind not in kinds:
        known, hint = ", ".join(sorted(kinds)), did_you_mean(kind, kinds)
        row.wrong(f"the kind “{kind}” is unknown; known are {known}.{hint}", "kind")
    spec = kinds.get(kind)
    key_env, needed = row.variables("key_env"), row.variables("needs_env")
    excluding, address_env = row.variables("unless_env"), row.variable("base_url_env")
    options_env = read_options_env(row.table("options_env"), spec)
    options, wrong_option = options_from(options_env, environ, spec)
    wants = Wants(
        key=looked_up(environ, key_env),
        needed=looked_up(environ, needed),
        address=looked_up(environ, (address_env,)),
        options=looked_up(environ, tuple(options_env.values())),
        excluding=looked_up(environ, excluding),
    )
    base_url = row.text("base_url")
    if base_url and (wrong := wrong_with_address(base_url)):
        row.wrong(f"“base_url” {wrong}", "base_url")
    address_name, address = first(environ, (address_env,))
    key_name, api_key = first(environ, key_env)
    on_page = False
    if not api_key:
        key_name, api_key = first(kept, key_env)
        on_page = bool(api_key) or row.spot("kind").file.name.startswith(NAME)
    optional = row.flag("key_optional", default=False)
    key_optional = optional and bool(address or base_url)
    standing = Standing(
        *_reason(
            SWITCHED_OFF if row.flag("switched_off", default=False) else "",
            _ruled_out(excluding, environ),
            missing(
                () if key_optional else key_env,
                api_key,
                needed,
                environ,
                address_env=address_env if optional else "",
            ),
            _nonsense(key_name, wrong_with_key(api_key)),
            _nonsense(address_name, address and wrong_with_address(address)),
            wrong_option,
        ),
        listed_without=row.texts("listed_without"),
        listed_only=row.texts("listed_only"),
        wants=wants,
    )
    endpoint = Endpoint(
        id=row.required("id"),
        kind=kind,
        title=row.text("title") or row.required("id"),
        base_url=address or base_url,
        api_key=api_key,
        key_env=key_env,
        key_optional=key_optional,
        key_on_page=on_page,
        timeouts=_timeouts(row.table("timeouts")),
        options=read_options(row.table("options"), spec) | options,
        discover=_discovers(row, environ),
        spec=spec or UNKNOWN,
        network=network,
    )
    row.text("key_page")
    row.finish(below={"options": spec.options if spec else ()})
    return endpoint, standing


def _reason(off: str, ruled_out: str, missing: str, *nonsense: str) -> tuple[str, bool]:
    """The first of these sentences, and whether it is about nonsense."""
    if off or ruled_out or missing:
        return off or ruled_out or missing, False
    said = next((sentence for sentence in nonsense if sentence), "")
    return said, bool(said)


def _ruled_out(excluding: Sequence[str], environ: Mapping[str, str]) -> str:
    name, _ = first(environ, excluding)
    return f"Not used while {name} is set." if name else ""


def _nonsense(name: str, wrong: str) -> str:
    return f"{name} {wrong}" if name and wrong else ""


def _discovers(row: Row, environ: Mapping[str, str]) -> bool:
    """Whether the endpoint's own list counts, as its row and the environment have it."""
    needed, excluding = row.variables("discover_needs_env"), row.variables("discover_unless_env")
    wanted = row.flag("discover", default=False)
    met = all(first(environ, (name,))[0] for name in needed)
    return wanted and met and not first(environ, excluding)[0]


def _timeouts(row: Row) -> Timeouts:
    usual = Timeouts()

    def seconds(key: str, default: float) -> float:
        value = row.amount(key)
        if value == 0:
            row.wrong(f"“{key}” must be more than 0 seconds.", key)
        return value or default

    timeouts = Timeouts(
        connect_s=seconds("connect_s", usual.connect_s),
        first_event_s=seconds("first_event_s", usual.first_event_s),
        idle_s=seconds("idle_s", usual.idle_s),
        total_s=seconds("total_s", usual.total_s),
    )
    row.finish()
    return timeouts
