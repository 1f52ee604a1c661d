"""Whether an endpoint can be used as the environment is, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chat.core.models import Endpoint
from chat.models.variables import first
from chat.models.wants import NOTHING, Wants


@dataclass(frozen=True, slots=True)
class Standing:
    """How an endpoint stands towards the environment."""

    reason: str = ""
    """Why it cannot be used now, in one sentence; empty: it can."""
    nonsense: bool = False
    """The reason is a variable that holds nonsense, and not one that nobody set."""
    listed_without: tuple[str, ...] = ()
    """Models with one of these words in their names are left out of what it lists."""
    listed_only: tuple[str, ...] = ()
    """Of what it lists only these are taken, by their wire names; empty: all."""
    wants: Wants = NOTHING
    """The variables that it looks up."""


READY = Standing()


def missing_key(endpoint: Endpoint) -> str:
    """What to set where an endpoint needs a key and has none; empty: nothing."""
    key_env = () if endpoint.key_optional else endpoint.key_env
    return missing(key_env, endpoint.api_key, (), {})


def missing(
    key_env: Sequence[str],
    api_key: str,
    needed: Sequence[str],
    environ: Mapping[str, str],
    *,
    address_env: str = "",
) -> str:
    """What to set before an endpoint can be used; ``address_env`` does instead of a key.

    Of several names for a key all are told: each may hold a key of another sort.
    """
    unset = [name for name in needed if not first(environ, (name,))[0]]
    if key_env and not api_key:
        if address_env:
            return f"Set {key_env[0]}, or {address_env} for a server of your own."
        key, comma = " or ".join(key_env), "," if len(key_env) > 1 and unset else ""
        return f"Set {' and '.join([key + comma, *unset])} to use it."
    if unset:
        return f"Set {' and '.join(unset)} {'too' if key_env else 'to use it'}."
    return ""
