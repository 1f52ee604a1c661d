"""Passwords: what may be one, and how one is kept so that nobody can read it from what is kept."""

import asyncio
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_PASSWORD, MAX_PASSWORD = 10, 200
"""Characters. Nothing is asked of which they are: length is what counts."""

AT_ONCE = 2
"""So many are hashed side by side: each takes 64 MB and a core for a moment."""


class Passwords:
    """Argon2id, with the library's own parameters; a hash names those that it was made with."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._decoy = ""

    async def hashed(self, password: str) -> str:
        """What is kept of it."""
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def fits(self, kept: str, password: str) -> bool:
        """Whether this is the password that ``kept`` was made of.

        With nothing kept it takes as long and does not, so that the time does not tell which names
        there are.
        """
        if not kept and not self._decoy:
            self._decoy = await self.hashed("nobody's")
        async with self._turn:
            right = await asyncio.to_thread(self._verify, kept or self._decoy, password)
        return right and bool(kept)

    def is_dated(self, kept: str) -> bool:
        """Whether it was made with other parameters than one of today."""
        return self._hasher.check_needs_rehash(kept)

    def _verify(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, _normal(password))
        except (VerificationError, InvalidHashError):
            return False


def password_trouble(password: str, again: str, name: str) -> str:
    """Why this cannot be somebody's password, as a sentence; empty: it can."""
    if password != again:
        return "The two passwords are not the same."
    if len(password) < MIN_PASSWORD:
        return f"A password has {MIN_PASSWORD} characters or more."
    if len(password) > MAX_PASSWORD:
        return f"A password has {MAX_PASSWORD} characters at most."
    if len(set(password)) < 4 or password.lower() in {name.lower(), f"{name}{name}".lower()}:
        return "That password is too easy to guess."
    return ""


def _normal(password: str) -> str:
    """The same letters however a keyboard puts them together."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode("utf-8")
