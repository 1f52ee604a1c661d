"""What those may ask for of whom nothing is known: to look at what is shared by a link."""

from starlette.types import Scope

SHARED = "/shared/"
OPEN_METHODS = frozenset({"GET", "HEAD"})
HIDDEN = "…"
UNKNOWN = "easel.stranger"
"""Where the doors note in the scope that they know nothing of who asks."""


def is_open(scope: Scope) -> bool:
    """Whether a request is for what strangers may look at, if they have a link."""
    return (
        scope["type"] == "http"
        and scope["path"].startswith(SHARED)
        and scope["method"] in OPEN_METHODS
    )


def logged_path(path: str) -> str:
    """A path as a log may have it: what stands behind ``/shared/`` opens what is shared."""
    before, found, _ = path.partition(SHARED)
    return f"{before}{found}{HIDDEN}" if found else path


def as_stranger(scope: Scope) -> Scope:
    """The scope of a request of nobody that is known."""
    return {**scope, UNKNOWN: True}


def is_stranger(scope: Scope) -> bool:
    """Whether the doors know nothing of who asks."""
    return bool(scope.get(UNKNOWN))
