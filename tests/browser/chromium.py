"""Finds the Chromium that browser tests drive; installs nothing (``.ci/browser`` does)."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium_path() -> str:
    """The program's path; without one the test fails, for a skipped promise is no promise."""
    named = os.environ.get("EASEL_CHROMIUM")
    found = named or next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("Browser tests need Chromium: run 'make browser', or set EASEL_CHROMIUM.")
    return found
