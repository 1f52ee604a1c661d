"""What is shared as a document of its own: a conversation as it was, or the pictures of a board.

It looks as what is exported does, and needs no script. Where a copy may be taken there is a form.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from chat.core.display_names import DisplayNames
from chat.core.messages import Message
from chat.render.escaping import escape
from chat.render.standalone import PlacedPicture, Standalone, opening, standalone_pieces

SAME_ORIGIN = "same-origin"
"""What a form needs to be known as ours."""


def shared_conversation_pieces(
    title: str,
    by: str,
    branch: Sequence[Message],
    names: DisplayNames,
    at: datetime,
    here: str,
    *,
    may_copy: bool,
) -> Iterator[str | PlacedPicture]:
    """A conversation, from its first byte to its last.

    ``here`` is the address of the page, under which its pictures are; ``by``: who shares it.
    """
    form = _copy_form(here, "Continue in my own copy") if may_copy else ""
    shown = Standalone(
        title=title,
        branch=branch,
        versions={},
        others=(),
        names=names,
        made_by=_shared_by(by),
        made_at=at,
        asked_by=by,
        above=f'<p class="by">{escape(_shared_by(by))}, to be read only.</p>{form}',
        referrer=SAME_ORIGIN,
    )
    return standalone_pieces(shown)


def shared_board_html(
    title: str, by: str, pictures: Sequence[str], here: str, may_copy: bool
) -> str:
    """The pictures of a board, each by its sha256; arguments as above."""
    count = f"{len(pictures)} picture{'' if len(pictures) == 1 else 's'}"
    whole = _copy_form(here, "Take a copy of all") if may_copy and len(pictures) > 1 else ""
    tiles = "".join(
        _tile(sha256, number, here, may_copy) for number, sha256 in enumerate(pictures, 1)
    )
    empty = "" if pictures else '<p class="by">There is no picture on it yet.</p>'
    return (
        f'{opening(title, SAME_ORIGIN)}<header><h1 dir="auto">{escape(title)}</h1>'
        f'<p class="by">Board · {count} · {escape(_shared_by(by))}</p>{whole}</header>'
        f'<main><ul class="board">{tiles}</ul>{empty}</main></body></html>\n'
    )


def _tile(sha256: str, number: int, here: str, may_copy: bool) -> str:
    address = f"{escape(here)}/{sha256}"
    form = (
        f'<form method="post" action="{escape(here)}/copy">'
        f'<input type="hidden" name="picture" value="{sha256}">'
        f'<button aria-label="Take a copy of picture {number}">Take a copy</button></form>'
        if may_copy
        else ""
    )
    return (
        f'<li><a href="{address}"><img src="{address}?small=true" alt="Picture {number}"></a>'
        f"{form}</li>"
    )


def _copy_form(here: str, words: str) -> str:
    return (
        f'<form class="copy" method="post" action="{escape(here)}/copy">'
        f"<button>{escape(words)}</button></form>"
    )


def _shared_by(by: str) -> str:
    return f"Shared by {by}" if by else "Shared from Easel"
