"""``mcp.toml``: what it says, what is wrong in it, and where."""

import pytest

from chat.core.errors import ConfigError
from chat.mcp.reading import read_servers
from chat.mcp.servers import McpServers
from chat.mcp.settings import Address, Program

HEAD = '[[server]]\nid = "s"\n'

WRONG = {
    'command = "uvx"\nurl = "https://example.org"\n': (1, "has either “command”"),
    'command = "uvx mcp-server-time"\n': (3, "belongs into “args”"),
    'command = "uvx"\nargs = "mcp-server-time"\n': (4, "“args” must be a list of texts"),
    'command = "uvx"\nheaders = { A = "b" }\n': (4, "“headers” belongs to a server with a “url”"),
    'command = "uvx"\ncwd = "here"\n': (4, "must be a whole path"),
    'command = "uvx"\nargz = ["a"]\n': (4, "Did you mean “args”?"),
    'command = "uvx"\nmode = "legasy"\n': (4, "Did you mean “legacy”?"),
    'command = "uvx"\npolicy = "alow"\n': (4, "Did you mean “allow”?"),
    'command = "uvx"\n[server.tools.x]\npolicy = "never"\n': (5, "not “never”"),
    'command = "uvx"\n[server.tools.x]\npolice = "deny"\n': (5, "Did you mean “policy”?"),
    'command = "uvx"\ntimeout_s = 10000\n': (4, "from 1 to 600 seconds"),
    'command = "uvx"\nenv_from = { KEY = "sk-heron" }\n': (4, "must name environment variables"),
    'url = "example.org/mcp"\n': (3, "must begin with http:// or https://"),
    'url = "https://ada:heron@example.org"\n': (3, "belong into “headers_from”"),
    'url = "https://example.org"\nheaders = { "A B" = "c" }\n': (4, "is none that can be sent"),
    'url = "https://example.org"\noauth = { grant = "client_credentials" }\n': (4, "needs"),
    'url = "https://example.org"\ntoken_env = "T"\noauth = { grant = "browser" }\n': (5, "both"),
}


@pytest.mark.parametrize("rows", WRONG)
def test_a_mistake_is_told_with_its_line_and_what_was_meant(rows: str) -> None:
    line, words = WRONG[rows]
    with pytest.raises(ConfigError) as refused:
        read_servers("mcp.toml", HEAD + rows, {"T": "token"})
    told = str(refused.value)
    assert told.startswith(f"mcp.toml, line {line}: server “s”"), told
    assert words in told
    assert "heron" not in told


@pytest.mark.parametrize(
    "text",
    ["[[servers]]\n", "[[server]\n", 'server = "s"\n', '[[server]]\ncommand = "a"\n',
     '[[server]]\nid = "S P"\ncommand = "a"\n', (HEAD + 'command = "a"\n') * 2],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match=r"mcp.toml, line \d"):
        read_servers("mcp.toml", text, {})


WHOLE = """
[[server]]
id = "time"
title = "World clock"
command = "uvx"
args = ["mcp-server-time", "--local-timezone=Europe/Berlin"]
env = { LOG = "warn" }
env_from = { TOKEN = "TIME_TOKEN" }
policy = "allow"
timeout_s = 10

[server.tools.convert_time]
policy = "deny"

[[server]]
id = "far"
url = "https://example.org/mcp"
token_env = "FAR_TOKEN"
mode = "legacy"

[[server]]
id = "off"
command = "npx"
enabled = false
"""


def test_a_file_says_which_servers_there_are() -> None:
    servers = read_servers("mcp.toml", WHOLE, {"TIME_TOKEN": "grey-heron"})
    time, far, off = servers
    assert time.place == Program(
        "uvx",
        ("mcp-server-time", "--local-timezone=Europe/Berlin"),
        {"LOG": "warn", "TOKEN": "grey-heron"},
    )
    assert [time.rule_for(name).policy for name in ("get_time", "convert_time")] == [
        "allow",
        "deny",
    ]
    assert time.rule_for("convert_time").timeout_s == 10
    assert isinstance(far.place, Address)
    assert (far.mode, far.lacking, off.enabled) == ("legacy", ("FAR_TOKEN",), False)
    assert [each.secrets for each in servers] == [("grey-heron",), (), ()]


def test_a_server_whose_key_is_missing_waits_and_the_others_start() -> None:
    told = McpServers(read_servers("mcp.toml", WHOLE, {})).status()
    assert [(each.id, each.state, each.words) for each in told] == [
        ("time", "off", "TIME_TOKEN is not set in the environment."),
        ("far", "off", "FAR_TOKEN is not set in the environment."),
        ("off", "off", "Switched off in mcp.toml."),
    ]
