"""Addresses of resources with blanks in them, which people fill in."""

from collections.abc import Mapping

from mcp.shared.uri_template import InvalidUriTemplate, UriTemplate, Variable

from chat.core.errors import ToolFailed
from chat.mcp.insertable import Blank

MAX_URI_CHARACTERS = 2_000
MAX_BLANKS = 20


def blanks_of(template: str) -> tuple[Blank, ...] | None:
    """The blanks of an address in their order; ``None`` where it cannot be filled in here.

    Source: RFC 6570, as far as the SDK reads it: no cut values (``{x:3}``), no repeated parameters
    of a query (``{?x*}``), and no two blanks without anything between.
    """
    try:
        parsed = _parsed(template)
    except InvalidUriTemplate:
        return None
    free = parsed.query_variable_names
    return tuple(Blank(each.name, _about(each), each.name not in free) for each in parsed.variables)


def filled(template: str, given: Mapping[str, str]) -> str:
    """The address with values in its blanks; one without a value is left out of it.

    Args:
        template: one that ``blanks_of`` takes.
        given: values by the names of blanks; others are left aside.

    Raises:
        ToolFailed: it becomes too long.
    """
    parsed = _parsed(template)
    uri = parsed.expand(
        {
            each.name: given[each.name].split(each.operator) if each.explode else given[each.name]
            for each in parsed.variables
            if given.get(each.name)
        }
    )
    if len(uri) > MAX_URI_CHARACTERS:
        raise ToolFailed(f"That makes an address of more than {MAX_URI_CHARACTERS:,} characters.")
    return uri


def _parsed(template: str) -> UriTemplate:
    return UriTemplate.parse(template, max_length=MAX_URI_CHARACTERS, max_variables=MAX_BLANKS)


def _about(variable: Variable) -> str:
    return f"several, with “{variable.operator}” between" if variable.explode else ""
