"""An Easel that is asked over HTTP, as a page would ask it, and watched as a page watches it."""

import json
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from websockets.sync.client import ClientConnection, connect

from tests.patience import PATIENCE_S
from tests.program import Program

T = TypeVar("T")


class Easel(Program):
    """A process over a data folder, and what can be asked of it."""

    def listens(self) -> bool:
        """Whether it takes another connection."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S).close()
        except ConnectionRefusedError:
            return False
        return True

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """A command that must work; what it answers."""
        response = self.http.post(path, json=body or {})
        assert response.status_code == 200, response.text
        return response.json()

    def begin(self, *, tools: bool = False) -> str:
        """A new conversation's id."""
        conversation = str(self.post("/api/conversations")["id"])
        if tools:
            self.set(conversation, tools_on=True)
        return conversation

    def set(self, conversation: str, **changes: Any) -> None:
        """Change settings of a conversation."""
        path = f"/api/conversations/{conversation}/settings"
        response = self.http.patch(path, json=changes)
        assert response.status_code == 200, response.text

    def ask(self, conversation: str, text: str, **more: Any) -> dict[str, str]:
        """Send a message; the ids of conversation, question and reply."""
        body = {"text": text, "client_id": uuid.uuid4().hex, **more}
        started: dict[str, str] = self.post(f"/api/conversations/{conversation}/messages", body)
        return started

    @contextmanager
    def page(self, conversation: str | None = None) -> Iterator[ClientConnection]:
        """The line of an open page, which shows a conversation if one is given."""
        address = f"ws://127.0.0.1:{self.port}/live"
        with connect(address, proxy=None, max_size=None, open_timeout=PATIENCE_S) as line:
            if conversation is not None:
                line.send(json.dumps({"type": "open", "conversation": conversation}))
            yield line

    def awaited(self, started: Mapping[str, str], look: Callable[[str], T | None]) -> T:
        """What a look at a reply gives, tried anew with everything that an open page is told.

        A page is told after the reply's last state is saved, so that is never missed; of what
        is saved in between it is told nothing.
        """
        with self.page(started["conversation"]) as line:
            while (found := look(started["reply"])) is None:
                line.recv(timeout=PATIENCE_S)
            return found

    @contextmanager
    def half_a_request(self, path: str, body: bytes) -> Iterator[socket.socket]:
        """A request that the server has read and not answered."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as asked:
            asked.sendall(
                b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n"
                b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                % (path.encode(), len(body))
            )
            assert asked.recv(1000).startswith(b"HTTP/1.1 100")
            asked.sendall(body)
            yield asked

    @contextmanager
    def half_an_upload(self, body: bytes) -> Iterator[None]:
        """A request whose body the server is reading, and will wait for in vain."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S) as half:
            half.sendall(
                b"POST /api/media HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n"
                b"Content-Length: %d\r\n\r\n" % (2 * len(body))
            )
            # The server asks for the body when the route begins to read it.
            assert half.recv(1000).startswith(b"HTTP/1.1 100")
            half.sendall(body)
            yield
