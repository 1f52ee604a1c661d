"""What was set up on the page and is of no use any more stops no start."""

from pathlib import Path

import pytest

from chat.core.provider_stores import KeptKeys
from chat.models.source import CatalogueSource
from chat.providers.registry import specs
from chat.turns.models_and_keys import read_added
from storage.keys.places import KeyPlaces
from storage.written_file import WrittenText

SHIPPED = ("models.toml", (Path(__file__).parents[3] / "assets" / "models.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    "text",
    ["[[endpoint]]\nid = 3\n", "nonsense", '[[endpoint]]\nid = "gone"\nswitched_off = true\n'],
)
def test_a_file_of_rows_that_is_wrong_is_left_out_and_said(tmp_path: Path, text: str) -> None:
    rows = WrittenText(tmp_path / "models-added.toml")
    rows.write(text)
    source = CatalogueSource([SHIPPED], [], {}, specs())
    catalogue, added = read_added(source, rows, KeyPlaces(tmp_path, {}))
    assert catalogue.default.id == "sketch"
    assert added.tables == {}
    assert "left out" in added.trouble
    assert "models-added.toml in the data folder" in added.trouble
    assert added.kept == KeptKeys()
