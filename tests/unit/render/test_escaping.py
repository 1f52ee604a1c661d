"""What is said in a language stands in HTML as text, whatever it holds."""

import pytest

from chat.core import languages
from chat.core.languages import Catalogue, speaking
from chat.core.parts import Image
from chat.render.blocks import picture
from tests.contracts.samples import picture_ref


def test_a_translation_with_quotation_marks_ends_no_attribute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = {
        "See it full size: {alt}": ['"Ganz" <zeigen>: {alt}'],
        "More to do with this picture": ['Mehr "davon"'],
    }
    monkeypatch.setattr(languages, "catalogue", lambda _: Catalogue("da", words))
    with speaking("da"):
        drawn = picture(Image(picture_ref(b"fox"), "upload", alt='a "fox"'))
    shown = "&quot;Ganz&quot; &lt;zeigen&gt;: a &quot;fox&quot;"
    assert f'aria-label="{shown}"' in drawn
    assert 'aria-label="Mehr &quot;davon&quot;"' in drawn
