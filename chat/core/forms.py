"""Forms that a tool has the user fill in: plain fields, from a JSON Schema of type ``object``.

A schema is a stranger's. What is not understood is refused as a whole, since half a form would ask
for something else than the tool wants; patterns are not run, since a stranger's may never end.

Source: the Model Context Protocol, elicitation (2025-11-25): strings with formats, numbers, whole
numbers, booleans, choices with and without titles, and several choices at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal, TypeAlias, TypeGuard
from urllib.parse import urlsplit

from chat.core.errors import CapabilityError, ToolFailed
from chat.core.parts import Json
from chat.core.strict_json import is_number
from chat.core.text import clean_text

MAX_FIELDS = 40
MAX_CHOICES = 200
MAX_NAME_CHARACTERS = 100
MAX_LABEL_CHARACTERS = 200
MAX_ANSWER_CHARACTERS = 20_000
MAX_INTEGER = 2**53
"""The largest that a page and JSON carry exactly."""

FieldType: TypeAlias = Literal["text", "number", "integer", "switch", "choice", "choices"]
Format: TypeAlias = Literal["", "email", "uri", "date", "date-time"]


@dataclass(frozen=True, slots=True)
class FormField:
    """One thing to fill in."""

    name: str
    """What the tool calls it."""
    type: FieldType
    label: str
    hint: str = ""
    required: bool = False
    default: Json = None
    """What it begins with; ``None``: nothing."""
    format: Format = ""
    """Of a text."""
    least: float | None = None
    most: float | None = None
    """Of a number its bounds, of a text its characters, of several choices how many; included."""
    choices: tuple[tuple[str, str], ...] = ()
    """What may be chosen: the value and what people call it."""

    def checked(self, value: Any) -> Json:
        """The value to give to the tool, for any JSON that was sent.

        Raises:
            CapabilityError: it is none of this field's; the sentence never repeats it.
        """
        match self.type:
            case "switch":
                if isinstance(value, bool):
                    return value
                raise CapabilityError(f"“{self.label}” is on or off.")
            case "number" | "integer":
                return self._number(value)
            case "choice":
                if isinstance(value, str) and value in (each for each, _ in self.choices):
                    return value
                raise CapabilityError(f"“{self.label}” is one of its choices.")
            case "choices":
                return self._several(value)
            case "text":
                return self._text(value)

    def _number(self, value: Any) -> Json:
        whole = self.type == "integer"
        if not is_number(value):
            raise CapabilityError(f"“{self.label}” must be a {'whole ' if whole else ''}number.")
        if whole and (value != int(value) or abs(value) > MAX_INTEGER):
            raise CapabilityError(f"“{self.label}” must be a whole number.")
        self._bounded(value, "must be")
        return int(value) if whole else value

    def _text(self, value: Any) -> Json:
        if not isinstance(value, str):
            raise CapabilityError(f"“{self.label}” must be a text.")
        if len(value) > MAX_ANSWER_CHARACTERS:
            most = f"{MAX_ANSWER_CHARACTERS:,}"
            raise CapabilityError(f"“{self.label}” has at most {most} characters.")
        value = clean_text(value)
        self._bounded(len(value), "must have", " characters")
        if not _FORMATS[self.format](value):
            raise CapabilityError(f"“{self.label}” must be {_CALLED[self.format]}.")
        return value

    def _several(self, value: Any) -> Json:
        known = {each for each, _ in self.choices}
        if not isinstance(value, list) or not all(isinstance(v, str) and v in known for v in value):
            raise CapabilityError(f"“{self.label}” is some of its choices.")
        chosen = list(dict.fromkeys(value))
        self._bounded(len(chosen), "must have", " choices")
        return chosen

    def _bounded(self, size: float, must: str, unit: str = "") -> None:
        least, most = self.least, self.most
        if least is not None and size < least:
            raise CapabilityError(f"“{self.label}” {must} at least {least:g}{unit}.")
        if most is not None and size > most:
            raise CapabilityError(f"“{self.label}” {must} at most {most:g}{unit}.")


def read_form(schema: Mapping[str, Json]) -> tuple[FormField, ...]:
    """The fields of a form, in order; none where there is nothing but to agree.

    Raises:
        ToolFailed: the schema is not one of plain fields.
    """
    properties, required = schema.get("properties", {}), schema.get("required", [])
    if schema.get("type") != "object" or not isinstance(properties, Mapping):
        raise ToolFailed("The form is no JSON Schema of an object.")
    if len(properties) > MAX_FIELDS:
        raise ToolFailed(f"A form has at most {MAX_FIELDS} fields.")
    needed = set(required) if _texts(required) else set()
    return tuple(_field(name, told, name in needed) for name, told in properties.items())


def filled(fields: Sequence[FormField], values: Mapping[str, object]) -> dict[str, Json]:
    """What was filled in, by name; fields that were left empty are left out.

    Raises:
        CapabilityError: a value is none of its field's, or one is missing.
    """
    if not values.keys() <= {field.name for field in fields}:
        raise CapabilityError("The form has no field of that name.")
    given: dict[str, Json] = {}
    for field in fields:
        value = values.get(field.name)
        empty = value is None or (value == "" and field.type != "switch") or value == []
        if not empty:
            given[field.name] = field.checked(value)
        elif field.required:
            raise CapabilityError(f"“{field.label}” must be filled in.")
    return given


def _field(name: str, told: Json, required: bool) -> FormField:
    if not isinstance(told, Mapping) or not 0 < len(name) <= MAX_NAME_CHARACTERS:
        raise ToolFailed("A field of the form cannot be read.")
    kind, choices, details = _kind(name, told)
    field = FormField(
        name,
        kind,
        _words(told.get("title")) or name,
        _words(told.get("description")),
        required,
        choices=choices,
        **details,
    )
    default = told.get("default")
    if default is None:
        return field
    try:
        default = field.checked(default)
    except CapabilityError:
        default = None  # a suggestion that cannot be given is none
    return replace(field, default=default)


def _kind(
    name: str, told: Mapping[str, Json]
) -> tuple[FieldType, tuple[tuple[str, str], ...], dict[str, Any]]:
    """The type of a field, what may be chosen, and its bounds."""
    match told.get("type"):
        case "boolean":
            return "switch", (), {}
        case "integer" | "number" as kind:
            return kind, (), _bounds(told, "minimum", "maximum")
        case "array":
            items = told.get("items")
            choices = _choices(items) if isinstance(items, Mapping) else ()
            if choices:
                return "choices", choices, _bounds(told, "minItems", "maxItems")
        case "string":
            choices = _choices(told)
            if choices:
                return "choice", choices, {}
            format_ = told.get("format", "")
            known = format_ if isinstance(format_, str) and format_ in _FORMATS else ""
            return "text", (), {"format": known, **_bounds(told, "minLength", "maxLength")}
    raise ToolFailed(f"The field {name[:MAX_NAME_CHARACTERS]!r} of the form is of no known type.")


def _bounds(told: Mapping[str, Json], least: str, most: str) -> dict[str, float | None]:
    bounds = (told.get(least), told.get(most))
    sound = [bound if is_number(bound) else None for bound in bounds]
    return {"least": sound[0], "most": sound[1]}


def _choices(told: Mapping[str, Json]) -> tuple[tuple[str, str], ...]:
    """From ``enum``, with ``enumNames``, or from ``oneOf`` or ``anyOf`` of constants."""
    values = told.get("enum")
    if _texts(values):
        names = told.get("enumNames")
        named = names if _texts(names) and len(names) == len(values) else values
        pairs = list(zip(values, named, strict=True))
    else:
        listed = told.get("oneOf") or told.get("anyOf") or []
        if not isinstance(listed, list):
            raise ToolFailed("The choices of the form cannot be read.")
        constants = [each for each in listed if isinstance(each, Mapping)]
        told_apart = [
            [each.get("const"), each.get("title", each.get("const"))] for each in constants
        ]
        pairs = [(pair[0], pair[1]) for pair in told_apart if _texts(pair)]
        if len(pairs) != len(listed):
            raise ToolFailed("The choices of the form cannot be read.")
    if len(pairs) > MAX_CHOICES:
        raise ToolFailed(f"A field of a form has at most {MAX_CHOICES} choices.")
    return tuple((value, _words(name) or value) for value, name in pairs)


def _texts(value: Json) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(each, str) for each in value) and bool(value)


def _words(value: Json) -> str:
    if not isinstance(value, str):
        return ""
    return " ".join(clean_text(value).split())[:MAX_LABEL_CHARACTERS]


def _is_email(value: str) -> bool:
    name, _, host = value.partition("@")
    plain = not any(sign.isspace() or sign == "@" for sign in name + host)
    return bool(name) and plain and "." in host.strip(".")


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_moment(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return "T" in value.upper() or " " in value


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path))


_FORMATS: Mapping[str, Any] = {
    "": lambda _: True,
    "email": _is_email,
    "uri": _is_address,
    "date": _is_date,
    "date-time": _is_moment,
}

_CALLED = {
    "email": "an e-mail address",
    "uri": "an address such as https://example.org",
    "date": "a date such as 2026-12-31",
    "date-time": "a date and a time such as 2026-12-31T18:00",
}
