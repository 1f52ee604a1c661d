"""Easel signs people in by a certified provider, which is held to nothing but the standard."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest

from tests.patience import PATIENCE_S
from tests.process.easel import Easel
from tests.program import ROOT, lasting_port

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def library() -> str:
    """Where its library is."""
    done = subprocess.run([ROOT / ".ci/oidc-provider"], capture_output=True, text=True)
    if done.returncode != 0 or shutil.which("node") is None:
        pytest.skip(f"the certified provider is not here: {done.stderr.strip()}")
    return done.stdout.strip()


@pytest.fixture
def port() -> int:
    return lasting_port()


@pytest.fixture
def issuer(library: str, port: int) -> Iterator[str]:
    """The address of one that knows the Easel on that port."""
    program = ROOT / "tests/process/certified_provider.mjs"
    started = subprocess.Popen(
        ["node", str(program), library, f"http://127.0.0.1:{port}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert started.stdout is not None
    try:
        yield started.stdout.readline().strip()
    finally:
        started.kill()
        started.wait(PATIENCE_S)
        started.stdout.close()


def signed_in(browser: httpx.Client, address: str, name: str) -> httpx.Response:
    """Press the button, give a name, agree; the answer of Easel, once one is back."""
    answer = browser.get(f"{address}/access/oidc")
    for _ in range(12):
        if answer.is_redirect:
            to = urljoin(str(answer.url), answer.headers["location"])
            if to.startswith(f"{address}/access/oidc/callback"):
                return browser.get(to)
            answer = browser.get(to)
            continue
        prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
        assert prompt is not None, answer.text
        form = {"prompt": prompt[1], "login": name, "password": "any"}
        answer = browser.post(str(answer.url), data=form)
    raise AssertionError(f"nowhere after so many steps: {answer.url}")


def test_people_sign_in_and_out_by_a_certified_provider(
    issuer: str, port: int, tmp_path: Path
) -> None:
    more = {
        "EASEL_LOGIN": "users", "EASEL_PASSWORDS": "off", "EASEL_OIDC_ISSUER": issuer,
        "EASEL_OIDC_CLIENT_ID": "easel", "EASEL_OIDC_SCOPES": "openid profile groups",
        "EASEL_ADMINISTRATOR_GROUPS": "keepers", "EASEL_OIDC_TITLE": "Certified",
    }  # fmt: skip
    with Easel(tmp_path / "data", "--port", str(port), **more) as easel:
        address = f"http://127.0.0.1:{port}"
        with httpx.Client(timeout=PATIENCE_S) as ada, httpx.Client(timeout=PATIENCE_S) as bob:
            page = ada.get(address, headers={"Accept": "text/html"}).text
            assert "Sign in with Certified" in page
            assert signed_in(ada, address, "ada").status_code == 303
            assert signed_in(bob, address, "bob").status_code == 303
            # What it keeps out of its tokens, the groups above all, was asked of it.
            me = ada.get(f"{address}/api/me").json()
            assert (me["title"], me["role"]) == ("The ada", "administrator")
            assert bob.get(f"{address}/api/me").json()["role"] == "user"
            forged = f"{address}/access/oidc/callback?state=forged&code=x&iss={issuer}"
            assert bob.get(forged).status_code == 401
            left = ada.post(
                f"{address}/access/leave", headers={"Accept": "text/html", "Origin": address}
            )
            found = re.search(r'content="0;url=([^"]+)"', left.text)
            assert found is not None
            assert "Do you want to sign-out" in ada.get(found[1].replace("&amp;", "&")).text
            assert ada.get(f"{address}/api/me").status_code == 401
            assert bob.get(f"{address}/api/me").status_code == 200
        assert "code=" not in easel.log()
