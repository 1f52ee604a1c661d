"""A typed function with a docstring, as a tool.

Its type hints become the JSON Schema that models read, its Google-style docstring the
descriptions, and arguments are checked against both before it runs. The function may be plain or
async and may return one output or several. A parameter of the type ``Picture`` is a picture of the
conversation, which the model names; one of the type ``ToolContext`` is how the function reports
progress and hears that it shall stop; one of the type ``Needs[Conversations]`` is that part of the
house. Models are told of none of these types.
"""

import inspect
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from types import NoneType
from typing import Annotated, Any, TypeAlias, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from chat.core.calling import ToolSpec
from chat.core.errors import MediaRejected, ToolFailed
from chat.core.parts import Json
from chat.core.tools import Picture, Resource, ToolContext, ToolFacts, ToolOutput

_ARGS = re.compile(r"^Args:\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n {5,}.*)*)", re.MULTILINE)


PICTURE_NAMES = 'A picture of this conversation: "latest", or its number, such as "2" or "@img2".'

Function: TypeAlias = Callable[..., Any]
"""Returns, or returns to be awaited, a ``ToolOutput`` or a list or tuple of them."""

F = TypeVar("F", bound=Function)

_RESOURCE = object()
_FACTS = "__tool_facts__"

Needs = Annotated[Resource, _RESOURCE]
"""The type of a parameter that is given a part of the house, as in ``store: Needs[Conversations]``.
Where there is no such part, the tool is not offered."""


def with_facts(**facts: Any) -> Callable[[F], F]:
    """Say what people are told of a tool: the fields of :class:`ToolFacts`."""

    def known(function: F) -> F:
        setattr(function, _FACTS, ToolFacts(**facts))
        return function

    return known


class FunctionTool:
    """A function that models may call by name."""

    def __init__(self, name: str, function: Function) -> None:
        self._function = function
        hints = get_type_hints(function)
        names = inspect.signature(function).parameters
        for parameter in names:
            if parameter not in hints:
                raise TypeError(
                    f"“{parameter}” of the tool “{name}” has no type, which models are told."
                )
        self._context = next((name for name in names if hints[name] is ToolContext), "")
        self._pictures = [name for name in names if _takes_picture(hints[name])]
        self._needs = _needs(function)
        self._facts: ToolFacts = getattr(function, _FACTS, ToolFacts())
        self._model = _model(name, function, {self._context, *self._needs})
        self._spec = ToolSpec(name, _description(function), _parameters(self._model))

    @property
    def spec(self) -> ToolSpec:
        """What models are told."""
        return self._spec

    @property
    def title(self) -> str:
        """The name as people write it."""
        return self._facts.title or self._spec.name.replace("_", " ").capitalize()

    @property
    def facts(self) -> ToolFacts:
        """What people are told, see :func:`with_facts`."""
        return self._facts

    @property
    def needs(self) -> tuple[type, ...]:
        """The parts of the house that it works with."""
        return tuple(self._needs.values())

    async def run(
        self, arguments: Mapping[str, Json], context: ToolContext
    ) -> Sequence[ToolOutput]:
        """Check the arguments, fetch the pictures among them, and call the function."""
        try:
            checked = self._model.model_validate(dict(arguments))
        except ValidationError as error:
            raise ToolFailed(self._complaint(error)) from error
        given = {name: getattr(checked, name) for name in type(checked).model_fields}
        for name in self._pictures:
            given[name] = await _fetched(given[name], context)
        given |= {name: context.resource(kind) for name, kind in self._needs.items()}
        if self._context:
            given[self._context] = context
        try:
            if inspect.iscoroutinefunction(self._function):
                made = await self._function(**given)
            else:
                made = await context.in_thread(lambda: self._function(**given))
        except MediaRejected as error:  # what is wrong with a picture is the same to a model
            raise ToolFailed(str(error)) from error
        return tuple(made) if isinstance(made, list | tuple) else (made,)

    def _complaint(self, error: ValidationError) -> str:
        """The first thing that is wrong, and what would be right."""
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(step)[:60] for step in first["loc"])
        takes = ", ".join(type_name for type_name in self._model.model_fields)
        return (
            f"The argument {where!r} of {self._spec.name} is wrong: {first['msg']}. "
            f"{self._spec.name} takes {takes}."
        )


def _takes_picture(hint: Any) -> bool:
    return hint is Picture or any(_takes_picture(inner) for inner in get_args(hint))


def _named(hint: Any) -> Any:
    """The type of what a model sends where the function takes pictures: their names."""
    if hint is Picture:
        return str
    if not _takes_picture(hint):
        return hint
    inner = [_named(each) for each in get_args(hint) if each is not NoneType]
    named = list[inner[0]] if get_origin(hint) in (list, tuple) else inner[0]  # type: ignore[valid-type]
    return named | None if NoneType in get_args(hint) else named


async def _fetched(named: Any, context: ToolContext) -> Any:
    if isinstance(named, str):
        return await context.picture(named)
    if isinstance(named, list):
        return [await context.picture(name) for name in named]
    return named


def _needs(function: Function) -> dict[str, type]:
    hints = get_type_hints(function, include_extras=True)
    return {
        name: get_args(hint)[0]
        for name, hint in hints.items()
        if _RESOURCE in getattr(hint, "__metadata__", ())
    }


def _model(name: str, function: Function, untold: Collection[str]) -> type[BaseModel]:
    hints = get_type_hints(function, include_extras=True)
    notes = _notes(function)
    fields: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name in untold:
            continue
        if parameter.name not in notes:
            raise TypeError(
                f"The tool “{name}” says nothing of “{parameter.name}”: put a line for it under "
                "Args: in the docstring, for models are told no more."
            )
        hint, note = hints[parameter.name], notes[parameter.name]
        if _takes_picture(hint):
            hint, note = _named(hint), f"{note} {PICTURE_NAMES}"
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (hint, Field(default, description=note))
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


def _description(function: Function) -> str:
    whole = inspect.getdoc(function) or ""
    words = re.split(r"^(?:Args|Returns|Raises):$", whole, maxsplit=1, flags=re.MULTILINE)[0]
    return " ".join(words.split())


def _notes(function: Function) -> dict[str, str]:
    """What the docstring says of each argument."""
    section = _ARGS.search(inspect.getdoc(function) or "")
    found = _ARGUMENT.findall(section[1]) if section else []
    return {name: " ".join(note.split()) for name, note in found}


def _parameters(model: type[BaseModel]) -> dict[str, Json]:
    """The model's schema in the few words that every provider understands."""
    schema = model.model_json_schema()
    return {
        "type": "object",
        "properties": {name: _plain(form) for name, form in schema["properties"].items()},
        "required": schema.get("required", []),
    }


def _plain(form: Mapping[str, Json]) -> dict[str, Json]:
    """One property: no titles, and an optional value is simply one that may be left out."""
    kept = {
        word: value
        for word, value in form.items()
        if word not in ("title", "anyOf") and not (word == "default" and value is None)
    }
    for choice in form.get("anyOf", ()):
        if choice != {"type": "null"}:
            kept |= _plain(choice)
    if "items" in kept:
        kept["items"] = _plain(kept["items"])
    return kept
