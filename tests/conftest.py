"""What every test starts from: no keys, no telemetry, no data of the person who runs it."""

import asyncio
import functools
import gc
import inspect
import os
import re
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

from tests.patience import TEST_S
from tests.program import Program
from tests.quick import Quick

KEYS = (
    "GEMINI_API_KEY",
    "GOOGLE_API_KEY",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CLOUD_API_KEY",
    "GOOGLE_CLOUD_LOCATION",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_GENAI_USE_ENTERPRISE",
    "GOOGLE_GENAI_USE_VERTEXAI",
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_API_VERSION",
    "AZURE_OPENAI_API_KEY",
    "AZURE_OPENAI_DEPLOYMENTS",
    "AZURE_OPENAI_ENDPOINT",
    "OPENROUTER_API_KEY",
    "LITELLM_API_KEY",
)
PROGRAMS = ("EASEL_CHROMIUM", "EASEL_LITELLM", "EASEL_HISTORIES")
"""What the tests themselves are told: where their programs are."""
NOT_DEEP = "not deep"
ALL_DEEP = re.compile(r"^pytestmark = pytest\.mark\.deep$", re.MULTILINE)
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--quick``: some of everything."""
    parser.addoption("--quick", action="store_true", help="no deep tests, few rows of each table")


def pytest_configure(config: pytest.Config) -> None:
    """Clean the environment before any module of Easel or an SDK is imported."""
    settings = [name for name in os.environ if name.startswith(("EASEL_", "GRADIO_"))]
    for name in [*KEYS, *PROXIES, *settings]:
        if name not in PROGRAMS:
            os.environ.pop(name, None)
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # The same examples every time, however long one takes: a red build is a fault of the change,
    # never of the dice or of a busy machine.
    slow = [HealthCheck.too_slow]
    examples.register_profile("easel", derandomize=True, deadline=None, suppress_health_check=slow)
    examples.register_profile("quick", examples.get_profile("easel"), max_examples=20)
    examples.load_profile("quick" if config.getoption("quick") else "easel")
    if config.getoption("quick"):
        config.pluginmanager.register(Quick())
    Program.warm = True
    data = tempfile.TemporaryDirectory(prefix="easel-tests-")
    config.add_cleanup(data.cleanup)
    os.environ["EASEL_DATA"] = str(Path(data.name) / "data")
    os.environ["GRADIO_TEMP_DIR"] = str(Path(data.name) / "gradio")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Without looking for garbage: what is collected stays to the end, and is a million objects."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Have a test that waits for what never comes fail, and name the line that waits."""
    if not isinstance(item, pytest.Function) or not inspect.iscoroutinefunction(item.obj):
        return
    test = item.obj

    @functools.wraps(test)
    async def in_time(*arguments: object, **named: object) -> None:
        async with asyncio.timeout(TEST_S):
            await test(*arguments, **named)

    item.obj = in_time


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where deep tests are left out, a file of nothing else is not loaded: some take seconds."""
    shallow = config.option.markexpr == NOT_DEEP or config.getoption("quick")
    if not shallow or not collection_path.name.startswith("test_"):
        return None
    if collection_path.suffix == ".py" and ALL_DEEP.search(collection_path.read_text("utf-8")):
        return True
    return None
