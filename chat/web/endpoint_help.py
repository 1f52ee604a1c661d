"""The endpoints of this Easel for the help sheet: what each is, what it wants, and what is set.

All of it comes from the catalogue and from the specs of the kinds, so that the sheet cannot drift
from them. No value of a variable is ever told.
"""

from collections.abc import Sequence

from chat.core.languages import later
from chat.models import Catalogue
from chat.models.wants import Variable, Wants
from chat.web.api.models import EndpointHelp, VariableHelp, VariablesHelp


def endpoint_help(catalogue: Catalogue) -> list[EndpointHelp]:
    """Every endpoint, in the order of the files."""
    return [
        EndpointHelp(
            id=shelf.endpoint.id,
            title=shelf.endpoint.title,
            kind=shelf.endpoint.kind,
            what=shelf.endpoint.spec.about,
            reason=shelf.reason,
            wants=_wants(catalogue.wants.get(shelf.endpoint.id, Wants())),
            example=shelf.endpoint.spec.example,
        )
        for shelf in catalogue.shelf()
    ]


def _wants(wants: Wants) -> list[VariablesHelp]:
    """Groups of variables, each under the words that say what it is for."""
    groups: Sequence[tuple[str, tuple[Variable, ...]]] = (
        (later("Key") if len(wants.key) < 2 else later("Key, one of"), wants.key),
        (later("Needed"), wants.needed),
        (later("Address"), tuple(v for v in wants.address if v not in wants.needed)),
        (later("Options"), tuple(v for v in wants.options if v not in wants.needed)),
        (later("Not with"), wants.excluding),
    )
    return [
        VariablesHelp(word=word, variables=[VariableHelp(name=v.name, set=v.filled) for v in group])
        for word, group in groups
        if group
    ]
