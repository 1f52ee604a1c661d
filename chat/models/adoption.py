"""Models that an endpoint itself lists become cards: what it says of them, and else a guess.

A list is written by a stranger: what no request
could carry or no menu could show is left out here, once for every wire.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from chat.core.calling import Listed
from chat.core.models import Endpoint, Modality, ModelCard, Prices
from chat.core.provider_spec import ProviderSpec
from chat.models.prices import listed_prices, merged

log = logging.getLogger(__name__)

GUESSED = "What it can do is guessed from its name."
MAX_MODELS = 2_000
"""Of one endpoint: a menu that is longer helps nobody, and takes long to send."""

MAX_NAME_CHARS = 200
"""Of a title, which is cut, and of a wire name, which cannot be: such a model is left out."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What is taken for granted of a model that is listed without saying what it can do."""

    kinds: tuple[str, ...]
    """The wires it is for; empty: all."""
    words: tuple[str, ...]
    """One of them must be in the name, in small letters; empty: none need be."""
    card: ModelCard
    """The facts; its names mean nothing."""
    left_out: bool = False
    """Such a model is no business of Easel's."""

    def fits(self, kind: str, wire_name: str) -> bool:
        """Whether it is about this model."""
        name = wire_name.lower()
        named = not self.words or any(word in name for word in self.words)
        return named and (not self.kinds or kind in self.kinds)


NO_KINDS: Mapping[str, ProviderSpec] = MappingProxyType({})
ANYTHING = Guess((), (), ModelCard("", "", "", ""))
"""For what fits no other guess."""


def adopted(
    endpoint: Endpoint,
    listed: Sequence[Listed],
    guesses: Sequence[Guess],
    without: Sequence[str],
    kinds: Mapping[str, ProviderSpec] = NO_KINDS,
    only: Collection[str] = (),
) -> list[ModelCard]:
    """Cards for what an endpoint lists, those that draw first, else in its order.

    At most ``MAX_MODELS`` are taken. Left out is what has one of the words ``without`` in its
    name, what a guess leaves out unless the list itself says what it can do, and what nobody
    could ask for by its name. ``only`` are the names that somebody chose, which are taken whatever
    a guess says; empty: all.
    """
    found: dict[str, tuple[Listed, ModelCard]] = {}
    for model in listed:
        name = model.wire_name.strip()
        if not _is_askable(name):
            continue
        kind = model.native_kind or endpoint.kind
        guess = next((guess for guess in guesses if guess.fits(kind, name)), ANYTHING)
        unwanted = any(word.lower() in name.lower() for word in without)
        left_out = unwanted or (guess.left_out and not model.output_modalities)
        if name not in only if only else left_out:
            continue
        facts = ANYTHING.card if guess.left_out else guess.card
        found.setdefault(name, (replace(model, wire_name=name), facts))
    if len(found) > MAX_MODELS:
        log.warning("%s lists %d models; %d are taken", endpoint.id, len(found), MAX_MODELS)
    ordered = sorted(found.values(), key=lambda both: "image" not in _outputs(*both))
    return [
        _card(endpoint, model, facts, kinds.get(model.native_kind, endpoint.spec))
        for model, facts in ordered[:MAX_MODELS]
    ]


def _is_askable(name: str) -> bool:
    """Whether a request can carry the name. Half a surrogate, say, is in no encoding at all."""
    return 0 < len(name) <= MAX_NAME_CHARS and name.isprintable()


def _shown(title: str) -> str:
    """The title as a menu can show it, on one line; maybe empty."""
    words = " ".join(title[: 2 * MAX_NAME_CHARS].split())
    return "".join(c for c in words if c.isprintable())[:MAX_NAME_CHARS]


def _outputs(model: Listed, facts: ModelCard) -> tuple[Modality, ...]:
    return model.output_modalities or facts.output_modalities


_KEPT_OPTIONS = ("picture_sites",)
"""Options that mean the same over another wire of the same server."""


def native_endpoint(endpoint: Endpoint, model: Listed, spec: ProviderSpec) -> Endpoint:
    """The endpoint that is the same server over the wire that suits a listed model best."""
    kept = endpoint.options
    return replace(
        endpoint,
        id=_native_id(endpoint, model),
        kind=model.native_kind,
        base_url=model.native_url,
        options={
            **{name: kept[name] for name in _KEPT_OPTIONS if name in kept and name in spec.options},
            **model.native_options,
        },
        discover=False,
        beside=endpoint.id,
        spec=spec,
    )


def _native_id(endpoint: Endpoint, model: Listed) -> str:
    return f"{endpoint.id}+{model.native_kind}"


def _card(endpoint: Endpoint, model: Listed, facts: ModelCard, spec: ProviderSpec) -> ModelCard:
    said = bool(model.output_modalities)
    card = replace(
        facts,
        id=f"{endpoint.id}:{model.wire_name}",
        endpoint=_native_id(endpoint, model) if model.native_kind else endpoint.id,
        wire_name=model.wire_name,
        title=_shown(model.title) or model.wire_name,
        note=" ".join(part for part in (facts.note, "" if said else GUESSED) if part),
        input_modalities=model.input_modalities or facts.input_modalities,
        output_modalities=_outputs(model, facts),
        tools=facts.tools if model.tools is None else model.tools,
        signatures=facts.signatures if model.signatures is None else model.signatures,
        history=facts.history and not spec.stateless,
    )
    card = replace(card, **model.facts)
    given = model.prices or Prices()
    if model.prices is not None and not given.source:
        given = replace(given, source=f"the list of {endpoint.title}")
    return replace(card, prices=merged(given, listed_prices(card, endpoint)))
