"""The header that names a file which leaves."""

import unicodedata
from urllib.parse import quote


def disposition(kind: str, name: str) -> str:
    """A ``Content-Disposition``: with the name in ASCII, and whole beside it. Source: RFC 6266."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    plain = plain.replace('"', "").lstrip("-. ") or "easel"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
