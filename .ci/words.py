"""The catalogues of words: what there is to translate, and what is made of it.

    python .ci/words.py           write words/easel.pot and each words/*.po anew, and what is served
    python .ci/words.py --check   fail where they are not what would be written
    python .ci/words.py --missing tell what has no translation yet

Sentences are written in English where they are used. They are found in four places: what the page's
scripts say by ``t`` and ``plural``; the HTML of the page; what the server says by ``say``,
``plural`` and ``later``, or raises; and whatever else in it has the form of a sentence. A catalogue
is a file of gettext's that Babel reads and writes; ``assets/words`` holds what a server loads.
"""

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from chat.conversations.tool_list import about  # noqa: E402
from chat.core.counts import COUNTS  # noqa: E402
from chat.tools.registry import absent_tools, load_tools  # noqa: E402
from chat.web.page_html import messages_of  # noqa: E402

POT = ROOT / "words" / "easel.pot"
SERVED = ROOT / "assets" / "words"

SILENT = (
    "chat/archive/everything.py", "chat/core/attached.py", "chat/core/audit.py",
    "chat/core/command_line.py", "chat/core/languages.py", "chat/core/ports.py",
    "chat/core/provider_spec.py", "chat/core/quoting.py", "chat/core/retention.py",
    "chat/core/text.py", "chat/files", "chat/files/column_types.py", "chat/files/database.py",
    "chat/files/query_task.py", "chat/files/units.py", "chat/files/words.py",
    "chat/gateway/quota_file.py", "chat/guards/moderation.py", "chat/guards/personal_data.py",
    "chat/guards/rules.py", "chat/http/webhooks.py", "chat/images/operations/annotate.py",
    "chat/logs.py", "chat/mail", "chat/mcp/http.py", "chat/mcp/program.py",
    "chat/mcp/reading.py", "chat/mcp/sdk_log.py", "chat/mcp/settings.py",
    "chat/models/__main__.py", "chat/models/added_rows.py", "chat/models/cards.py",
    "chat/models/catalogue.py", "chat/models/links.py", "chat/models/litellm",
    "chat/models/mistakes.py", "chat/models/prices.py", "chat/models/reading.py",
    "chat/models/rights_file.py", "chat/models/role", "chat/models/rows.py", "chat/network.py",
    "chat/oidc.py", "chat/providers/gemini/spec.py", "chat/render/standalone",
    "chat/research/search", "chat/research/search/registry.py", "chat/settings.py",
    "chat/sketch/answering/recipes.py", "chat/sketch/answering/stories.py",
    "chat/sketch/answering/tales.py", "chat/telemetry", "chat/tools", "chat/trusted_header.py",
    "chat/turns/alt_text.py", "chat/turns/region_words.py", "chat/turns/rewording.py",
    "chat/turns/tool_relay.py", "chat/ui", "chat/ui/page.py", "chat/ui/settings_widgets.py",
    "chat/version.py", "chat/web/admin", "chat/web/api_door.py", "chat/web/api_keys.py",
    "chat/web/budget_pages.py", "chat/web/connections.py", "chat/web/drain.py",
    "chat/web/header_login.py", "chat/web/health.py", "chat/web/hosts.py", "chat/web/mcp_",
    "chat/web/metrics.py", "chat/web/mount.py", "chat/web/oidc", "chat/web/openai_api",
    "chat/web/page_bundle.py", "chat/web/route_allowlist.py", "chat/web/routes.py",
    "chat/web/serve.py",
)  # fmt: skip
"""Modules that speak with the host in a terminal or a log, with programs, or with models."""

STORES = (
    "error_mapping.py", "fitting_in.py", "message_commands.py", "message_queries.py",
    "owned_records.py", "sql.py", "sql_people.py", "sql_personal_keys.py", "sql_shares.py",
)  # fmt: skip
"""What of the stores people read: the others speak with the host as Easel starts."""

OF_SKETCH = "chat/sketch/"
"""Clauses such as "{thing} is larger" are never looked for in what others said."""

IN_THE_PAGE = ("assets/js/", "assets/presets.json", "chat/core/conversation_settings.py")
"""What the page's scripts say."""

SENTENCE = re.compile(r"[A-Z“{\[].*[.…?!:”]$", re.DOTALL)
LOWER_WORDS = re.compile(r"[a-z’']{2,}[ ,;:]+(?:\{\w+\}[ ,]*)?[a-z“{]")


@dataclass(slots=True)
class Found:
    """A message, and where it stands."""

    one: str
    many: str = ""
    places: set[str] = field(default_factory=set)


def found() -> dict[str, Found]:
    """Every message by its English words, the singular where it counts."""
    messages: dict[str, Found] = {}

    def take(one: str, many: str, place: str) -> None:
        known = messages.setdefault(one, Found(one))
        known.many = known.many or many
        known.places.add(place)

    for file in sorted((ROOT / "assets" / "js").glob("*.js")):
        for one, many in of_script(file.read_text(encoding="utf-8")):
            take(one, many, _told(file))
    for file in sorted((ROOT / "assets" / "html").glob("*.html")):
        for one in messages_of(file.read_text(encoding="utf-8")):
            take(one, "", _told(file))
    for group in json.loads(
        (ROOT / "assets" / "presets.json").read_text(encoding="utf-8")
    ).values():
        for one in _words_of(group):
            take(one, "", "assets/presets.json")
    for one, many, place in (*_of_server(), *_registered()):
        take(one, many, place)
    return {one: each for one, each in messages.items() if not one.startswith("$")}


def _of_server() -> Iterator[tuple[str, str, str]]:
    for file in sorted((ROOT / "chat").rglob("*.py")) + [
        ROOT / "storage" / name for name in STORES
    ]:
        place = _told(file)
        if place.startswith(SILENT):
            continue
        for one, many in of_module(file.read_text(encoding="utf-8")):
            yield one, many, place


def _registered() -> Iterator[tuple[str, str, str]]:
    """What people read of tools, of providers and of models that are shipped."""
    for tool in (*load_tools({}).values(), *absent_tools({})):
        for told in (tool.title, about(tool), tool.facts.reach, tool.facts.setup):
            if told:
                yield told, "", "chat/tools"
    rows = tomllib.loads((ROOT / "assets" / "models.toml").read_text(encoding="utf-8"))
    for row in (*rows.get("model", ()), *rows.get("endpoint", ())):
        # A title that goes on behind a comma says what it is; others are names.
        told = (row.get("note", ""), row["title"] if ", the " in row.get("title", "") else "")
        yield from ((each, "", "assets/models.toml") for each in told if each)
    for one, many in COUNTS:
        yield one, many, "chat/core/counts.py"


def _words_of(value: object) -> Iterator[str]:
    """The titles and groups of presets; their words are for models."""
    if isinstance(value, list):
        for each in value:
            yield from _words_of(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name in {"title", "group"} and isinstance(each, str):
                yield each
            else:
                yield from _words_of(each)


def _told(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


_CALL = re.compile(r"(?<![\w.#$])(t|plural)\(")
_STRING = re.compile(r"\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')\s*(\+)?")


def of_script(source: str) -> Iterator[tuple[str, str]]:
    """What a script of the page says: singular and plural, which may be empty."""
    for call in _CALL.finditer(source):
        at = call.end()
        if source[: call.start()].endswith("function "):
            continue
        if call[1] == "plural":
            at = _behind_argument(source, at)
        one, at = _string(source, at)
        many = ""
        if call[1] == "plural" and one:
            many, _ = _string(source, source.index(",", at) + 1)
        if one:
            yield one, many


def _behind_argument(source: str, at: int) -> int:
    deep = 0
    while deep or source[at] != ",":
        deep += (source[at] in "([{") - (source[at] in ")]}")
        at += 1
    return at + 1


def _string(source: str, at: int) -> tuple[str, int]:
    text, goes_on = "", True
    while goes_on and (found := _STRING.match(source, at)):
        written = found[1]
        text += json.loads(written) if written[0] == '"' else written[1:-1]
        at, goes_on = found.end(), bool(found[2])
    return text, at


_FOLLOWED = re.compile(r"(?:(?<=[.!?])|(?<=[.!?”])\s+)(?:\s*\{\w+\})+$")


def of_module(source: str) -> Iterator[tuple[str, str]]:
    """What a module of the server says: by name, by raising, or in the form of a sentence."""
    tree = ast.parse(source)
    told = {"say", "later", "spoken"}
    inside = {
        value for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for value in node.values
    }
    taken = _docstrings(tree) | _logged(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in told and node.args:
            if (text := template(node.args[0])) is not None:
                taken.add(node.args[0])
                yield text, ""
        elif name == "plural" and len(node.args) == 3:
            one, many = template(node.args[1]), template(node.args[2])
            taken.update(node.args)
            if one and many:
                yield one, many
    for node in ast.walk(tree):
        if node in taken or node in inside:
            continue
        text = template(node)
        # What another sentence follows is a sentence by itself.
        text = None if text is None else _FOLLOWED.sub("", text.strip())
        if text is not None and _is_sentence(text):
            yield text, ""


def _docstrings(tree: ast.AST) -> set[ast.AST]:
    """Every text that stands alone."""
    return {
        each.value
        for node in ast.walk(tree)
        for each in (
            getattr(node, "body", None) if isinstance(getattr(node, "body", None), list) else ()
        )
        if isinstance(each, ast.Expr)
    }


def _logged(tree: ast.AST) -> set[ast.AST]:
    """What is said to the log."""
    logged: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if isinstance(owner, ast.Name) and owner.id in {"log", "logging", "re", "_log"}:
                logged.update(inner for each in node.args for inner in ast.walk(each))
    return logged


def template(node: ast.AST) -> str | None:
    """The words of a text, with a place for each value in it."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    names: dict[str, str] = {}
    text = ""
    for value in node.values:
        if isinstance(value, ast.Constant):
            text += str(value.value)
        elif isinstance(value, ast.FormattedValue):
            text += f"{{{_place(value.value, names)}}}"
    return text


def _place(value: ast.expr, names: dict[str, str]) -> str:
    written = ast.unparse(value)
    inner = value
    while isinstance(inner, ast.Call | ast.Subscript | ast.UnaryOp):
        inner = (
            inner.func
            if isinstance(inner, ast.Call)
            else (inner.value if isinstance(inner, ast.Subscript) else inner.operand)
        )
    name = (
        inner.id if isinstance(inner, ast.Name)
        else inner.attr if isinstance(inner, ast.Attribute) else "value"
    ).strip("_").lower()  # fmt: skip
    number, whole = 2, name
    while names.get(whole, written) != written:
        whole, number = f"{name}{number}", number + 1
    names[whole] = written
    return whole


def _is_sentence(text: str) -> bool:
    text = text.strip()
    return (
        bool(SENTENCE.match(text))
        and bool(LOWER_WORDS.search(text))
        and "<" not in text
        and "%s" not in text
        and "\\" not in text
        and "\n\n" not in text
        and 5 < len(re.sub(r"\{\w+\}|\W", "", text)) < 330
    )


def languages() -> list[str]:
    """Those that have a catalogue."""
    return sorted(file.stem for file in POT.parent.glob("*.po"))


def written() -> dict[Path, bytes]:
    """Every file, as it is to be."""
    messages = found()
    files: dict[Path, bytes] = {}
    source = _catalog(messages)
    files[POT] = _po(source)
    for name in languages():
        file = POT.parent / f"{name}.po"
        catalog = _translated(messages, name, read_po(BytesIO(file.read_bytes())))
        files[file] = _po(catalog)
        files[SERVED / f"{name}.json"] = _served(catalog, name, messages)
    return files


def _catalog(messages: dict[str, Found], locale: str | None = None) -> Catalog:
    catalog = Catalog(
        locale=locale, project="Easel", fuzzy=False, header_comment="# Words of Easel."
    )
    for one in sorted(messages):
        each = messages[one]
        places = [(place, None) for place in sorted(each.places)]
        catalog.add((one, each.many) if each.many else one, locations=places)
    return catalog


def _translated(messages: dict[str, Found], name: str, before: Catalog) -> Catalog:
    catalog = _catalog(messages, name.replace("-", "_"))
    for message in catalog:
        if not message.id:
            continue
        one = message.id[0] if isinstance(message.id, tuple) else message.id
        kept = before.get(one)
        if kept is None or not kept.string:
            continue
        forms = list(kept.string) if isinstance(kept.string, tuple | list) else [kept.string]
        if isinstance(message.id, tuple):
            message.string = tuple((forms + [forms[-1]] * 6)[: catalog.num_plurals])
        else:
            message.string = forms[0]
    return catalog


def _po(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=0, omit_header=False, include_lineno=False)
    text = out.getvalue().decode("utf-8")
    # No dates, no addresses: the same words are the same file.
    kept = [
        line
        for line in text.splitlines(keepends=True)
        if not re.match(r'"(POT-Creation-Date|PO-Revision-Date|Report-Msgid|Last-Translator|'
                        r'Language-Team|Generated-By|Project-Id)', line)
    ]  # fmt: skip
    return "".join(kept).encode("utf-8")


def _served(catalog: Catalog, name: str, messages: dict[str, Found]) -> bytes:
    """What a server loads: the words by English, and those that the page's scripts say."""
    words: dict[str, list[str]] = {}
    page: dict[str, str | list[str]] = {}
    many: dict[str, str] = {}
    own: dict[str, str] = {}
    for message in catalog:
        if not message.id or not message.string or not all(forms := _forms(message.string)):
            continue
        one = message.id[0] if isinstance(message.id, tuple) else message.id
        places = messages[one].places
        if all(place.startswith(OF_SKETCH) for place in places):
            own[one] = forms[0]
        elif isinstance(message.id, tuple):
            words[one] = forms
            if message.id[1] != one:
                many[message.id[1]] = one
        elif any(not place.startswith("assets/js/") for place in places):
            words[one] = forms
        if any(place.startswith(IN_THE_PAGE) for place in places):
            page[one] = forms if isinstance(message.id, tuple) else forms[0]
    told = {
        "plural": catalog.plural_expr,
        "categories": categories(name, catalog.num_plurals),
        "numbers": _numbers(name),
        "words": {**_months(name), **words},
        "many": many,
        "own": own,
        "page": page,
    }
    return (json.dumps(told, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode("utf-8")


def _numbers(name: str) -> dict[str, object]:
    """How numbers and days are written there, for ``chat/core/numbers.py``."""
    there = Locale.parse(name, sep="-")
    signs = there.number_symbols["latn"]
    places = {"MMMM": "{month}", "M": "{m}", "d": "{d}", "y": "{y}"}
    day = re.sub(
        r"'([^']*)'|([A-Za-z]+)",
        lambda found: found[1] or places[found[2]],
        there.date_formats["long"].pattern,
    )
    return {
        "decimal": signs["decimal"],
        "group": signs["group"],
        "sizes": list(there.decimal_formats[None].grouping),
        "percent": re.sub(r"[#,0.]+", "{n}", there.percent_formats[None].pattern),
        "day": day,
    }


def _months(name: str) -> dict[str, list[str]]:
    """The names of months, as sentences have them."""
    here, there = Locale("en"), Locale.parse(name, sep="-")
    return {
        here.months["format"][width][month]: [there.months["format"][width][month]]
        for width in ("abbreviated", "wide")
        for month in range(1, 13)
    }


def _forms(string: object) -> list[str]:
    return list(string) if isinstance(string, tuple | list) else [str(string)]


def categories(name: str, forms: int) -> list[str]:
    """The plural categories of a language in the order of gettext's forms."""
    rule = Locale.parse(name, sep="-").plural_form
    order = ("zero", "one", "two", "few", "many", "other")
    seen = {rule(n) for n in (*range(1000), 10**6)}
    return [each for each in order if each in seen][:forms]


def main() -> int:
    """Write, compare or tell."""
    files = written()
    if "--missing" in sys.argv:
        for name in languages():
            catalog = read_po(BytesIO(files[POT.parent / f"{name}.po"]))
            left = [
                message.id for message in catalog if message.id and not all(_forms(message.string))
            ]
            print(name, len(left), *left[:20], sep="\n  ")
        return 0
    if "--check" in sys.argv:
        wrong = [
            _told(file) for file, data in files.items()
            if not file.is_file() or file.read_bytes() != data
        ]  # fmt: skip
        if wrong:
            print(f"not what the sources say: {', '.join(wrong)}; run: make words", file=sys.stderr)
        return int(bool(wrong))
    SERVED.mkdir(exist_ok=True)
    for file, data in files.items():
        file.write_bytes(data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
