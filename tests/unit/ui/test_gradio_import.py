"""A start does not load what no page of Easel uses, and whoever does use it gets the real thing."""

import subprocess
import sys

import pytest

SCRIPT = """
import sys
import chat.ui
assert "pandas" not in sys.modules, "tables are loaded that no page shows"
assert "mcp" not in sys.modules, "an SDK is loaded for a server that is never started"
import mcp
assert mcp.Client
from gradio.caching import pd
table = pd.DataFrame({"a": [1]})
import pandas
assert isinstance(table, pandas.DataFrame)
assert type(pandas).__name__ == "module"
"""


@pytest.mark.deep
def test_what_no_page_needs_is_loaded_once_it_is_used() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True)


SELDOM = """
import sys
import app
import chat.models.added_rows, chat.render.messages, chat.tools.calendar_file
import storage.keys.encrypted
seldom = ("cryptography", "google.genai", "icalendar", "latex2mathml", "matplotlib", "openai")
loaded = [name for name in (*seldom, "pygments.lexers.python") if name in sys.modules]
assert not loaded, loaded
"""


@pytest.mark.deep
def test_what_is_seldom_used_is_loaded_with_its_first_use() -> None:
    subprocess.run([sys.executable, "-c", SELDOM], check=True)
