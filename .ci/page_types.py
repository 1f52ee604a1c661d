"""Writes ``assets/js/protocol.js``: the live protocol and the HTTP API as types of the page.

    python .ci/page_types.py          write it anew
    python .ci/page_types.py --check  fail where it is not what would be written

The types are JSDoc, which ``tsc`` checks the page's scripts with; what the page looks up while it
runs, the names of messages and states, stands there as lists.
"""

import json
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import is_dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pydantic import BaseModel, TypeAdapter  # noqa: E402

from chat.core.messages import Status  # noqa: E402
from chat.web import api, live_messages, live_polling  # noqa: E402
from chat.web.api.values import Body  # noqa: E402

FILE = ROOT / "assets" / "js" / "protocol.js"
HEAD = """\
// The live protocol and the HTTP API: what the server takes and answers, as types for the editor
// and for "make check". Written by .ci/page_types.py from chat/web; not to be changed by hand.
"""
UNIONS = {"Told": live_messages.Told, "Asked": live_messages.Asked}


def written() -> str:
    """The whole file."""
    schemas = dict(_schemas())
    blocks = [HEAD]
    for name, schema in sorted(schemas.items()):
        blocks.append(_typedef(name, schema))
    for name, union in UNIONS.items():
        members = " | ".join(kind.__name__ for kind in get_args(get_args(union)[0]))
        blocks.append(_jsdoc([f"@typedef {{{members}}} {name}", *_lines(_DOCS[name])]))
    told = [
        kind.__dataclass_fields__["type"].default
        for kind in get_args(get_args(live_messages.Told)[0])
    ]
    blocks.append(_list("TOLD", told, "The types of all that a server tells."))
    blocks.append(_list("STATUSES", list(get_args(Status)), "How a message may stand."))
    return "\n".join(blocks)


_DOCS = {"Told": "Whatever a server tells.", "Asked": "Whatever a page may say."}


def _schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every type of the API, by its name, as a JSON schema."""
    found: dict[str, dict[str, Any]] = {}
    for module in (*_api(), live_messages, live_polling):
        for name, kind in vars(module).items():
            if name.startswith("_") or not isinstance(kind, type):
                continue
            if kind.__module__ != module.__name__:
                continue
            if is_dataclass(kind) or (issubclass(kind, BaseModel) and kind is not Body):
                mode = "serialization" if is_dataclass(kind) else "validation"
                schema = TypeAdapter(kind).json_schema(mode=mode)
                schema.pop("$defs", None)  # each of them stands for itself
                if is_dataclass(kind):
                    schema["required"] = list(schema["properties"])  # an answer is always whole
                found[name] = {**schema, "description": kind.__doc__}
    return iter(found.items())


def _api() -> list[ModuleType]:
    """Every part of the API."""
    names = sorted(part.name for part in pkgutil.iter_modules(api.__path__))
    return [import_module(f"{api.__name__}.{name}") for name in names]


def _typedef(name: str, schema: dict[str, Any]) -> str:
    lines = [f"@typedef {{object}} {name}", *_lines(schema.get("description", ""))]
    required = set(schema.get("required", ()))
    for field, about in schema.get("properties", {}).items():
        shown = field if field in required else f"[{field}]"
        lines.append(f"@property {{{_type(about)}}} {shown}")
    return _jsdoc(lines)


def _type(schema: dict[str, Any]) -> str:
    """A JSON schema in the words of TypeScript."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return " | ".join(map(json.dumps, schema["enum"]))
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " | ".join(_type(each) for each in schema[several])
    kind = schema.get("type")
    if kind == "array":
        return f"({_type(schema.get('items', {}))})[]"
    if kind == "object":
        values = schema.get("additionalProperties")
        return (
            f"Record<string, {_type(values)}>"
            if isinstance(values, dict)
            else "Record<string, any>"
        )
    plain = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}
    return "null" if kind == "null" else plain.get(str(kind), "any")


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").strip().splitlines() if line.strip()]


def _jsdoc(lines: list[str]) -> str:
    return "/**\n" + "".join(f" * {line}\n" for line in lines) + " */\n"


def _list(name: str, values: list[str], about: str) -> str:
    return f"/** {about} */\nexport const {name} = {json.dumps(values)};\n"


def main() -> int:
    """Write, or compare."""
    text = written()
    if "--check" not in sys.argv[1:]:
        FILE.write_text(text, encoding="utf-8")
        return 0
    if FILE.is_file() and FILE.read_text(encoding="utf-8") == text:
        return 0
    print(
        "assets/js/protocol.js is not what chat/web says: python .ci/page_types.py", file=sys.stderr
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
