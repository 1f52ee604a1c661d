"""What the server grants to whom: one frozen value, made at the start from the settings.

The modules beside it read it.
"""

from dataclasses import dataclass

from chat.images.limits import Limits
from chat.turns.dictation import MAX_WAV_BYTES
from chat.turns.question import MAX_TEXT_CHARACTERS
from chat.web.error_body import is_api

UPLOAD_BYTES = Limits().max_bytes
MULTIPART_BYTES = 64 * 1024  # what a form adds around the file: boundaries and part headers


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call, from which pages, and how much they may send."""

    # Names besides loopback under which browsers reach the server itself: "studio.local" on any
    # port, "studio.local:7860" on that port only.
    hosts: frozenset[str] = frozenset()
    # Whether bare IP addresses are names we go by. They cannot be rebound as DNS names can; wanted
    # where the server listens beyond this machine and nobody can list its addresses beforehand.
    numeric_hosts: bool = False
    # Addresses in front of a proxy that ends TLS: "https://me-easel.example". The browser's Origin
    # is then compared with this and not with the scheme that the server itself speaks.
    public_origins: frozenset[str] = frozenset()
    # CSP sources whose pages may show Easel in a frame.
    frame_ancestors: tuple[str, ...] = ("'self'",)
    # The longest message, in the widest letters of UTF-8, and the rest of its body.
    body_bytes: int = 4 * MAX_TEXT_CHARACTERS + 64 * 1024
    upload_path: str = "/api/media"
    upload_bytes: int = UPLOAD_BYTES + MULTIPART_BYTES
    # What is dictated: the longest recording that is taken, and the head of its file.
    speech_path: str = "/api/dictation"
    speech_bytes: int = MAX_WAV_BYTES
    # Of a file of conversations: it waits on the disk, never in memory.
    import_path: str = "/api/import"
    import_bytes: int = 4_000_000_000
    # Of a program's request: three pictures of the largest kind in base64, and words around them.
    api_bytes: int = 4 * UPLOAD_BYTES
    # Silence within a body, and the longest a whole body may take.
    body_idle_s: float = 30.0
    body_total_s: float = 600.0

    def body_cap_bytes(self, path: str) -> int:
        """The most that a request to this path may carry."""
        if path == self.import_path:
            return self.import_bytes
        if path == self.speech_path:
            return self.speech_bytes
        if is_api(path):
            return self.api_bytes
        uploads = path == self.upload_path or path.startswith(f"{self.upload_path}/")
        return self.upload_bytes if uploads else self.body_bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer given instead of the application's: a status and one plain sentence."""

    status: int
    sentence: str
    log: str = ""
    """For who set it up: what was seen, and what helps; empty: nothing to set."""
