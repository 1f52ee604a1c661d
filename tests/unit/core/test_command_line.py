"""Whoever mistypes an option is told which one was meant, not how the whole program is used."""

from collections.abc import Callable, Sequence

import pytest

from chat.models.__main__ import main as models
from chat.settings import read_settings
from storage.backup import main as backup
from storage.migrate import main as migrate
from storage.search_index import main as search_index

PROGRAMS: dict[str, Callable[[Sequence[str]], object]] = {
    "easel": lambda arguments: read_settings(arguments, {}),
    "python -m chat.models": models,
    "easel backup": backup,
    "easel migrate": migrate,
    "easel search-index": search_index,
}


@pytest.mark.parametrize(
    ("program", "arguments", "said"),
    [
        ("easel", ["--prot", "80"], "there is no option “--prot”. Did you mean “--port”?"),
        ("easel", ["--no-tokn"], "there is no option “--no-tokn”. Did you mean “--no-token”?"),
        ("easel", ["--begin-a-new=1"], "“--begin-a-new”. Did you mean “--begin-anew”?"),
        ("easel", ["--colour"], "there is no option “--colour”. See easel --help."),
        ("easel", ["--port"], "argument --port: expected one argument"),
        ("python -m chat.models", ["list", "--hlep"], "“--hlep”. Did you mean “--help”?"),
        ("easel backup", ["--data", "a", "b", "--meda=c"], "“--meda”. Did you mean “--media”?"),
        ("easel migrate", ["--data", "a", "--bak"], "“--bak”. Did you mean “--back”?"),
        ("easel search-index", ["--hlep"], "“--hlep”. Did you mean “--help”?"),
    ],
)
def test_what_is_not_known_is_one_sentence(
    program: str, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        PROGRAMS[program](arguments)
    written = capsys.readouterr().err
    assert ended.value.code == 2
    assert written.startswith(f"{program}: ")
    assert written.count("\n") == 1
    assert said in written
