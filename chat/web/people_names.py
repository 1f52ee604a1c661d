"""How people are called: the name by which they sign in, and what stands on the page."""

import re

MAX_TITLE = 60

# Letters of one script alone: no two names look alike that are not the same.
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


def name_trouble(name: str) -> str:
    """Why nobody can sign in under this name, as a sentence; empty: somebody can."""
    if _NAME.fullmatch(name):
        return ""
    return (
        "A name has the letters a to z, digits, and . _ @ + - between them, 64 at most, and begins "
        "with a letter or digit. An e-mail address will do."
    )


def called(title: str) -> str:
    """What somebody is called on the page, without what cannot be seen or turns words around."""
    shown = "".join(c if c.isprintable() else " " for c in title)
    return " ".join(shown.split())[:MAX_TITLE].strip()
