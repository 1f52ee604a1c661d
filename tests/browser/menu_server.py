"""An Easel with a long model menu, and the servers behind it that list models or refuse to."""

import threading
from datetime import timedelta
from typing import Any, Self

from chat.core.messages import now
from tests.loopback import Loopback, Reply, Request, json_reply
from tests.wire_shapes import openai_stream

MANY = 140
LEAVING, HEIR = "Old Brush", "New Brush"
LOCKED_REASON = "Set NOBODY_SETS_THIS to use it."
ODD_TITLE = "<img src=x onerror=alert(1)> & “Brush”"
KEY = "sk-menu-secret"


def _endpoint(name: str, title: str, more: str) -> str:
    return f'[[endpoint]]\nid = "{name}"\nkind = "openai_chat"\ntitle = "{title}"\n{more}\n'


def _model(name: str, endpoint: str, title: str, more: str = "") -> str:
    return (
        f'[[model]]\nid = "{name}"\nendpoint = "{endpoint}"\nwire_name = "{name}"\n'
        f"title = '{title}'\n{more}\n"
    )


def rows(url: str) -> str:
    """The catalogue: many models, some that leave, some behind a key, a list that comes late."""
    key = 'key_env = ["MENU_KEY"]\n'
    ends = (now() + timedelta(days=10)).date()
    parts = [
        _endpoint("many", "Many models", f'{key}base_url = "{url}/many/v1"'),
        _endpoint("late", "Comes late", f'{key}base_url = "{url}/late/v1"\ndiscover = true'),
        _endpoint("broken", "Broken proxy", f'{key}base_url = "{url}/broken/v1"'),
        _endpoint("locked", "Behind a key", 'key_env = ["NOBODY_SETS_THIS"]'),
        _model("old", "many", LEAVING, f'retires_on = {ends}\nsuccessor = "new"'),
        _model("new", "many", HEIR, "tools = true\nprices = { per_image_usd = 0.04 }"),
        _model("odd", "many", ODD_TITLE, 'note = "Straße, très <b>belle</b>."'),
        _model("lost", "broken", "Out of reach"),
        _model("shut", "locked", "Behind the key"),
    ]
    parts += [_model(f"m{n}", "many", f"Model number {n}") for n in range(MANY)]
    return "\n".join(parts)


class MenuServer:
    """Answers chats, and lists models at three addresses."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._late: list[str] | None = None
        self.server = Loopback(self._answer)

    def lists(self, *names: str) -> None:
        """From now on the late endpoint answers with these; before it was away."""
        with self._lock:
            self._late = list(names)

    def rows(self) -> str:
        """The catalogue that knows these endpoints."""
        return rows(self.server.url)

    def _answer(self, asked: Request) -> Reply:
        if asked.method == "POST":
            return openai_stream(["Understood."])
        if asked.path == "/many/v1/models":
            return _listing([f"m{n}" for n in range(14)])
        if asked.path == "/late/v1/models":
            with self._lock:
                return _listing(self._late) if self._late else _refusal("Starting up.", 503)
        if asked.path == "/broken/v1/models":
            return _refusal(f"Incorrect API key provided: {KEY}", 401)
        return _refusal("Not here.", 404)

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.server.__exit__(*error)


def _listing(names: list[str]) -> Reply:
    return json_reply({"object": "list", "data": [{"id": n, "object": "model"} for n in names]})


def _refusal(message: str, status: int) -> Reply:
    return json_reply({"error": {"message": message}}, status)
