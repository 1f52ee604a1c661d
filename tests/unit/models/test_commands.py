"""The commands of ``python -m chat.models``, as somebody in a terminal meets them."""

import subprocess
import sys
from pathlib import Path

import pytest

from chat.models.__main__ import main
from tests.unit.models.files import ENDPOINT, MODEL, ROOT

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of whoever runs the tests takes part."""
    monkeypatch.setenv("EASEL_DATA", str(tmp_path / "data"))


def test_every_mistake_is_printed_with_its_file_and_line(tmp_path: Path, capsys: Capture) -> None:
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text(ENDPOINT + 'key_env = ["sk-live-1"]\n' + MODEL + "tool = true\n")
    two.write_text("[[model]]\nid = 'm'\ntitle = 3\n[[model]]\n")
    assert main(["check", str(one), str(two)]) == 1
    first, *others = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{one}:5: endpoint “e”: “key_env” must name environment variables")
    assert others == [
        f"{one}:11: model “m”: “tool” is not a key that Easel knows. Did you mean “tools”?",
        f"{two}:3: model “m”: “title” must be a text in quotes.",
        f"{two}:4: model number 2: “id” is missing.",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [("x = 1\n[[model", 2), ("a = 1\n\na = 2\n", 3), ('a = """\n\n', 3), ("x = \n", 1)],
)
def test_what_is_no_toml_is_told_with_its_line(
    tmp_path: Path, capsys: Capture, text: str, line: int
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    assert main(["check", str(file)]) == 1
    assert capsys.readouterr().out.startswith(f"{file}:{line}: this is not valid TOML: ")


def test_a_file_without_mistakes_is_summed_up(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "secret")
    file = tmp_path / "mine.toml"
    file.write_text(ENDPOINT + MODEL)
    assert main(["check", str(file)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("No mistakes. 14 endpoints, ")
    assert said.count("\n") == 1
    assert "secret" not in said


def test_the_menu_is_listed_with_what_the_rest_waits_for(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(ENDPOINT + MODEL)
    monkeypatch.setenv("EASEL_MODELS", str(file))
    monkeypatch.setenv("GEMINI_API_KEY", '"secret"')
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "e (e)" in lines
    assert any(
        line.startswith("Azure OpenAI (azure)  Set AZURE_OPENAI_API_KEY and AZURE")
        for line in lines
    )
    assert "GEMINI_API_KEY has quotes around it; take them away." in lines
    assert not any("secret" in line for line in lines)


def test_a_file_that_is_not_there_is_named(capsys: Capture) -> None:
    assert main(["check", "nowhere.toml"]) == 1
    assert capsys.readouterr().err == "There is no file “nowhere.toml”.\n"
    assert main(["import-litellm", "nowhere.yaml"]) == 1
    assert capsys.readouterr().err == "There is no file “nowhere.yaml”.\n"


def test_a_file_that_is_no_text_is_named(tmp_path: Path, capsys: Capture) -> None:
    file = tmp_path / "odd.toml"
    file.write_bytes(b"\xff\xfe")
    assert main(["check", str(file)]) == 1
    assert capsys.readouterr().err == f"{file} cannot be read as text.\n"


def test_the_list_says_where_a_wrong_file_is_and_how_much_is_wrong(
    tmp_path: Path, capsys: Capture
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "models.toml").write_text(MODEL + "tool = 1\nfoo = 2\n")
    assert main(["list"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("models.toml in the data folder, line ")
    assert said.endswith("There are 2 more; python -m chat.models check FILE lists them.\n")


def test_an_imported_configuration_passes_the_check_from_a_terminal(tmp_path: Path) -> None:
    config, rows = tmp_path / "config.yaml", tmp_path / "rows.toml"
    config.write_text("model_list: [{model_name: x, litellm_params: {model: gemini/gemini-3-pro}}]")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "chat.models", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    written = run("import-litellm", str(config), "--base-url", "http://127.0.0.1:1/v1")
    assert (written.returncode, written.stderr) == (0, "")
    rows.write_text(written.stdout)
    checked = run("check", str(rows))
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("No mistakes. ")
