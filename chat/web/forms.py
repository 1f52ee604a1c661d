"""Forms of plain pages: small, and read to their end before anything is done."""

from collections.abc import Callable
from typing import TypeAlias
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive

MAX_FORM_BYTES = 8192

Form: TypeAlias = Callable[[str], str]
"""The value of a field; empty: it was not sent."""


class FormTooLarge(HTTPException):
    """It is no form of ours."""

    def __init__(self) -> None:
        super().__init__(413, "That is too much for a form.")


async def read_form(receive: Receive) -> Form:
    """A form that was sent to its end. Raises: FormTooLarge, ClientDisconnect."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientDisconnect  # a part of a form says something else than all of it
        body += message.get("body", b"")
        if len(body) > MAX_FORM_BYTES:
            raise FormTooLarge
        if not message.get("more_body", False):
            break
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return lambda name: fields.get(name, [""])[0]
