"""The oldest versions that may be installed are safe ones, and what was tested is within them."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = re.findall(r"^([\w.-]+)==(\S+)$", LOCK, re.MULTILINE)
LOCKED = {canonicalize_name(name): Version(version) for name, version in PINS}
RUN = [Requirement(each) for each in PROJECT["project"]["dependencies"]]
GROUPS = (PROJECT["project"]["optional-dependencies"], PROJECT["dependency-groups"])
ALL = [*RUN, *(Requirement(each) for group in GROUPS for rows in group.values() for each in rows)]

UNSAFE = {"pillow": "12.2.99", "pillow-heif": "1.8.0"}
"""The newest version with a known fault that a stranger's picture can reach."""


@pytest.mark.parametrize("wanted", ALL, ids=str)
def test_what_was_tested_is_within_what_may_be_installed(wanted: Requirement) -> None:
    locked = LOCKED.get(canonicalize_name(wanted.name))
    if locked is None:
        # An extra whose own requirements forbid a place beside the rest: one version, named whole.
        assert [each.operator for each in wanted.specifier] == ["=="]
        assert wanted not in RUN
        return
    assert wanted.specifier.contains(locked)
    floors = [Version(each.version) for each in wanted.specifier if each.operator in {">=", "~="}]
    assert floors, "a floor says what is old"
    assert max(floors) <= locked


@pytest.mark.parametrize(("name", "version"), UNSAFE.items())
def test_no_version_with_a_known_fault_may_be_installed(name: str, version: str) -> None:
    (wanted,) = (each for each in RUN if canonicalize_name(each.name) == name)
    assert not wanted.specifier.contains(version)
