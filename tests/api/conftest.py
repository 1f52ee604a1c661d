"""An Easel that programs use by a key, and OpenAI's own client to use it with."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import openai
import pytest

from tests.patience import PATIENCE_S
from tests.process.easel import Easel
from tests.process.upstream import MODEL, Upstream

KEY = "sk-easel-laptop-0123456789abcdef"
OTHER_KEY = "sk-easel-batch-0123456789abcdef0"
CANVAS = "canvas-image"
"""A model that draws, by its name."""

PHRASE = "open, o open"
GUARDS = """
[[guard]]
kind = "deny_list"
title = "House rules"
words = ["secret project"]
"""


def pytest_itemcollected(item: pytest.Item) -> None:
    item.add_marker(pytest.mark.process)


@pytest.fixture(scope="session")
def everything_behind() -> Iterator[Upstream]:
    with Upstream() as server:
        yield server


@pytest.fixture
def upstream(everything_behind: Upstream) -> Iterator[Upstream]:
    """The model's side of the wire, with nothing of the test before."""
    everything_behind.forget()
    everything_behind.server.requests.clear()
    yield everything_behind
    everything_behind.forget()


@pytest.fixture(scope="session")
def easel(everything_behind: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Easel]:
    """One for all tests: none of them may leave anything in it."""
    folder = tmp_path_factory.mktemp("api") / "data"
    folder.mkdir()
    (folder / "guards.toml").write_text(GUARDS, encoding="utf-8")
    keys = f"laptop={KEY},batch={OTHER_KEY}"
    more = {
        **everything_behind.environ,
        "OPENAI_MODELS": f"{MODEL},{CANVAS}",
        "EASEL_API_KEYS": keys,
        "EASEL_PASSPHRASE": PHRASE,
        "EASEL_DEV": "1",
    }
    with Easel(folder, **more) as easel:
        yield easel


@pytest.fixture
def client(easel: Easel) -> Iterator[openai.OpenAI]:
    """OpenAI's client, told nothing but a key and an address."""
    with openai.OpenAI(api_key=KEY, base_url=f"{easel.address}/v1", max_retries=0) as client:
        yield client


@pytest.fixture
def raw(easel: Easel) -> Iterator[httpx.Client]:
    """A client that sends whatever it is told, with the key."""
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.Client(
        base_url=easel.address, headers=headers, trust_env=False, timeout=PATIENCE_S
    ) as client:
        yield client


def logged(easel: Easel) -> str:
    """What the Easel has written so far."""
    return Path(easel.folder.with_suffix(".log")).read_text(encoding="utf-8")
