"""Which class looks for what. A new row is tested by itself."""

import importlib

from chat.guards.checks import Check

GUARDS: dict[str, str] = {
    "deny_list": "chat.guards.deny_list:DenyList",
    "personal_data": "chat.guards.personal_data:PersonalData",
    "max_length": "chat.guards.length:MaxLength",
    "moderation": "chat.guards.moderation:Moderation",
}
"""Kind to ``module:Class``; the fields of the class are the options of a row."""


def check_class(kind: str) -> type[Check]:
    """The class of a kind that is in ``GUARDS``."""
    module, _, name = GUARDS[kind].partition(":")
    found: type[Check] = getattr(importlib.import_module(module), name)
    return found
