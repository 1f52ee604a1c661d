"""``mcp.toml``: which servers there are. Every mistake names file, line and key."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast, get_args
from urllib.parse import urlsplit

from chat.core.conversation_settings import ToolPolicy
from chat.mcp.settings import (
    SIGN_IN_PORT,
    START_S,
    Address,
    OAuth,
    Program,
    ServerSettings,
    SignIn,
    ToolRule,
)
from chat.models.documents import entries, identified
from chat.models.lines import TomlFile
from chat.models.mistakes import Mistake, refuse
from chat.models.rows import Row
from chat.models.variables import wrong_with_address

MODES = ("auto", "legacy", "2026-07-28")
"""Source: mcp 2.3.0, ``mcp_types.version.MODERN_PROTOCOL_VERSIONS`` and ``Client.mode``."""
MAX_SERVERS = 50
LONGEST_S = 600.0

_ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
_ID_CHARACTERS = 32
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HIGHEST_PORT = 65535
_OF_A_PROGRAM = ("args", "env", "env_from", "cwd")
_OF_AN_ADDRESS = ("headers", "headers_from", "token_env", "ca_file", "oauth")


def read_servers(name: str, text: str, environ: Mapping[str, str]) -> tuple[ServerSettings, ...]:
    """The servers of a file, in its order.

    Args:
        name: of the file, for people.
        text: TOML with one ``[[server]]`` a row.
        environ: where the values of the variables are that rows name.

    Raises:
        ConfigError: rows are wrong; a line for each mistake names file, line, row and key. No
            sentence holds what a variable holds.
    """
    mistakes: list[Mistake] = []
    servers = _servers(TomlFile(name, text, own=True), environ, mistakes)
    refuse(mistakes)
    return tuple(servers)


def _servers(
    file: TomlFile, environ: Mapping[str, str], mistakes: list[Mistake]
) -> list[ServerSettings]:
    rows = entries(file, ("server",), mistakes)["server"]
    if len(rows) > MAX_SERVERS:
        rows[MAX_SERVERS].row(mistakes).wrong(f"there are more than {MAX_SERVERS} servers.")
        return []
    read = (
        _server(entry.row(mistakes, server_id), environ)
        for server_id, entry in identified(rows, mistakes)
    )
    return [server for server in read if server is not None]


class _Variables:
    """The environment, and which variables were looked up in vain."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.lacking: list[str] = []
        self.found: list[str] = []

    def value(self, variable: str) -> str:
        """What a variable holds; it is lacking where that is nothing."""
        value = self._environ.get(variable, "").strip()
        if value:
            self.found.append(value)
        elif variable:
            self.lacking.append(variable)
        return value

    def values(self, names: Row) -> dict[str, str]:
        """Values by the name under which they are passed on, which a table has for each."""
        return {name: self.value(names.variable(name)) for name in names.all()}


def _server(row: Row, environ: Mapping[str, str]) -> ServerSettings | None:
    server_id = row.text("id")
    if not _ID.fullmatch(server_id) or len(server_id) > _ID_CHARACTERS:
        row.wrong(
            f"“id” is up to {_ID_CHARACTERS} small letters and digits that begin with a letter, "
            "with single hyphens or underscores between: it begins the names of the tools.",
            "id",
        )
    mode = row.one_of("mode", MODES, "auto")
    enabled = row.flag("enabled", default=True)
    title = row.text("title") or server_id
    rule = _rule(row, ToolRule())
    rules = _rules(row.table("tools"), rule)
    start_s = _seconds(row, "start_timeout_s", START_S)
    variables = _Variables(environ)
    place = _place(row, variables)
    row.finish()
    if place is None:
        return None
    lacking = tuple(dict.fromkeys(variables.lacking))
    secrets = tuple(variables.found)
    return ServerSettings(
        server_id, title, place, mode, enabled, start_s, rule, rules, lacking, secrets
    )


def _rule(row: Row, usual: ToolRule) -> ToolRule:
    """What a row says of its tools; what it leaves out is as usual."""
    policy = row.one_of("policy", get_args(ToolPolicy), usual.policy)
    return ToolRule(
        cast("ToolPolicy", policy),
        row.flag("always_asks", default=usual.always_asks),
        _seconds(row, "timeout_s", usual.timeout_s),
    )


def _rules(tools: Row, usual: ToolRule) -> dict[str, ToolRule]:
    rules: dict[str, ToolRule] = {}
    for name in tools.all():
        row = tools.table(name)
        rules[name] = _rule(row, usual)
        row.finish()
    return rules


def _seconds(row: Row, key: str, usual: float) -> float:
    given = row.amount(key)
    if given is None:
        return usual
    if not 1 <= given <= LONGEST_S:
        row.wrong(f"“{key}” must be from 1 to {LONGEST_S:.0f} seconds.", key)
        return usual
    return given


def _place(row: Row, variables: _Variables) -> Program | Address | None:
    if ("command" in row) == ("url" in row):
        row.wrong("a server has either “command”, a program to start, or “url”, its address.")
        row.unread("command", "url", *_OF_A_PROGRAM, *_OF_AN_ADDRESS)
        return None
    if "command" in row:
        _not_here(row, _OF_AN_ADDRESS, "url")
        return _program(row, variables)
    _not_here(row, _OF_A_PROGRAM, "command")
    return _address(row, variables)


def _not_here(row: Row, keys: Sequence[str], where: str) -> None:
    row.unread(*keys)
    for key in keys:
        if key in row:
            row.wrong(f"“{key}” belongs to a server with a “{where}”.", key)


def _program(row: Row, variables: _Variables) -> Program:
    command = row.required("command")
    if not Path(command).is_absolute() and any(map(str.isspace, command)):
        row.wrong(
            "“command” is the program alone; what follows it belongs into “args”, a list. No "
            "shell reads them.",
            "command",
        )
    cwd = row.text("cwd")
    folder = Path(cwd).expanduser()
    if cwd and not folder.is_absolute():
        row.wrong("“cwd” must be a whole path.", "cwd")
    elif cwd and not folder.is_dir():
        row.wrong("“cwd” names a folder that is not there.", "cwd")
    args = row.texts("args")
    if any("\0" in word for word in (command, *args)):
        row.wrong("“args” hold a character that no program can be given.", "args")
    env = {**_texts(row.table("env")), **variables.values(row.table("env_from"))}
    return Program(command, args, env, str(folder) if cwd else "")


def _address(row: Row, variables: _Variables) -> Address:
    url = row.required("url")
    if url and (wrong := wrong_with_address(url)):
        row.wrong(f"“url” {wrong}", "url")
    elif "@" in urlsplit(url).netloc:
        row.wrong("“url” holds a name or a password; they belong into “headers_from”.", "url")
    headers = {**_texts(row.table("headers")), **variables.values(row.table("headers_from"))}
    if variable := row.variable("token_env"):
        headers["Authorization"] = f"Bearer {variables.value(variable)}".strip()
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or not (value.isascii() and value.isprintable()):
            row.wrong(f"the header “{name}” is none that can be sent.", "headers")
    ca_file = row.text("ca_file")
    oauth = _oauth(row.table("oauth"), variables) if "oauth" in row else None
    if oauth is not None and any(name.lower() == "authorization" for name in headers):
        row.wrong("“oauth” and a header Authorization cannot both be sent.", "oauth")
    return Address(url, headers, ca_file, oauth)


def _oauth(row: Row, variables: _Variables) -> OAuth:
    grant = row.required("grant")
    row.knows("grant", grant, get_args(SignIn))
    secret_env = row.variable("client_secret_env")
    oauth = OAuth(
        cast("SignIn", grant),
        row.text("client_id"),
        variables.value(secret_env) if secret_env else "",
        row.text("issuer"),
        row.text("scope"),
        row.count("port", SIGN_IN_PORT, least=1),
    )
    if oauth.issuer and (wrong := wrong_with_address(oauth.issuer)):
        row.wrong(f"“issuer” {wrong}", "issuer")
    if oauth.port > _HIGHEST_PORT:
        row.wrong(f"“port” must be a number from 1 to {_HIGHEST_PORT}.", "port")
    if grant == "client_credentials" and not (oauth.client_id and secret_env and oauth.issuer):
        row.wrong(
            "“client_credentials” needs “client_id”, “client_secret_env”, and “issuer”: the "
            "server that the secret may be sent to.",
            "grant",
        )
    row.finish()
    return oauth


def _texts(row: Row) -> dict[str, str]:
    return {key: row.text(key) for key in row.all()}
