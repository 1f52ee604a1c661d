"""What a registry's ``module:name`` stands for."""

import importlib
from typing import Any


def resolved(place: str) -> Any:
    """The object at ``module:name``."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
