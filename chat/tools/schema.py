"""A typed function with a docstring, as a tool.

Its type hints become the JSON Schema that models read, its Google-style docstring the
descriptions, and arguments are checked against both before it runs. Knows no particular tool.
"""

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from chat.core.calling import ToolSpec
from chat.core.errors import ToolFailed
from chat.core.parts import Json
from chat.core.ports import ToolOutput

_ARGS = re.compile(r"^Args:\n(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
_ARGUMENT = re.compile(r"^    (\w+): (.*(?:\n {5,}.*)*)", re.MULTILINE)


class FunctionTool:
    """A function that models may call by name."""

    def __init__(self, name: str, function: Callable[..., ToolOutput]) -> None:
        self._function = function
        self._model = _model(name, function)
        self._spec = ToolSpec(name, _description(function), _parameters(self._model))

    @property
    def spec(self) -> ToolSpec:
        """What models are told."""
        return self._spec

    @property
    def title(self) -> str:
        """The name as people write it."""
        return self._spec.name.replace("_", " ").capitalize()

    def run(self, arguments: Mapping[str, Json]) -> Sequence[ToolOutput]:
        """Check the arguments and call the function."""
        try:
            checked = self._model.model_validate(dict(arguments))
        except ValidationError as error:
            raise ToolFailed(self._complaint(error)) from error
        given = {name: getattr(checked, name) for name in type(checked).model_fields}
        return (self._function(**given),)

    def _complaint(self, error: ValidationError) -> str:
        """The first thing that is wrong, and what would be right."""
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(step)[:60] for step in first["loc"])
        takes = ", ".join(type_name for type_name in self._model.model_fields)
        return (
            f"The argument {where!r} of {self._spec.name} is wrong: {first['msg']}. "
            f"{self._spec.name} takes {takes}."
        )


def _model(name: str, function: Callable[..., ToolOutput]) -> type[BaseModel]:
    hints = get_type_hints(function, include_extras=True)
    notes = _notes(function)
    fields: dict[str, Any] = {
        parameter.name: (
            hints[parameter.name],
            Field(
                ... if parameter.default is parameter.empty else parameter.default,
                description=notes[parameter.name],
            ),
        )
        for parameter in inspect.signature(function).parameters.values()
    }
    return create_model(name, __config__=ConfigDict(extra="forbid"), **fields)


def _description(function: Callable[..., ToolOutput]) -> str:
    whole = inspect.getdoc(function) or ""
    words = re.split(r"^(?:Args|Returns|Raises):$", whole, maxsplit=1, flags=re.MULTILINE)[0]
    return " ".join(words.split())


def _notes(function: Callable[..., ToolOutput]) -> dict[str, str]:
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
