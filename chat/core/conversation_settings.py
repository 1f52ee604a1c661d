"""The settings of a conversation: one row for each, and everything that follows from a row.

A row is a field of :class:`ConversationSettings`. Its name, type and default are the field's;
what the type alone does not say stands in :func:`row`. ``language: str = ""`` is a whole row.
The stored form is a loop over the fields; the checks of a change, the HTTP body and the panel of
the page are loops over :data:`SETTINGS`. So a new setting is a new row and nothing else.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar, get_args, get_origin
from typing import get_type_hints as hints_of

from chat.core.errors import CapabilityError
from chat.core.languages import later
from chat.core.parts import Json
from chat.core.shapes import pixels_of
from chat.core.text import clean_text

if TYPE_CHECKING:
    from chat.core.models import ModelCard

ToolPolicy: TypeAlias = Literal["allow", "ask", "deny"]
"""May a tool be used: without a question, after one, or never and the model hears nothing of it."""

Widget: TypeAlias = Literal["line", "lines", "number", "switch", "menu", "none"]
"""How the page shows a setting: a line or several lines of text, a whole number, a switch, a
menu; ``none`` has a place of its own in the page."""

EVERY_TOOL = "*"
"""In a policy: what holds for every tool that it does not name."""

MAX_CHARACTERS = 1_000
MAX_CHOICE = 1_000_000
MAX_NUMBER = 1_000_000
MAX_SYSTEM_CHARACTERS = 40_000
FRAMES = range(2, 17)
"""Of a moving picture. Source: openai 3.57.0, ``frame_count`` (2026-11-29)."""
USER_PARAMETERS = frozenset({"safety_identifier", "user"})
"""Of an images wire: either tells a provider its users apart."""

S = TypeVar("S", bound="ConversationSettings")


class Known(Protocol):
    """What a value is checked against: the models and tools there are."""

    @property
    def tools(self) -> Collection[str]:
        """The names of the tools."""

    def usable(self, model: str) -> str:
        """The id of a model, for its id or an alias.

        Raises:
            CapabilityError: there is none of that name, or it cannot be used now.
        """

    def answering(self, model: str) -> "ModelCard | None":
        """The card that answers where a conversation names this model; ``None``: none can."""


@dataclass(frozen=True, slots=True)
class Row:
    """What the type of a setting does not say. Every part of it has a default."""

    label: str = ""
    """What people call it; empty: its name in words."""
    info: str = ""
    """A sentence under the label."""
    widget: Widget | None = None
    """``None``: the widget that fits the type."""
    place: str = "settings"
    """The panel that shows it."""
    choices: "Callable[[ModelCard], tuple[str, ...]] | None" = None
    """Of a menu: what this model can be given. A model with nothing to choose has no menu."""
    needs: "Callable[[ModelCard], bool] | None" = None
    """Which models have the setting; ``None``: all, or those with something to choose."""
    lacking: str = ""
    """What such a model cannot do, such as “cannot call tools”."""
    max_characters: int = MAX_CHARACTERS
    least: int = 0
    most: int = MAX_NUMBER
    """Of a whole number, both included."""
    check: "Callable[[Setting, Json, Json, Known], Json] | None" = None
    """In place of the check of the type: from the setting, the value that was sent, the present
    one and what is known, to the value to keep. Raises ``CapabilityError``."""
    resets: bool = True
    """``null`` in a change means its default."""
    unreadable: Json | None = None
    """What stands for a stored value of another form; ``None``: the default. A newer version may
    have written it, so a setting that forbids must not fall back to allowing."""
    option: bool = False
    """It goes to the model with each request, as an option of its pictures."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A row with its name, type and default."""

    name: str
    type: Any
    """As annotated: ``str``, ``bool``, ``int``, a ``Literal`` or a ``Mapping``."""
    default: Json
    row: Row

    @property
    def label(self) -> str:
        """What people call it."""
        return self.row.label or self.name.replace("_", " ").capitalize()

    @property
    def widget(self) -> Widget:
        """How the page shows it."""
        if self.row.widget is not None:
            return self.row.widget
        if self.row.choices is not None or get_origin(self.type) is Literal:
            return "menu"
        return _WIDGETS.get(self.type, "line")

    def choices(self, card: "ModelCard") -> tuple[str, ...]:
        """What a menu offers with this model, beside its default."""
        if self.row.choices is not None:
            return self.row.choices(card)
        if get_origin(self.type) is Literal:
            return tuple(str(value) for value in get_args(self.type) if value != self.default)
        return ()

    def offered(self, card: "ModelCard") -> bool:
        """Whether this model has the setting."""
        if self.row.needs is not None:
            return self.row.needs(card)
        return self.row.choices is None or bool(self.row.choices(card))

    def fits(self, value: object) -> bool:
        """Whether a value is of the type, as far as it can be stored and shown."""
        if get_origin(self.type) is Literal:
            return value in get_args(self.type)
        if isinstance(self.default, Mapping):
            return isinstance(value, Mapping) and all(isinstance(key, str) for key in value)
        return isinstance(value, self.type) and isinstance(value, bool) is (self.type is bool)

    def checked(self, value: object, kept: Json, known: Known, card: "ModelCard | None") -> Json:
        """The value to keep, for any JSON that was sent.

        Raises:
            CapabilityError: it cannot be chosen. The sentence never repeats the value.
        """
        if value is None and self.row.resets:
            return self.default
        if self.row.check is not None:
            value = self.row.check(self, value, kept, known)
        elif self.widget == "menu":
            value = self._of_menu(value, kept, card)
        else:
            value = self._of_type(value)
        if value not in (self.default, kept) and card is not None and not self.offered(card):
            lacking = self.row.lacking or f"has no choice of “{self.label}”"
            raise CapabilityError(f"{card.title} {lacking}. Choose another model for it.")
        return value

    def _of_type(self, value: Any) -> Json:
        if not self.fits(value):
            raise CapabilityError(f"“{self.label}” {_FORMS.get(self.type, 'is of another form')}.")
        if self.type is int and not self.row.least <= value <= self.row.most:
            bounds = f"{self.row.least:,} to {self.row.most:,}"
            raise CapabilityError(f"“{self.label}” must be from {bounds}.")
        if not isinstance(value, str):
            return value
        if len(value) > self.row.max_characters:
            most = f"{self.row.max_characters:,}"
            raise CapabilityError(f"“{self.label}” has at most {most} characters.")
        return clean_text(value)

    def _of_menu(self, value: Any, kept: Json, card: "ModelCard | None") -> Json:
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not isinstance(value, str) and not (whole and 0 <= value < MAX_CHOICE):
            raise CapabilityError(f"“{self.label}” is a word or a number of its menu.")
        word = str(value)
        if word in (str(self.default), str(kept)):
            return kept if word == str(kept) else self.default
        words = self.choices(card) if card is not None else ()
        if card is not None and self.offered(card) and word not in words:
            offered = ", ".join(words)
            raise CapabilityError(f"“{self.label}” of {card.title} is one of: {offered}.")
        typed = {str(one): one for one in get_args(self.type)}
        return typed.get(word, word)


_DIGEST = re.compile(r"[0-9a-f]{64}")

_WIDGETS: dict[Any, Widget] = {bool: "switch", int: "number"}
_FORMS = {str: "must be a text", bool: "can only be on or off", int: "must be a whole number"}


def row(default: Any, **more: Any) -> Any:
    """A row of the schema: its default, or what makes one, and the parts of :class:`Row`."""
    metadata = {Row: Row(**more)}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


def _model(_: Setting, value: Json, kept: Json, known: Known) -> Json:
    del kept
    return known.usable(value if isinstance(value, str) else "")


def _policy(_: Setting, value: Json, kept: Json, known: Known) -> Json:
    """Decisions on some tools, beside those on the others."""
    names = known.tools  # those of a server that is away for a while have been decided on before
    if not isinstance(value, Mapping) or not all(
        (name in names or (name in kept and name != EVERY_TOOL)) and may in get_args(ToolPolicy)
        for name, may in value.items()
    ):
        raise CapabilityError("Only the tools of the list can be allowed, asked for or denied.")
    if EVERY_TOOL in kept:
        # Somebody decides now. A version that knows no word for all finds each of them denied.
        kept = {**dict.fromkeys(names, kept[EVERY_TOOL]), **kept}
    return {**kept, **value}


def _schemas(_: Setting, value: Json, kept: Json, known: Known) -> Json:
    """Digests of some tools, beside those of the others."""
    names = known.tools
    if not isinstance(value, Mapping) or not all(
        (name in names or name in kept) and isinstance(digest, str) and _DIGEST.fullmatch(digest)
        for name, digest in value.items()
    ):
        raise CapabilityError("Only a tool of the list can be allowed as it is now.")
    return {**kept, **value}


def _pixels(setting: Setting, value: Json, kept: Json, known: Known) -> Json:
    """A size in pixels; what a model asks of it is checked when it is asked."""
    del kept, known
    text = value.replace("×", "x").replace(" ", "").lower() if isinstance(value, str) else ""
    if value != "" and pixels_of(text) is None:
        raise CapabilityError(
            f"“{setting.label}” is a width and a height in pixels, such as 1536x864."
        )
    return text


def _tells_users_apart(card: "ModelCard") -> bool:
    return not USER_PARAMETERS.isdisjoint(card.images_parameters)


def _calls_tools(card: "ModelCard") -> bool:
    return card.tools


def _counts(card: "ModelCard") -> tuple[str, ...]:
    return tuple(str(n) for n in range(1, card.n_max + 1)) if card.n_max > 1 else ()


def _frames(card: "ModelCard") -> tuple[str, ...]:
    moves = "gif" in card.output_formats and "frame_count" in card.images_parameters
    return tuple(map(str, FRAMES)) if moves else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationSettings:
    """What a user has chosen for a conversation, in the order in which the page shows it."""

    model: str = row("", widget="none", check=_model, resets=False)
    """The id of the model card that answers next."""
    tools_on: bool = row(
        False,
        label=later("Tools"),
        place="controls",
        needs=_calls_tools,
        lacking=later("cannot call tools"),
    )
    aspect_ratio: str = row(
        "", label=later("Aspect ratio"), choices=lambda card: card.aspect_ratios, option=True
    )
    image_size: str = row(
        "", label=later("Size"), choices=lambda card: card.image_sizes, option=True
    )
    quality: str = row("", choices=lambda card: card.qualities, option=True)
    background: str = row("", choices=lambda card: card.backgrounds, option=True)
    n: str = row("", label=later("Pictures at once"), choices=_counts, option=True)
    style: str = row("", choices=lambda card: card.styles, option=True)
    complexity: str = row(
        "",
        label=later("Planning"),
        info=later("How much the model plans before it draws."),
        choices=lambda card: card.complexities,
        option=True,
    )
    output_format: str = row(
        "", label=later("Format"), choices=lambda card: card.output_formats, option=True
    )
    frame_count: str = row(
        "",
        label=later("Frames"),
        info=later("Of a moving picture: it counts with the format gif."),
        choices=_frames,
        option=True,
    )
    person_generation: str = row(
        "",
        label=later("People"),
        info=later("Which people the model may draw."),
        choices=lambda card: card.person_generations,
        option=True,
    )
    pixels: str = row(
        "",
        label=later("Exact size"),
        info=later("Width and height in pixels, such as 1536x864. It goes before shape and size."),
        check=_pixels,
        needs=lambda card: card.size_limits is not None,
        lacking=later("has no choice of “Exact size”"),
        max_characters=20,
        option=True,
    )
    negative_prompt: str = row(
        "",
        label=later("Leave out"),
        info=later("What shall not be in the picture."),
        needs=lambda card: card.negative_prompt,
        lacking=later("cannot be told what to leave out"),
        option=True,
    )
    safety_identifier: str = row(
        "",
        label=later("Your name for the provider"),
        info=later(
            "Goes along with each picture, so that its provider can tell users apart. No name "
            "or e-mail address: a word that only you can place."
        ),
        needs=_tells_users_apart,
        lacking=later("tells no users apart"),
        max_characters=64,
        option=True,
    )
    provider_search: bool = row(
        False,
        label=later("Search the web (by the provider)"),
        info=later(
            "The provider of the model searches while it answers, and sees what is looked for. "
            "The sources stand under the reply. Gemini searches only while Tools is off."
        ),
        needs=lambda card: card.grounding,
        lacking=later("cannot search the web by itself"),
        option=True,
    )
    tool_policy: Mapping[str, ToolPolicy] = row(
        dict,
        label=later("Tools that may be used while Tools is on"),
        widget="none",
        check=_policy,
        needs=_calls_tools,
        lacking=later("cannot call tools"),
        unreadable={EVERY_TOOL: "deny"},
    )
    """Per tool name; of one that is not named its own facts decide, unless a word for all does."""
    tool_schemas: Mapping[str, str] = row(
        dict,
        label=later("Tools that are allowed as they were then"),
        widget="none",
        check=_schemas,
        needs=_calls_tools,
        lacking=later("cannot call tools"),
    )
    """Per tool name, the digest under which it was allowed: as another it asks again, see
    :func:`chat.tools.tool_policy.policy_of`."""
    system: str = row(
        "",
        label=later("System prompt"),
        info=later("Said to the model before every message."),
        widget="lines",
        max_characters=MAX_SYSTEM_CHARACTERS,
    )

    @property
    def options(self) -> dict[str, Json]:
        """What was chosen for pictures, for the request; a model may have only some of it."""
        chosen = [(each, getattr(self, each.name)) for each in SETTINGS if each.row.option]
        return {each.name: value for each, value in chosen if value != each.default}


def chosen_words(options: Mapping[str, Json], card: "ModelCard | None" = None) -> dict[str, str]:
    """What was chosen for a reply's pictures, as people read it: label to value, in their order.

    Args:
        options: the stored choices by name; what no row knows is told under its own name.
        card: the model that answered: what it has no choice of had no effect and is left out.
            ``None``: it is not known any more.
    """
    words: dict[str, str] = {}
    for each in SETTINGS:
        value = options.get(each.name, each.default)
        if each.row.option and value != each.default and (card is None or each.offered(card)):
            words[each.label] = "on" if value is True else str(value)
    strange = (name for name in options if name not in NAMES)
    return words | {name.replace("_", " ").capitalize(): str(options[name]) for name in strange}


def settings_of(schema: type[ConversationSettings]) -> tuple[Setting, ...]:
    """The rows of a schema, in their order."""
    hints = hints_of(schema)
    return tuple(
        Setting(each.name, hints[each.name], _default(each), each.metadata.get(Row, Row()))
        for each in fields(schema)
    )


def _default(of: "Field[Any]") -> Json:
    if of.default_factory is not MISSING:
        return of.default_factory()
    return of.default


SETTINGS = settings_of(ConversationSettings)
"""The schema."""

NAMES = frozenset(each.name for each in SETTINGS)


def changed(settings: S, changes: Mapping[str, object], known: Known) -> S:
    """The settings with some of them changed, each to any JSON that was sent.

    A value is checked against the model that the conversation has after the change.

    Raises:
        CapabilityError: a name that is no setting, or a value that cannot be chosen.
    """
    if not changes.keys() <= NAMES:
        raise CapabilityError("A conversation has no setting of that name.")
    for each in SETTINGS:
        if each.name in changes:
            card = known.answering(settings.model) if each.name != "model" else None
            kept = getattr(settings, each.name)
            value = each.checked(changes[each.name], kept, known, card)
            settings = replace(settings, **{each.name: value})
    return settings
