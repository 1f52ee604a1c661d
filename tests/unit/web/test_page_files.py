"""One script for the page, which does as its modules do, and one style; kept for good."""

import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import brotli
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from chat.ui.page import ASSETS
from chat.web.page_bundle import NotBundled, bundled_script, bundled_style
from chat.web.page_files import page_files

NUMBERS = """// Numbers.

/** @type {number} */ export const two = 2;

/**
 * A thing.
 */
export class Thing {
  // Nobody sees this.
  name = "thing"; // but this
}
export const word = "import";
"""
GO_TO = """// Uses the other.
import { two, Thing as Other } from "./numbers.js";
import {
  word,
} from "./numbers.js";

export async function start(log) {
  log(two, new Other().name, word);
}
export function* count() {
  yield two;
}
export function fails() {
  throw new Error("here");
}
"""
MAIN = """// Begins.
import * as goTo from "./go-to.js";
import { two } from "./numbers.js";

goTo.start(console.log);
console.log([...goTo.count(), two, Object.keys(goTo).sort().join()].join(" "));
try {
  goTo.fails();
} catch (error) {
  console.log(error.stack.split("\\n")[1]);
}
"""


def written(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name.replace('_', '-')}.js").write_text(text, encoding="utf-8")
    return folder


def test_one_script_does_what_its_modules_do_and_errors_name_their_lines(tmp_path: Path) -> None:
    script = bundled_script(written(tmp_path, numbers=NUMBERS, go_to=GO_TO, main=MAIN), "main")
    assert "Nobody" not in script.text
    assert "A thing" not in script.text
    assert json.loads(script.map)["sources"] == ["numbers.js", "go-to.js", "main.js"]
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: what the page's script does is seen in the browser")
    whole = tmp_path / "page.js"
    whole.write_text(f"{script.text}//# sourceMappingURL=page.js.map\n", encoding="utf-8")
    (tmp_path / "page.js.map").write_text(script.map, encoding="utf-8")
    told = subprocess.run(
        [node, "--enable-source-maps", str(whole)], capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    first, second, third = told.stdout.splitlines()
    assert (first, second) == ("2 thing import", "2 2 count,fails,start")
    place = next(n for n, line in enumerate(GO_TO.splitlines(), 1) if "throw" in line)
    assert f"go-to.js:{place}:" in third


@pytest.mark.parametrize(
    ("main", "why"),
    [
        ('import other from "./numbers.js";', "main.js, line 1"),
        ("const one = 1;\nexport let two = 2;", "main.js, line 2"),
        ("export { one };", "main.js, line 1"),
        ("const here = import.meta.url;", "import.meta"),
        ('import { start } from "./go-to.js";', "imports itself"),
        ('import { start } from "./not-there.js";', "no not-there.js"),
    ],
)
def test_what_cannot_be_put_together_is_told_and_served_as_it_is(
    tmp_path: Path, main: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "js").mkdir()
    written(tmp_path, worker="")
    written(tmp_path / "js", main=main, go_to='import * as main from "./main.js";', numbers="")
    with pytest.raises(NotBundled, match=re.escape(why)):
        bundled_script(tmp_path / "js", "main")
    files = page_files(tmp_path, whole=True)
    assert '<script type="module" async src="easel/js/main.js">' in files.tags
    assert why in caplog.text


def test_styles_lose_their_comments_and_margins_and_nothing_else(tmp_path: Path) -> None:
    one, two = tmp_path / "1.css", tmp_path / "2.css"
    one.write_text('/* a\nb */\na::before {\n  content: "/* no */"; /* c */\n}\n', encoding="utf-8")
    two.write_text("b { color: red }\n", encoding="utf-8")
    assert bundled_style([one, two]) == ('a::before {\ncontent: "/* no */";\n}\nb { color: red }\n')


def test_every_script_and_style_of_the_page_is_in_the_whole_ones_and_kept_for_good() -> None:
    files = page_files(ASSETS, whole=True)
    named = re.findall(r'(?:src|href)="(easel/[^"]+)"', files.tags)
    assert [Path(name).suffix for name in named] == [".js", ".css"]
    front = TestClient(Starlette(routes=files.routes))
    texts = []
    for name in named:
        for coding, unpacked in (
            ("identity", bytes),
            ("gzip", gzip.decompress),
            ("br", brotli.decompress),
        ):
            with front.stream("GET", f"/{name}", headers={"accept-encoding": coding}) as answer:
                raw = b"".join(answer.iter_raw())
            assert answer.headers.get("content-encoding", "identity") == coding
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["vary"] == "accept-encoding"
            texts.append(unpacked(raw).decode())
        assert texts[-1] == texts[-2] == texts[-3]
    script, style = texts[0], texts[3]
    name = re.search(r"sourceMappingURL=(\S+)", script)
    assert name is not None
    sources = front.get(f"/easel/js/{name[1]}").json()["sources"]
    unused = {path.name for path in (ASSETS / "js").glob("*.js")} - set(sources)
    assert unused == {"protocol.js"} - set(sources)
    for sheet in (ASSETS / "css").glob("*.css"):
        selector = re.search(r"^[.#\w][^{}/]*\{", sheet.read_text("utf-8"), re.MULTILINE)
        assert selector is None or selector[0] in style, sheet.name
