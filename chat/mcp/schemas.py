"""The schemas of a server's tools: for models, in what every provider takes; and for the check.

A schema is a stranger's. References are written out, with bounds, so that none leads anywhere else
and a small one does not stand for a huge one. What may take forever to check is left to the server.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from referencing import Registry

from chat.core.parts import Json
from chat.core.strict_json import is_number
from chat.core.text import clean_text

MAX_NODES = 3_000
"""Objects of a schema with its references written out."""
MAX_DEPTH = 20
MAX_BYTES = 40_000
"""Of what models are told of the arguments of one tool, as JSON."""
MAX_PROPERTIES = 200
MAX_CHOICES = 300
MAX_WORDS = 1_000
"""Characters of one description."""

_UNCHECKED = frozenset(
    {"pattern", "patternProperties", "uniqueItems", "unevaluatedItems", "unevaluatedProperties"}
)
"""A stranger's pattern may never end, and these others take the square of what they look at."""
_NAMING = frozenset({"$defs", "definitions", "$id", "id", "$anchor", "$dynamicAnchor"})
_NAME_MAPS = frozenset({"properties", "patternProperties", "dependentSchemas"})
_VALUES = frozenset({"enum", "const", "default", "examples"})
_NAME = re.compile(r"[a-zA-Z0-9_.-]{1,64}")
"""Of an argument. Source: the Anthropic and Bedrock APIs (2026-11), which take the fewest."""
_NUMBERS = ("minimum", "maximum", "minItems", "maxItems", "minLength", "maxLength")
_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array"})


class Unusable(ValueError):
    """Why a tool with such a schema is left out, as the end of a sentence after its name."""


def written_out(schema: Mapping[str, Json]) -> dict[str, Json]:
    """A schema whose references are replaced by what they name; inside itself, by anything.

    Raises:
        Unusable: it refers to another document, or is too large or too deep.
    """
    written: dict[str, Json] = _Writer(schema).written(schema, (), 0)
    return written


class _Writer:
    """One schema on its way."""

    def __init__(self, root: Mapping[str, Json]) -> None:
        self._root = root
        self._nodes = 0

    def written(
        self, value: Json, above: tuple[str, ...], depth: int, *, names: bool = False
    ) -> Json:
        """A value with its references written out.

        ``above`` are the references that lead here, ``names`` says that its keys are names of
        arguments and no words of a schema.
        """
        if isinstance(value, list):
            return [self.written(each, above, depth + 1) for each in self._counted(value, depth)]
        if not isinstance(value, Mapping):
            return value
        self._counted(value, depth)
        if names:
            return {name: self.written(told, above, depth + 1) for name, told in value.items()}
        reference = value.get("$ref", value.get("$dynamicRef"))
        if isinstance(reference, str):
            beside = {word: told for word, told in value.items() if not word.startswith("$")}
            rest = self.written(beside, above, depth + 1)
            if reference in above:
                return rest
            named = self.written(self._named(reference), (*above, reference), depth + 1)
            return {**named, **rest} if isinstance(named, dict) else rest
        return {
            word: self.written(told, above, depth + 1, names=word in _NAME_MAPS)
            for word, told in value.items()
            if word not in _NAMING
        }

    def _counted(self, value: Any, depth: int) -> Any:
        self._nodes += 1 + len(value)
        if self._nodes > MAX_NODES or depth > 3 * MAX_DEPTH:
            raise Unusable("has arguments that are too large to be described")
        return value

    def _named(self, reference: str) -> Json:
        if not reference.startswith("#"):
            raise Unusable("describes its arguments by another document")
        found: Any = self._root
        for step in reference[1:].split("/")[1:]:
            step = step.replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and step.isdecimal() and int(step) < len(found):
                found = found[int(step)]
            elif isinstance(found, Mapping) and step in found:
                found = found[step]
            else:
                raise Unusable("describes its arguments by something that is not there")
        return found


def for_models(written: Mapping[str, Json]) -> dict[str, Json]:
    """A schema that was written out, in the few words that every provider understands.

    Raises:
        Unusable: an argument that must be given cannot be described.
    """
    plain = _object(_merged(written, union=True), 0)
    plain.pop("description", None)
    schema = {
        "type": "object",
        "properties": plain.get("properties", {}),
        "required": plain.get("required", []),
    }
    if len(json.dumps(schema)) > MAX_BYTES:
        raise Unusable("has arguments that are too large to be described")
    return schema


def _plain(schema: Json, depth: int) -> dict[str, Json]:
    """One value. What cannot be said is left out, and the check or the server objects."""
    if not isinstance(schema, Mapping) or depth > MAX_DEPTH:
        return {}
    schema = _merged(schema)
    kinds = [kind for kind in _listed(schema.get("type")) if kind in _TYPES]
    plain = _told(schema)
    if len(kinds) == 1:
        plain["type"] = kinds[0]
    if plain.get("type") == "object" or "properties" in schema:
        plain |= _object(schema, depth)
    if plain.get("type") == "array":
        plain["items"] = _plain(schema.get("items"), depth + 1)
    if alternatives := _alternatives(schema, kinds, depth):
        plain["anyOf"] = alternatives
    return plain


def _told(schema: Mapping[str, Json]) -> dict[str, Json]:
    """What holds for a value of any type: its description, its choices, its bounds."""
    told: dict[str, Json] = {word: schema[word] for word in _NUMBERS if is_number(schema.get(word))}
    description, form = words(schema.get("description")), words(schema.get("format"), 40)
    if form == "date-time":
        told["format"] = form  # the only one that every provider takes
    elif form:
        description = f"{description} Format: {form}.".strip()
    if description:
        told["description"] = description
    choices = [schema["const"]] if "const" in schema else schema.get("enum")
    if (
        isinstance(choices, list)
        and 0 < len(choices) <= MAX_CHOICES
        and all(map(_is_plain, choices))
    ):
        told["enum"] = choices
    if _is_plain(schema.get("default")):
        told["default"] = schema["default"]
    return told


def _object(schema: Mapping[str, Json], depth: int) -> dict[str, Json]:
    given = schema.get("properties")
    properties = dict(given) if isinstance(given, Mapping) else {}
    if len(properties) > MAX_PROPERTIES:
        raise Unusable("has too many arguments")
    required = [name for name in _listed(schema.get("required")) if name in properties]
    for name in list(properties):
        if not _NAME.fullmatch(name):
            if name in required:
                raise Unusable("has an argument whose name no provider takes")
            del properties[name]
    plain: dict[str, Json] = {
        "type": "object",
        "properties": {name: _plain(told, depth + 1) for name, told in properties.items()},
    }
    if required:
        plain["required"] = required
    others = schema.get("additionalProperties")
    if isinstance(others, bool):
        plain["additionalProperties"] = others
    elif isinstance(others, Mapping) and depth:
        plain["additionalProperties"] = _plain(others, depth + 1)
    return plain


def _alternatives(
    schema: Mapping[str, Json], kinds: Sequence[str], depth: int
) -> list[dict[str, Json]]:
    """What else it may be; a value that may be nothing is simply one that may be left out."""
    given = schema.get("anyOf", schema.get("oneOf"))
    listed = [each for each in given if each != {"type": "null"}] if isinstance(given, list) else []
    if len(kinds) > 1 and not listed:
        listed = [{"type": kind} for kind in kinds]
    return [_plain(each, depth + 1) for each in listed]


def _merged(schema: Mapping[str, Json], *, union: bool = False) -> Mapping[str, Json]:
    """The parts of ``allOf``, and a single alternative, as one.

    ``union`` does so with all alternatives, of which models are then told at once: a provider
    takes none at the top.
    """
    merged = dict(schema)
    for part in _objects(merged.pop("allOf", ())):
        merged = _together(merged, _merged(part), any_of_both=False)
    for word in ("anyOf", "oneOf"):
        listed = [each for each in _objects(merged.get(word)) if each != {"type": "null"}]
        if len(listed) == 1 or (union and listed):
            del merged[word]
            first, *others = (_merged(each, union=union) for each in listed)
            for other in others:
                first = _together(dict(first), other, any_of_both=True)
            merged = _together(merged, first, any_of_both=False)
    return merged


def _together(
    one: dict[str, Json], other: Mapping[str, Json], *, any_of_both: bool
) -> dict[str, Json]:
    properties = {**_mapping(other.get("properties")), **_mapping(one.get("properties"))}
    needed = [_listed(each.get("required")) for each in (one, other)]
    required = [*needed[0], *(name for name in needed[1] if name not in needed[0])]
    if any_of_both:
        required = [name for name in needed[0] if name in needed[1]]
    both = {**other, **one}
    if properties:
        both["properties"] = properties
    if "required" in both:
        both["required"] = required
    return both


def _objects(value: Json) -> list[Mapping[str, Json]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: Json) -> list[str]:
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, str)]


def _is_plain(value: Json) -> bool:
    return isinstance(value, str | bool) or is_number(value)


def words(value: Json, most: int = MAX_WORDS) -> str:
    """A stranger's text in one paragraph, shortened."""
    if not isinstance(value, str):
        return ""
    said = " ".join(clean_text(value[: 4 * most]).split())
    return said if len(said) <= most else f"{said[: most - 1]}…"


def check_of(written: Mapping[str, Json]) -> Validator:
    """What checks arguments against a schema that was written out.

    Raises:
        Unusable: it is no JSON Schema.
    """
    schema = _checkable(written)
    dialect = validator_for(schema, default=Draft202012Validator)
    try:
        dialect.check_schema(schema)
    except SchemaError as error:
        raise Unusable("describes its arguments by something that is no JSON Schema") from error
    return dialect(schema, registry=Registry())  # an empty registry: nothing is fetched


def wrong_in(check: Validator, arguments: Mapping[str, Json]) -> str:
    """What is wrong with arguments, as a sentence; empty: nothing. It may take a while."""
    error = best_match(check.iter_errors(dict(arguments)))
    if error is None:
        return ""
    where = ".".join(str(step)[:60] for step in error.absolute_path)
    about = f"The argument {where!r} is wrong" if where else "The arguments are wrong"
    return f"{about}: {words(error.message, 300)}."


def _checkable(schema: Json) -> Json:
    if isinstance(schema, list):
        return [_checkable(each) for each in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        word: _checked_word(word, told) for word, told in schema.items() if word not in _UNCHECKED
    }


def _checked_word(word: str, told: Json) -> Json:
    if word in _VALUES:
        return told
    if word in _NAME_MAPS and isinstance(told, Mapping):
        return {name: _checkable(each) for name, each in told.items()}
    return _checkable(told)
