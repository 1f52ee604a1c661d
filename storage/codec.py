"""Parts, details and settings as the JSON text that is stored.

The text is pure ASCII, every other character escaped: so a NUL, which PostgreSQL refuses, and a
lone surrogate, which is no UTF-8, both come back as they went in. (Two lone surrogates side by
side that spell a character come back as that character.)

Databases outlive programs, so reading is tolerant and writing loses nothing:

- A key that is missing takes its default. Keys that this Easel does not know stay in ``extra`` of
  their value and are written back.
- A value of a wrong type, or a word that is none of those allowed, takes the key's default, with
  a warning in the log. What is stored stays in ``extra``, and is written back as long as the
  value read from it still stands.
- A part that cannot be read is an ``UnknownPart`` that holds all of it.
- Every text carries the version of its form. What an older version wrote is led through ``STEPS``;
  what a newer one wrote is read as far as it goes, and keeps its version when written back: the
  key ``version`` inside an object counts for that object before the one around the whole text.
"""

import json
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, fields
from types import NoneType, UnionType
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar, Union, get_args, get_origin
from typing import get_type_hints as type_hints

from chat.core.conversation_settings import Row
from chat.core.messages import Conversation, Finish, Origin, Usage
from chat.core.parts import (
    Asked,
    Derivation,
    Echo,
    File,
    Image,
    Json,
    MediaRef,
    Part,
    Reasoning,
    Text,
    ToolCall,
    ToolResult,
    UnknownPart,
)

log = logging.getLogger("easel")

VERSION: Final = 2
"""Of the form that this program writes. A step in ``STEPS`` goes with each increase."""

Step: TypeAlias = Callable[[dict[str, Json]], dict[str, Json]]
"""From an object as one version stored it to the form of the next; it may alter and return it."""


def _options_apart(stored: dict[str, Json]) -> dict[str, Json]:
    """In version 1 the options of pictures stood in a table, and a count might be a number."""
    options = stored.get("options")
    if isinstance(options, dict):
        del stored["options"]
        words = {name: str(kept) for name, kept in options.items() if type(kept) is int}
        stored |= {**options, **words}
    return stored


STEPS: Mapping[int, Mapping[str, Step]] = {1: {"settings": _options_apart}}
"""By the version that is left behind: what has to be done, by the name of the object (the kind of
a part, or ``settings``, ``finish``, ``origin``, ``usage``). A new key with a default needs none."""

COLUMNS = frozenset(
    {"id", "owner", "head_id", "created_at", "updated_at", "deleted_at", "pinned_at"}
)
"""Of a conversation: these have columns of their own. Every other field is a setting."""

WHOLE = "unreadable"
"""The key under which a text that is no JSON, or of another form altogether, is kept whole."""

Detail: TypeAlias = Finish | Origin | Usage
V = TypeVar("V")
D = TypeVar("D", Finish, Origin, Usage)


# Made once: to make them takes as long as to use them.
_encode = json.JSONEncoder(separators=(",", ":")).encode
_decode = json.JSONDecoder().decode


class Unreadable(Exception):
    """A stored object lacks what no default can stand in for."""


SPARSE = frozenset(
    {
        "asked", "begun", "caption", "cost_usd", "derivation", "echo", "fresh", "handle", "mask",
        "model", "model_title", "settings", "took_s", "tool_schemas",
    }
)  # fmt: skip
"""Fields that mostly hold their default, and are not written then."""


class _Field:
    """One field of a record: what it may hold, and how it is stored."""

    __slots__ = (
        "allowed", "default", "dense", "items", "name", "nested", "required", "types", "unreadable"
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        hint: Any,
        default: Any,
        records: "dict[Any, Record[Any]]",
        unreadable: Json | None = None,
    ):
        self.name = name
        self.default = default
        self.unreadable = default if unreadable is None else unreadable
        """What stands for a stored value of another form."""
        self.required = default is MISSING
        self.dense = name not in SPARSE
        """Whether it is written even where it holds its default."""
        self.allowed: frozenset[Any] | None = None
        self.items: _Field | None = None
        self.nested: Record[Any] | None = None
        types: set[type] = set()
        for choice in get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,):
            origin = get_origin(choice)
            if origin is Literal:
                self.allowed = frozenset(get_args(choice))
                types |= {type(word) for word in self.allowed}
            elif origin is tuple:
                types.add(list)
                self.items = _Field(name, get_args(choice)[0], MISSING, records)
            elif choice in records:
                self.nested = records[choice]
                types.add(dict)
            else:
                types |= _STORED_AS[origin or choice]
        self.types = frozenset(types)

    def read(self, stored: Json) -> Any:
        """The value that is stored. Raises: Unreadable where it is not one of this field's."""
        if type(stored) not in self.types:
            raise Unreadable
        if self.allowed is not None and stored not in self.allowed:
            raise Unreadable
        if self.nested is not None and stored is not None:
            return self.nested.read(stored)
        if self.items is not None:
            return tuple(map(self.items.read, stored))
        return stored

    def nearest(self, stored: Json) -> Any:
        """What stands for a stored value that is none of this field's, mostly its default."""
        if self.items is not None and type(stored) is list:
            return tuple(item for item in stored if self.items.takes(item))
        return self.unreadable

    def takes(self, stored: Json) -> bool:
        """Whether a stored value can be read."""
        try:
            self.read(stored)
        except Unreadable:
            return False
        return True

    def write(self, value: Any) -> Json:
        """The value as it is stored."""
        if self.nested is not None and value is not None:
            return self.nested.write(value)
        if isinstance(value, Mapping):
            return dict(value)
        return list(value) if self.items is not None else value


_STORED_AS: Mapping[Any, frozenset[type]] = {
    str: frozenset({str}),
    bool: frozenset({bool}),
    int: frozenset({int}),
    float: frozenset({float, int}),
    NoneType: frozenset({NoneType}),
    Mapping: frozenset({dict}),
}


class Record(Generic[V]):
    """How a dataclass is stored: as an object with a key for each of its fields."""

    def __init__(
        self,
        made: Callable[..., V],
        records: "dict[Any, Record[Any]] | None" = None,
        columns: Collection[str] = (),
        **defaults: Any,
    ) -> None:
        """Of a dataclass with a field ``extra``.

        Args:
            made: the dataclass.
            records: of the dataclasses that its fields hold.
            columns: fields that are stored elsewhere.
            defaults: what stands in for a field that has no default of its own.
        """
        self._made = made
        hints = type_hints(made)
        self._tagged = False
        """Whether a key ``kind`` that is no field says what the object is."""
        self._fields: dict[str, _Field] = {}
        for each in fields(made):  # type: ignore[arg-type]
            if each.name == "kind" and each.default is not MISSING:
                self._tagged = True
                continue
            if each.name == "extra" or each.name in columns:
                continue
            default = each.default
            if each.default_factory is not MISSING:
                default = each.default_factory()
            default = defaults.get(each.name, default)
            unreadable = each.metadata.get(Row, Row()).unreadable
            field = _Field(each.name, hints[each.name], default, records or {}, unreadable)
            self._fields[each.name] = field
        self._rows = tuple(
            (row.name, row.types, row.allowed, row.items is None and row.nested is None)
            for row in self._fields.values()
        )
        self._defaults = defaults

    def read(self, stored: Mapping[str, Json]) -> V:
        """The value that an object holds.

        Raises: Unreadable where a field is missing or wrong that has no default.
        """
        return self._made(**self.arguments(stored))

    def arguments(self, stored: Mapping[str, Json]) -> dict[str, Any]:
        """The fields that an object holds, by name, and ``extra`` where there is any."""
        keys = 1 if self._tagged else 0
        read: dict[str, Any] = dict(self._defaults)
        extra: dict[str, Json] | None = None
        for name, types, allowed, plain in self._rows:
            if name not in stored:
                if self._fields[name].required:
                    raise Unreadable
                continue
            keys += 1
            value = stored[name]
            if plain and type(value) in types and (allowed is None or value in allowed):
                read[name] = value
                continue
            field = self._fields[name]
            try:
                # What is nested is most of what comes here, and needs no second look.
                nested = field.nested if type(value) is dict else None
                read[name] = field.read(value) if nested is None else nested.read(value)
            except Unreadable:
                if field.required:
                    raise
                read[name] = field.nearest(value)
                extra = {**(extra or {}), name: value}
                _warn(name)
        if keys != len(stored):
            known = {*self._fields, "kind"} if self._tagged else self._fields
            extra = {**{k: v for k, v in stored.items() if k not in known}, **(extra or {})}
        if extra:
            read["extra"] = extra
        return read

    def write(self, value: V) -> dict[str, Json]:
        """The object that holds a value."""
        stored: dict[str, Json] = {}
        for name, field in self._fields.items():
            held = getattr(value, name)
            if field.dense or held != field.default:
                stored[name] = field.write(held)
        extra: Mapping[str, Json] | None = getattr(value, "extra")  # noqa: B009 - any dataclass
        for key, raw in (extra or {}).items():
            known = self._fields.get(key)
            if known is None or known.nearest(raw) == getattr(value, key):
                stored[key] = raw
        return stored

    def is_untouched(self, value: V) -> bool:
        """Whether every field still holds its default."""
        return all(getattr(value, row.name) == row.default for row in self._fields.values())


def _part_records() -> dict[str, Record[Any]]:
    inner: dict[Any, Record[Any]] = {
        Echo: Record(Echo),
        MediaRef: Record(MediaRef),
        Derivation: Record(Derivation),
        Asked: Record(Asked),
    }
    return {
        "text": Record(Text, inner),
        "reasoning": Record(Reasoning, inner),
        "image": Record(Image, inner),
        "file": Record(File, inner),
        "tool_call": Record(ToolCall, inner),
        # Its content is parts again, with versions of their own.
        "tool_result": Record(ToolResult, inner, columns=("content",)),
    }


class Codec:
    """Reads and writes stored texts as one version of Easel does."""

    def __init__(
        self,
        version: int = VERSION,
        steps: Mapping[int, Mapping[str, Step]] = STEPS,
        conversation: type[Any] = Conversation,
    ) -> None:
        """The present version, unless another is given."""
        self._version = version
        self._steps = steps
        self._since = {
            name: passed + 1
            for passed in sorted(steps)
            if passed < version
            for name in steps[passed]
        }
        """By name, the oldest version whose objects are as they are today; else it is 1."""
        self._parts = _part_records()
        self._settings: Record[Any] = Record(conversation, columns=COLUMNS, title="", model="")
        self._details: dict[type[Any], Record[Any]] = {
            Finish: Record(Finish, kind="stop"),
            Origin: Record(Origin, kind="", endpoint="", model=""),
            Usage: Record(Usage),
        }

    def parts_to_json(self, parts: tuple[Part, ...]) -> str:
        """The parts of a message as stored text."""
        if len(parts) == 1 and isinstance(parts[0], UnknownPart):
            whole = parts[0].stored
            if type(whole) is dict and whole.keys() == {WHOLE}:
                return str(whole[WHOLE])
        return self._sealed([self._part_to(part) for part in parts])

    def parts_from_json(self, stored: str) -> tuple[Part, ...]:
        """The parts that stored text holds; those that cannot be read as they are stored."""
        version, value = self._opened(stored)
        if type(value) is not list:
            return (UnknownPart({WHOLE: stored}, newer=version > self._version),)
        return tuple([self._part_from(item, version) for item in value])

    def detail_to_json(self, detail: Detail | None) -> str | None:
        """A finish, an origin or a usage as stored text."""
        return None if detail is None else self._object_to(self._details[type(detail)], detail)

    def detail_from_json(self, made: type[D], stored: str | None) -> D | None:
        """The finish, origin or usage that stored text holds."""
        if stored is None:
            return None
        record: Record[D] = self._details[made]
        return record.read(self._object(made.__name__.lower(), stored))

    def settings_to_json(self, conversation: Conversation) -> str:
        """What ``Conversations.change`` may alter of a conversation, as stored text."""
        return self._object_to(self._settings, conversation)

    def settings_from_json(self, stored: str) -> dict[str, Any]:
        """The settings that stored text holds, as arguments of ``Conversation``."""
        return self._settings.arguments(self._object("settings", stored))

    def _sealed(self, value: Json) -> str:
        return _encode({"version": self._version, "value": value})

    def _opened(self, stored: str) -> tuple[int, Json]:
        """The version of a text and what it holds; 0 and nothing where it is no such text."""
        try:
            envelope = _decode(stored)
            version, value = envelope["version"], envelope["value"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return 0, None
        return (version, value) if type(version) is int and version > 0 else (0, None)

    def _upgraded(self, name: str, version: int, stored: dict[str, Json]) -> dict[str, Json]:
        """An object in today's form; one of a newer version as it is, its version inside."""
        if self._since.get(name, 1) <= version <= self._version and "version" not in stored:
            return stored
        if "version" in stored:
            own = stored["version"]
            version = own if type(own) is int and own > 0 else version
            stored = {key: value for key, value in stored.items() if key != "version"}
        for passed in range(version, self._version):
            step = self._steps.get(passed, {}).get(name)
            stored = step(dict(stored)) if step else stored
        return {**stored, "version": version} if version > self._version else stored

    def _object(self, name: str, stored: str) -> dict[str, Json]:
        """The object that a text holds, in today's form."""
        version, value = self._opened(stored)
        if type(value) is not dict:
            _warn(name)
            return {WHOLE: stored}
        return self._upgraded(name, version, value)

    def _object_to(self, record: Record[V], value: V) -> str:
        written = record.write(value)
        if WHOLE in written and record.is_untouched(value):
            return str(written[WHOLE])
        return self._sealed(written)

    def _part_to(self, part: Part) -> Json:
        if isinstance(part, UnknownPart):
            return part.stored
        stored: dict[str, Json] = {"kind": part.kind, **self._parts[part.kind].write(part)}
        if isinstance(part, ToolResult):
            stored["content"] = [self._part_to(item) for item in part.content]
        return stored

    def _part_from(self, stored: Json, version: int, kinds: Collection[str] | None = None) -> Any:
        """One part, or an ``UnknownPart`` where it is none of these kinds, or cannot be read."""
        if type(stored) is not dict:
            return UnknownPart(stored, newer=version > self._version)
        kind = stored.get("kind")
        # Most parts by far, and hundreds are read for a page.
        today = self._since.get("text", 1) <= version <= self._version
        if kind == "text" and len(stored) == 2 and today:
            text = stored.get("text")
            if type(text) is str:
                return Text(text)
        name = kind if type(kind) is str and kind in (kinds or self._parts) else None
        own = stored.get("version", version)
        version = own if type(own) is int and own > 0 else version
        try:
            if name is not None:
                return self._known_part(name, self._upgraded(name, version, stored), version)
        except Unreadable:
            log.info("a stored part of the kind %s lacks what it needs: kept to the letter", name)
        if version != self._version:
            stored = {**stored, "version": version}
        named = type(kind) is str and kind not in self._parts and kind != WHOLE
        return UnknownPart(stored, newer=version > self._version or named)

    def _known_part(self, kind: str, stored: dict[str, Json], version: int) -> Part:
        record = self._parts[kind]
        if kind != "tool_result":
            part: Part = record.read(stored)
            return part
        content = stored.get("content")
        if type(content) is not list:
            raise Unreadable
        arguments = record.arguments({k: v for k, v in stored.items() if k != "content"})
        items = [self._part_from(item, version, ("text", "image", "file")) for item in content]
        return ToolResult(content=tuple(items), **arguments)


_warned: set[str] = set()


def _warn(name: str) -> None:
    """Say once in the life of the program that what is stored under a name cannot be read."""
    if name not in _warned:
        _warned.add(name)
        log.warning("a stored value of “%s” cannot be read: its default stands in for it", name)


CODEC = Codec()
"""The present one."""
