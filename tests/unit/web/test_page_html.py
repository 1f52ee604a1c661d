"""The words in the page's HTML are put in another language, and nothing else becomes of it."""

import pytest

from chat.core import languages
from chat.core.languages import Catalogue, speaking
from chat.web.page_html import messages_of, spoken_html


def test_of_what_a_translation_says_only_the_markup_that_was_there_is_markup(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    html = "<p data-words>Press <kbd>Enter</kbd> if a &lt; b &amp; c</p>"
    (bare,) = messages_of(html)
    assert bare == "Press <1>Enter</1> if a < b & c"
    said = "Ist a < b & c <i>oder</i> <2>so</2>: <1>Enter</1>"
    monkeypatch.setattr(languages, "catalogue", lambda _: Catalogue("da", {bare: [said]}))
    with speaking("da"):
        assert spoken_html(html) == (
            "<p data-words>Ist a &lt; b &amp; c &lt;i&gt;oder&lt;/i&gt; so: <kbd>Enter</kbd></p>"
        )
