"""A file of rights that was misread would give away what its host keeps from people."""

import re
from pathlib import Path

import pytest

from chat.core.errors import ConfigError
from chat.core.rights import ALL_RIGHTS, EVERYTHING, NOTHING, Allowed, Rights
from chat.models import read_catalogue
from chat.models.rights_file import KnownNames, RightsRules, known_names, read_rights
from chat.providers.registry import specs
from chat.tools.registry import load_tools

ROOT = Path(__file__).resolve().parents[3]
KNOWN = KnownNames(
    ["sketch", "gpt-5.4", "openai"], ["calculator", "web_search", "time"], ("openai:",), ("time__",)
)
ROLES = ("user", "guest", "manager", "administrator", "key")


def read(text: str) -> RightsRules:
    return read_rights("rights.toml", text, ROLES, KNOWN)


def test_an_empty_file_keeps_nothing_from_anybody() -> None:
    assert read("").of("guest") == ALL_RIGHTS
    assert not read("").limit


def test_a_role_says_what_differs_from_everybody() -> None:
    rules = read(
        '[everybody]\nmodels = ["*", "!gpt-5.4"]\n'
        '[role.guest]\nmodels = ["sketch"]\ntools = false\nuploads = false\nsharing = false\n'
        "[role.administrator]\nmodels = true\n"
    )
    assert rules.limit
    assert rules.of("user") == Rights(models=Allowed(("*", "!gpt-5.4")))
    assert rules.of("guest") == Rights(Allowed(("sketch",)), NOTHING, uploads=False, sharing=False)
    assert rules.of("administrator").models == EVERYTHING


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[everybody]\nmodels = [\n "sketch",\n "gtp-5.4"]',
            (
                "line 2: everybody: “models” has “gtp-5.4”, of which there is none. "
                "Did you mean “gpt-5.4”?"
            ),
        ),
        (
            '[role.user]\nmodels = ["!gpt5.4"]',
            (
                "line 2: role, user: “models” has “!gpt5.4”, of which there is none. "
                "Did you mean “gpt-5.4”?"
            ),
        ),
        (
            '[everybody]\ntools = ["calculater"]',
            (
                "line 2: everybody: “tools” has “calculater”, of which there is none. "
                "Did you mean “calculator”?"
            ),
        ),
        ("[role.gest]\n", "line 1: role: “gest” is not a role. Did you mean “guest”?"),
        ("[everbody]\n", "line 1: “everbody” is not a table that Easel knows here."),
        (
            "[everybody]\nupload = true",
            "line 2: everybody: “upload” is not a right. Did you mean “uploads”?",
        ),
        (
            "[everybody]\nmodels = 3",
            "line 2: everybody: “models” must be true, false or a list of texts in quotes.",
        ),
        ('[everybody]\nuploads = "no"', "line 2: everybody: “uploads” must be true or false."),
        ("[everybody\n", "line 1: this is not valid TOML"),
    ],
)
def test_a_mistake_is_said_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(text)
    assert f"rights.toml, {sentence}" in str(refused.value)


@pytest.mark.parametrize("name", ["openai:gpt-9", "!openai:gpt-9", "gpt-*", "openai"])
def test_a_model_that_is_listed_later_may_be_named(name: str) -> None:
    assert read(f'[everybody]\nmodels = ["{name}"]').everybody.models == Allowed((name,))


@pytest.mark.parametrize(
    ("names", "allowed"),
    [
        (None, {"sketch", "gpt-5.4", "gpt-5.4-pro"}),
        ((), set()),
        (("sketch",), {"sketch"}),
        (("gpt-*",), {"gpt-5.4", "gpt-5.4-pro"}),
        (("!*-pro",), {"sketch", "gpt-5.4"}),
        (("gpt-*", "!*-pro"), {"gpt-5.4"}),
        (("!gpt-*", "gpt-5.4"), {"sketch", "gpt-5.4"}),
        (("openai",), {"gpt-5.4", "gpt-5.4-pro"}),
        (("gpt[-]*",), set()),
    ],
)
def test_the_last_name_that_fits_decides(names: tuple[str, ...] | None, allowed: set[str]) -> None:
    """Each model by its id and its endpoint's."""
    every = {"sketch": "house", "gpt-5.4": "openai", "gpt-5.4-pro": "openai"}
    assert {each for each in every if (each, every[each]) in Allowed(names)} == allowed


def test_the_example_of_the_pages_holds_for_what_is_built_in() -> None:
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"`EASEL_RIGHTS` names:\n\n```toml\n(.*?)```", page, re.DOTALL)
    rows = (ROOT / "assets" / "models.toml").read_text(encoding="utf-8")
    catalogue = read_catalogue([("models.toml", rows)], {}, kinds=specs())
    known = known_names(catalogue, load_tools({}), [("time", "time__")])
    rules = read_rights("rights.toml", example, ROLES, known)
    painter = catalogue.card("sketch")
    assert catalogue.allows(painter, rules.of("guest").models)
    assert not catalogue.allows(catalogue.card("gpt-image-2"), rules.of("user").models)
    assert rules.of("administrator").models == EVERYTHING
    assert not rules.of("guest").uploads
