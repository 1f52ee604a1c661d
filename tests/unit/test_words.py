"""The catalogues: whole, of one form with the English, and counting as each language does."""

import json
import re
import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from chat.core.languages import OFFERED, SOURCE, catalogue, resaid, speaking

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = sorted(set(OFFERED) - {SOURCE})
PLACE = re.compile(r"\{\w+\}|</?\d+>")
MISSING = "what is missing: make words, then words/*.po"


@cache
def po(name: str) -> Catalog:
    return read_po(BytesIO((ROOT / "words" / f"{name}.po").read_bytes()))


def forms(string: object) -> list[str]:
    return list(string) if isinstance(string, list | tuple) else [str(string or "")]


def test_every_word_of_the_sources_is_in_the_catalogues_and_in_what_is_served() -> None:
    command = [sys.executable, ".ci/words.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", TRANSLATED)
def test_a_language_that_is_offered_has_every_word(name: str) -> None:
    missing = [each.id for each in po(name) if each.id and not all(forms(each.string))]
    assert missing == [], MISSING


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_place_for_a_value_is_kept(name: str) -> None:
    wrong = []
    for each in filter(lambda message: message.id, po(name)):
        english = forms(each.id)
        due = {frozenset(PLACE.findall(form)) for form in english if form}
        allowed = due | {kept - {"{n}"} for kept in due} if len(english) > 1 else due
        wrong += [
            (each.id, form)
            for form in forms(each.string)
            if form and frozenset(PLACE.findall(form)) not in allowed
        ]
    assert wrong == []


@pytest.mark.parametrize("name", TRANSLATED)
def test_the_form_for_a_number_is_that_of_the_plural_rules(name: str) -> None:
    """Source: the plural rules of Unicode's CLDR, as Babel has them."""
    rule, told = Locale.parse(name, sep="-").plural_form, catalogue(name)
    wrong = [n for n in (*range(1000), 10**6) if told.categories[told.which(n)] != rule(n)]
    assert wrong == []
    served = json.loads((ROOT / "assets" / "words" / f"{name}.json").read_text("utf-8"))
    numbers = [each for each in served["page"].values() if isinstance(each, list)]
    assert numbers
    assert {len(each) for each in numbers} == {len(told.categories)}


def test_what_a_provider_said_follows_a_sentence_that_is_known_by_itself() -> None:
    with speaking("de"):
        assert resaid("Home did not accept the key. Check its key. It said: “No. Never.”") == (
            "Home hat den Schlüssel nicht angenommen. Prüfe seinen Schlüssel. Antwort: „No. Never.“"
        )


def test_styles_say_start_and_end_instead_of_left_and_right() -> None:
    """So that a page whose lines run to the left is the mirror of the others."""
    sides = re.compile(
        r"(?:margin|padding|border)-(?:left|right)\s*:|text-align:\s*(?:left|right)|float\s*:"
        r"|(?:margin|padding):\s*\S+ (\S+) \S+ (?!\1;)[^\s()]+;"
    )
    found = [
        f"{file.name}: {line.strip()}"
        for file in sorted((ROOT / "assets" / "css").glob("*.css"))
        for line in file.read_text("utf-8").splitlines()
        if sides.search(line)
    ]
    assert found == []
