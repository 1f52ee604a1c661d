"""Keys in the keyring of the operating system, asked in a process apart.

A keyring may open a window and wait for somebody: without a session of a desktop it is not asked,
and with one it has a few seconds. It cannot tell which keys it has, so a file of the data folder
holds their names, and nothing else.
"""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from chat.core.errors import StorageError
from storage.written_file import write_file

NAMES = "keyring.json"
PATIENCE_S = 8.0
"""For a start of Python, and for a keyring that is open."""
PATIENCE_SAVING_S = 60.0
"""While somebody who types a key may be asked to open the keyring."""

_ROOT = Path(__file__).resolve().parents[2]
_TOLD = (
    "APPDATA", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "HOME", "LANG", "LD_LIBRARY_PATH",
    "LOCALAPPDATA", "LOGNAME", "PATH", "PYTHON_KEYRING_BACKEND", "SYSTEMROOT", "TEMP", "USER",
    "USERPROFILE", "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_CONFIG_HOME", "XDG_CURRENT_DESKTOP",
    "XDG_DATA_HOME", "XDG_RUNTIME_DIR",
)  # fmt: skip
"""The variables that such a process is given: where the keyring is, and no key."""
_SESSIONS = ("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND")


class SystemKeyring:
    """The keys of one data folder, in the keyring of who runs Easel."""

    place = "in the keyring of this machine"

    def __init__(
        self,
        folder: Path,
        environ: Mapping[str, str],
        patience_s: float = PATIENCE_S,
        saving_s: float = PATIENCE_SAVING_S,
    ) -> None:
        """Ask for the keys of this folder."""
        self._names = folder / NAMES
        self._environ = environ
        self._patience_s = patience_s
        self._saving_s = saving_s
        # Two folders of one account must not share a key.
        self._service = f"Easel {sha256(str(folder).encode('utf-8')).hexdigest()[:12]}"

    @property
    def exists(self) -> bool:
        """Whether there may be one: its library, and a session that it belongs to."""
        if importlib.util.find_spec("keyring") is None:
            return False
        reached = any(self._environ.get(name) for name in _SESSIONS)
        return reached or sys.platform in ("darwin", "win32")

    def read(self) -> Mapping[str, str]:
        """The keys by name. Raises ``StorageError`` where the keyring has some and gives none."""
        names = self._known()
        if not names:
            return {}
        told = self._asked("get", names, within_s=self._patience_s) if self.exists else {}
        if not told.get("usable"):
            raise StorageError(
                "The keys in the keyring of this machine cannot be read: it is locked, or there is "
                "none in this session. Unlock it and start Easel again, or enter the keys again."
            )
        return dict(told["keys"])

    def keep(self, name: str, key: str) -> bool:
        """Have this key under a name; whether the keyring took it."""
        if not self.exists:
            return False
        told = self._asked("set", [name], key, within_s=self._saving_s)
        if told.get("usable"):
            known = self._known()
            if name not in known:
                self._write([*known, name])
            return True
        return False

    def forget(self, name: str) -> None:
        """Have none under this name. Twice is once. Raises ``StorageError``."""
        known = self._known()
        if name not in known:
            return
        told = self._asked("delete", [name], within_s=self._saving_s) if self.exists else {}
        if not told.get("usable"):
            raise StorageError("The keyring of this machine did not give the key up. Unlock it.")
        self._write([each for each in known if each != name])

    def let_go(self, name: str) -> None:
        """Forget that the keyring had a key of this name: another place has it now."""
        known = self._known()
        if name in known:
            self._write([each for each in known if each != name])

    def _known(self) -> list[str]:
        try:
            names = json.loads(self._names.read_text("utf-8"))
        except (OSError, ValueError):
            return []
        return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []

    def _write(self, names: Sequence[str]) -> None:
        write_file(self._names, json.dumps(names).encode("utf-8"))

    def _asked(
        self, do: str, names: Sequence[str], key: str = "", *, within_s: float
    ) -> dict[str, Any]:
        """What the keyring says; nothing where it hangs or fails."""
        asked = {"do": do, "service": self._service, "names": list(names), "key": key}
        told = {name: self._environ[name] for name in _TOLD if name in self._environ}
        try:
            done = subprocess.run(
                [sys.executable, "-m", "storage.keys.keyring_task"],
                input=json.dumps(asked),
                capture_output=True,
                encoding="utf-8",
                timeout=within_s,
                env={**told, "PYTHONPATH": str(_ROOT)},
                check=True,
            )
            return dict(json.loads(done.stdout))
        except (OSError, ValueError, subprocess.SubprocessError):
            return {}
