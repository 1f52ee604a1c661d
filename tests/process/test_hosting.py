"""The nginx and the Caddy of docs/hosting.md: page, pictures, live line and uploads pass."""

import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import trustme
from websockets.sync.client import connect
from websockets.typing import Origin

from tests.patience import PATIENCE_S
from tests.process.easel import Easel
from tests.program import ROOT, lasting_port
from tests.wire_shapes import tiny_png

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(NGINX is None, reason="there is no nginx on this machine"),
]

NAME = "localhost"
PHRASE = "a phrase behind nginx"


def of_the_page() -> str:
    """The example as people copy it."""
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```nginx\n(.*?)```", page, re.DOTALL)
    (whole,) = [block for block in blocks if "server {" in block]
    return str(whole)


def configured(folder: Path, port: int, easel_port: int, example: str) -> Path:
    """The whole configuration: the example with the places of this test in it."""
    places = {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "studio.example": NAME,
        "/etc/ssl/studio.pem": str(folder / "cert.pem"),
        "/etc/ssl/studio.key": str(folder / "key.pem"),
        "127.0.0.1:7860": f"127.0.0.1:{easel_port}",
    }
    for there, here in places.items():
        assert there in example, there
        example = example.replace(there, here)
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    # As root, nginx would hand its work to an account that may not write here.
    user = "user root;" if os.geteuid() == 0 else ""
    file.write_text(
        f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary}\n{example}\n}}\n"
    )
    return file


class Front:
    """An nginx before an Easel."""

    def __init__(self, easel: Easel, port: int, context: ssl.SSLContext) -> None:
        self.easel, self.port, self.context = easel, port, context
        self.origin = f"https://{NAME}:{port}"
        self.http = httpx.Client(
            base_url=self.origin,
            verify=context,
            trust_env=False,
            timeout=PATIENCE_S,
            headers={"Origin": self.origin, "Sec-Fetch-Site": "same-origin"},
        )


def fronted(folder: Path, stack: ExitStack, example: str, **environ: str) -> Front:
    """An Easel with an nginx before it, both up."""
    context = certified(folder)
    easel = stack.enter_context(Easel(folder / "data", **environ))
    port = lasting_port()
    assert NGINX is not None
    file = configured(folder, port, easel.port, example)
    process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(file)])
    stack.callback(process.wait, PATIENCE_S)
    stack.callback(process.terminate)
    front = Front(easel, port, context)
    stack.callback(front.http.close)
    answering(front, process, folder / "error.log")
    return front


def certified(folder: Path) -> ssl.SSLContext:
    """Put a certificate and its key into a folder; what a client has to believe."""
    authority = trustme.CA()
    made = authority.issue_cert(NAME)
    made.private_key_pem.write_to_path(folder / "key.pem")
    for pem in made.cert_chain_pems:
        pem.write_to_path(folder / "cert.pem", append=True)
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def answering(front: Front, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the proxy takes connections: it tells nobody."""
    while process.poll() is None:
        try:
            front.http.get("/")
        except httpx.ConnectError:
            continue
        return
    raise AssertionError(log.read_text())


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("nginx")
        front = fronted(folder, stack, of_the_page(), EASEL_PASSPHRASE=PHRASE)
        assert front.http.get("/api/models").status_code == 401
        entered = front.http.post("/access/enter", data={"phrase": PHRASE})
        assert entered.status_code == 303
        assert "Secure" in entered.headers["set-cookie"]
        yield front


def test_the_page_and_all_that_it_names_come_through(front: Front) -> None:
    page = front.http.get("/")
    assert page.status_code == 200
    assert f"http://{NAME}" not in page.text
    for path in re.findall(r'(?:href|src)="(\.?/[^"/][^"]*)"', page.text):
        assert front.http.get(path).status_code == 200, path


def test_a_picture_at_the_limit_goes_up_and_comes_back(front: Front) -> None:
    sent = front.http.post("/api/media", content=tiny_png(9))
    assert sent.status_code == 200
    assert front.http.get(f"/media/{sent.json()['sha']}").status_code == 200
    # Past Easel's own limit it is Easel that says so, and not a bare status of the proxy.
    large = front.http.post("/api/media", content=b"\x89PNG" + b"\0" * 21_000_000)
    assert large.status_code == 413
    assert "error" in large.json()


def test_the_live_line_comes_through(front: Front) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in front.http.cookies.items())
    with connect(
        f"wss://{NAME}:{front.port}/live",
        ssl=front.context,
        proxy=None,
        origin=Origin(front.origin),
        additional_headers={"Cookie": cookie},
    ) as line:
        line.send(json.dumps({"close": True}))
        started = front.http.post("/api/conversations")
        assert started.status_code == 200


@pytest.mark.parametrize(
    ("line", "helps"),
    [
        ("proxy_set_header Host $http_host;", "proxy_set_header Host"),
        ("proxy_set_header X-Forwarded-Proto $scheme;", "X-Forwarded-Proto"),
    ],
)
def test_a_proxy_that_is_not_quite_right_is_told_of(line: str, helps: str, tmp_path: Path) -> None:
    example = of_the_page()
    assert line in example
    with ExitStack() as stack:
        front = fronted(tmp_path, stack, example.replace(line, ""))
        answer = front.http.post("/api/conversations")
        assert answer.status_code == 403
        assert "docs/hosting.md" in answer.json()["error"]
        assert helps in front.easel.log()


@pytest.mark.parametrize("stripped", [False, True], ids=["path kept", "path taken away"])
def test_below_a_path_everything_has_its_address_there(stripped: bool, tmp_path: Path) -> None:
    example = of_the_page().replace("location / {", "location /studio/ {")
    if stripped:
        example = example.replace("127.0.0.1:7860;", "127.0.0.1:7860/;")
    with ExitStack() as stack:
        front = fronted(tmp_path, stack, example, EASEL_ROOT_PATH="/studio")
        page = front.http.get("/studio/")
        assert page.status_code == 200
        # Frames stand in the page's configuration, where quotes have backslashes.
        named = re.findall(r'(?:href|src)=\\?"([^"#{\\][^"\\]*)', page.text)
        ours = [name for name in named if "easel/" in name]
        # The pictures of four examples, two icons, the manifest, the script and the style.
        assert len(ours) == 9
        for name in named:
            path = str(httpx.URL(f"{front.origin}/studio/").join(name).path)
            assert path.startswith("/studio/"), name
            if path != "/studio/":
                assert front.http.get(path).status_code == 200, path
        assert f'"root":"{front.origin}/studio"' in page.text.replace(" ", "")
        for script in (ROOT / "assets" / "js").glob("*.js"):
            served = front.http.get(f"/studio/easel/js/{script.name}").text
            assert not re.search(r"""["'`}]/(?:api|media|easel|live)\b""", served), script.name
        sha = front.http.post("/studio/api/media", content=tiny_png(9)).json()["sha"]
        assert front.http.get(f"/studio/media/{sha}").status_code == 200
        with connect(
            f"wss://{NAME}:{front.port}/studio/live",
            ssl=front.context,
            proxy=None,
            origin=Origin(front.origin),
        ) as line:
            line.send(json.dumps({"close": True}))


CADDY = shutil.which("caddy", path=f"{Path(sys.executable).parent}:/usr/bin:/usr/local/bin")


@pytest.mark.skipif(CADDY is None, reason="there is no Caddy on this machine")
def test_the_caddy_of_the_page_passes_everything_on_by_itself(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    found = re.search(r"```caddyfile\n(.*?)```", page, re.DOTALL)
    assert found
    with ExitStack() as stack:
        context = certified(tmp_path)
        easel = stack.enter_context(Easel(tmp_path / "data"))
        port = lasting_port()
        example = found[1].replace("127.0.0.1:7860", f"127.0.0.1:{easel.port}")
        keys = f"tls {tmp_path}/cert.pem {tmp_path}/key.pem"
        example = example.replace("studio.example {", f"https://{NAME}:{port} {{\n{keys}")
        file = tmp_path / "Caddyfile"
        file.write_text(f"{{\nadmin off\nauto_https disable_redirects\n}}\n{example}")
        assert CADDY is not None
        environ = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
        run = [CADDY, "run", "--config", str(file), "--adapter", "caddyfile"]
        with (tmp_path / "caddy.log").open("wb") as log:
            process = subprocess.Popen(run, env=environ, stdout=log, stderr=log)
        stack.callback(process.wait, PATIENCE_S)
        stack.callback(process.terminate)
        front = Front(easel, port, context)
        stack.callback(front.http.close)
        answering(front, process, tmp_path / "caddy.log")
        assert front.http.get("/").status_code == 200
        sent = front.http.post("/api/media", content=tiny_png(9))
        assert front.http.get(f"/media/{sent.json()['sha']}").status_code == 200
        with connect(
            f"wss://{NAME}:{port}/live", ssl=context, proxy=None, origin=Origin(front.origin)
        ) as line:
            line.send(json.dumps({"close": True}))
