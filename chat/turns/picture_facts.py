"""What is known of a picture of a conversation, and how it was made, step by step. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chat.core.conversation_settings import chosen_words
from chat.core.lineage import Version, versions
from chat.core.messages import Message
from chat.core.models import ModelCard
from chat.core.parts import Json, MediaRef
from chat.core.provider_spec import ProviderSpec
from chat.turns.operation_words import done

RECIPE_FORMAT = "easel-recipe"
RECIPE_VERSION = 1


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A picture and where it comes from. Empty is unknown."""

    ref: MediaRef
    message_id: str = ""
    """Where it came first."""
    prompt: str = ""
    """The words that it answers, or that it was uploaded with."""
    model_words: str = ""
    """The model's own words for it, where they are not the prompt: many rewrite it."""
    model: str = ""
    """Its title."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What was chosen for the reply, by its label."""
    operation: str = ""
    """What was done to the first parent without a model, in words."""
    parents: tuple[str, ...] = ()
    details: Mapping[str, Json] = field(default_factory=dict)
    cost_usd: float | None = None
    """Price of the whole reply."""
    made_at: datetime | None = None
    watermark: str = ""
    """An invisible mark that the model's maker says is in it, such as ``SynthID``."""


def picture_facts(
    ref: MediaRef,
    messages: Sequence[Message],
    titles: Mapping[str, str],
    specs: Mapping[str, ProviderSpec],
    cards: Mapping[str, ModelCard] | None = None,
) -> PictureFacts:
    """What a conversation knows of a picture; of one that is none of its versions, its file.

    Args:
        ref: the picture.
        messages: all of the conversation, in the order of arrival.
        titles: of models, by the ids of their cards.
        specs: of providers, by their kind.
        cards: of models, by their ids, as far as there still are such models.
    """
    found = {version.sha256: version for version in versions(messages)}.get(ref.sha256)
    if found is None:
        return PictureFacts(ref)
    message = next(each for each in messages if each.id == found.message_id)
    origin = message.origin
    spec = specs.get(origin.kind) if origin is not None and found.model else None
    derivation = found.image.derivation
    alt = found.image.alt.strip()
    return PictureFacts(
        ref=ref,
        message_id=found.message_id,
        prompt=found.prompt,
        model_words=alt if found.model and not _same(alt, found.prompt) else "",
        model=titles.get(found.model, found.model),
        settings=_settings(message, found, cards or {}),
        operation=done(found.image.derivation),
        parents=found.parents,
        details=dict(derivation.details) if derivation is not None else {},
        cost_usd=found.cost_usd,
        made_at=found.made_at,
        watermark=spec.watermark if spec is not None else "",
    )


def _settings(
    message: Message, version: Version, cards: Mapping[str, ModelCard]
) -> Mapping[str, str]:
    if message.origin is None or not version.model:
        return {}
    return chosen_words(message.origin.settings, cards.get(version.model))


def recipe(
    sha256: str, messages: Sequence[Message], titles: Mapping[str, str]
) -> dict[str, Any] | None:
    """How a picture was made, from the uploads on; ``None`` where the conversation has it not.

    The form is that of ``docs/recipes.md``: steps in an order in which parents come first, and the
    picture itself last.
    """
    known = {version.sha256: version for version in versions(messages)}
    if sha256 not in known:
        return None
    needed, waiting = {sha256}, [sha256]
    while waiting:
        for parent in known[waiting.pop()].parents:
            if parent not in needed:
                needed.add(parent)
                waiting.append(parent)
    steps = [_step(version, titles) for version in known.values() if version.sha256 in needed]
    return {
        "format": RECIPE_FORMAT,
        "version": RECIPE_VERSION,
        "picture": sha256,
        "steps": steps,
    }


def _step(version: Version, titles: Mapping[str, str]) -> dict[str, Any]:
    media, derivation = version.image.media, version.image.derivation
    step: dict[str, Any] = {
        "sha256": version.sha256,
        "mime": media.mime,
        "bytes": media.size_bytes,
        "width": media.width_px,
        "height": media.height_px,
        "made_at": version.made_at.isoformat(),
        "origin": version.image.origin,
        "parents": list(version.parents),
        "prompt": version.prompt,
        "description": version.image.alt,
    }
    if version.model:
        step["model"] = version.model
        step["model_title"] = titles.get(version.model, version.model)
        step["cost_usd"] = version.cost_usd
    if derivation is not None and derivation.operation:
        step["operation"] = derivation.operation
        step["details"] = dict(derivation.details)
    return step


def _same(one: str, other: str) -> bool:
    """Whether two texts say the same, one of them perhaps cut short."""
    one, other = " ".join(one.split()), " ".join(other.split())
    return not one or one == other or other.startswith(one.rstrip("…").rstrip())
