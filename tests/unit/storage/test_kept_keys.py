"""Keys that people typed in: kept by the keyring or encrypted, for their owner alone."""

import importlib.util
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from storage.keys.encrypted import HELD, SECRET, UNREADABLE
from storage.keys.places import KeyPlaces
from storage.keys.system_keyring import NAMES

KEY, OTHER = "sk-kept-0123456789abcdef", "sk-kept-fedcba9876543210"

BACKEND = """
import json, pathlib
from keyring.backend import KeyringBackend

FILE = pathlib.Path(__file__).with_name("held.json")

class Held(KeyringBackend):
    priority = 5
    name = "held"
    def _all(self):
        return json.loads(FILE.read_text()) if FILE.exists() else {}
    def get_password(self, service, username):
        return self._all().get(service + username)
    def set_password(self, service, username, password):
        FILE.write_text(json.dumps({**self._all(), service + username: password}))
    def delete_password(self, service, username):
        held = self._all()
        del held[service + username]
        FILE.write_text(json.dumps(held))
"""


def test_keys_are_encrypted_and_their_files_are_their_owners_alone(tmp_path: Path) -> None:
    keys = KeyPlaces(tmp_path, {})
    assert keys.read().keys == {}
    assert list(tmp_path.iterdir()) == []
    keys.keep("ONE_KEY", KEY)
    keys.keep("OTHER_KEY", OTHER)
    assert KeyPlaces(tmp_path, {}).read().keys == {"ONE_KEY": KEY, "OTHER_KEY": OTHER}
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert KEY.encode() not in file.read_bytes()
    keys.forget("ONE_KEY")
    keys.forget("ONE_KEY")
    assert KeyPlaces(tmp_path, {}).read().keys == {"OTHER_KEY": OTHER}


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / SECRET).unlink(), "keys.key in the data folder is missing"),
        (lambda folder: (folder / SECRET).write_bytes(b"short"), "keys.key in the data folder is"),
        (lambda folder: (folder / HELD).write_bytes(b"nonsense"), "keys.enc in the data folder is"),
    ],
)
def test_what_cannot_be_read_is_said_and_set_aside_for_new_keys(
    tmp_path: Path, damage: Callable[[Path], object], said: str
) -> None:
    KeyPlaces(tmp_path, {}).keep("ONE_KEY", KEY)
    damage(tmp_path)
    keys = KeyPlaces(tmp_path, {})
    assert keys.read().keys == {}
    assert said in keys.read().trouble
    keys.forget("ONE_KEY")
    keys.keep("ONE_KEY", OTHER)
    assert (keys.read().keys, keys.read().trouble) == ({"ONE_KEY": OTHER}, "")
    assert (tmp_path / UNREADABLE).is_file()


def test_the_keyring_is_asked_where_there_is_one_and_holds_the_keys_itself(tmp_path: Path) -> None:
    if importlib.util.find_spec("keyring") is None:
        pytest.skip("the extra “keyring” is not installed")
    library = tmp_path / "home" / ".local" / "lib"
    library.mkdir(parents=True)
    (library / "held_keyring.py").write_text(BACKEND, "utf-8")
    settings = tmp_path / "config" / "python_keyring"
    settings.mkdir(parents=True)
    backend = f"[backend]\ndefault-keyring=held_keyring.Held\nkeyring-path={library}\n"
    (settings / "keyringrc.cfg").write_text(backend, "utf-8")
    session = {
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    data = tmp_path / "data"
    keys = KeyPlaces(data, session)
    keys.keep("ONE_KEY", KEY)
    assert KEY in (library / "held.json").read_text("utf-8")
    assert [file.name for file in data.iterdir()] == [NAMES]
    assert KeyPlaces(data, session).read().keys == {"ONE_KEY": KEY}
    headless = KeyPlaces(data, {}).read()
    assert headless.keys == {}
    assert "keyring of this machine cannot be read" in headless.trouble
    keys.forget("ONE_KEY")
    assert (keys.read().keys, keys.read().trouble) == ({}, "")
