"""The keys of programs that use Easel by its API, each with a name.

A key is compared as a digest with every digest there is: the time tells neither a letter of it nor
whose it is like. Only the name goes any further: into logs, records and limits.
"""

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from chat.core.errors import ConfigError

MIN_KEY = 20
"""Characters of a key: nobody comes upon that many by trying."""

DIGEST = "sha256:"
"""Before the digest of a key, which may stand in its place in a file."""

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_KEY = re.compile(rf"[\x21-\x2b\x2d-\x7e]{{{MIN_KEY},200}}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """The digests of all keys, by name; without any the API is off."""

    digests: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.digests)

    def name_of(self, given: str) -> str | None:
        """Whose key it is; ``None``: nobody's."""
        digest, found = _digest(given), None
        for name, known in self.digests.items():
            if hmac.compare_digest(known, digest):
                found = name
        return found


def read_api_keys(listed: str, lines: str = "", place: str = "") -> tuple[ApiKeys, list[str]]:
    """The keys, and those of them that stand there in the clear and must not be logged.

    Args:
        listed: ``laptop=sk-...,batch=sk-...``, as the variable ``EASEL_API_KEYS`` holds them.
        lines: the same, one a line; a line may begin with ``#``.
        place: what to call where the lines are.

    Raises:
        ConfigError: something in it is no name with a key, or a name comes twice. The sentence
            says which one, and never repeats it.
    """
    digests: dict[str, bytes] = {}
    plain: list[str] = []
    for where, written in _rows(listed, lines, place):
        name, equals, key = (part.strip() for part in written.partition("="))
        if not (equals and _NAME.fullmatch(name)):
            raise ConfigError(f"{where} is no name with a key behind it, such as laptop=sk-….")
        if name in digests:
            raise ConfigError(f"{where} has the name of another key: “{name}”.")
        if key.startswith(DIGEST):
            if not _DIGEST.fullmatch(key.removeprefix(DIGEST)):
                raise ConfigError(f"{where} is no digest: 64 digits from 0 to f follow {DIGEST}.")
            digests[name] = bytes.fromhex(key.removeprefix(DIGEST))
        elif _KEY.fullmatch(key):
            digests[name] = _digest(key)
            plain.append(key)
        else:
            raise ConfigError(
                f"{where} has no key of {MIN_KEY} to 200 letters, digits and signs behind its name."
            )
    if len(set(digests.values())) < len(digests):
        raise ConfigError("Two names of EASEL_API_KEYS have the same key.")
    return ApiKeys(digests), plain


def _rows(listed: str, lines: str, place: str) -> Iterable[tuple[str, str]]:
    for number, written in enumerate(listed.split(","), 1):
        if written.strip():
            yield f"Entry {number} of EASEL_API_KEYS", written.strip()
    for number, line in enumerate(lines.splitlines(), 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield f"Line {number} of {place}", line.strip()


def _digest(key: str) -> bytes:
    return sha256(key.encode("utf-8", "replace")).digest()
