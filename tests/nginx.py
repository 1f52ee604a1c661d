"""A real nginx that stands in front of what a test serves."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.patience import PATIENCE_S
from tests.program import lasting_port

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")

TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@contextmanager
def fronted(folder: Path, location: str) -> Iterator[str]:
    """An nginx with this location in its one server; its address, without a slash at the end."""
    assert NGINX is not None
    port = lasting_port()
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in TEMPORARY)
    # As root, nginx would hand its work to an account that may not write here.
    user = "user root;" if os.geteuid() == 0 else ""
    file = folder / "nginx.conf"
    file.write_text(
        f"daemon off; {user} pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {temporary}\n"
        f"server {{ listen 127.0.0.1:{port}; client_max_body_size 24m;\n{location}\n}} }}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(file)])
    address = f"http://127.0.0.1:{port}"
    try:
        while process.poll() is None:  # it tells nobody when it listens
            try:
                httpx.get(address, trust_env=False, timeout=PATIENCE_S)
            except httpx.ConnectError:
                continue
            break
        else:
            raise AssertionError((folder / "error.log").read_text(encoding="utf-8"))
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
