"""The images wire as a server sees it: answers in their true shapes, and forms taken apart."""

import base64
from dataclasses import dataclass
from email import message_from_bytes
from typing import Any

from tests.loopback import Gate, Reply, Request, json_reply, sse

USAGE = {
    "input_tokens": 268,
    "input_tokens_details": {"image_tokens": 258, "text_tokens": 10},
    "output_tokens": 1299,
    "total_tokens": 1567,
    "output_tokens_details": {"image_tokens": 1290, "text_tokens": 9},
}


def encoded(picture: bytes) -> str:
    """A picture as the wire carries it."""
    return base64.b64encode(picture).decode()


def item(picture: bytes, **more: Any) -> dict[str, Any]:
    """One picture of an answer."""
    return {"b64_json": encoded(picture), **more}


def answer(*data: bytes | dict[str, Any], usage: dict[str, Any] | None = None) -> Reply:
    """An answer in one piece."""
    items = [item(picture) if isinstance(picture, bytes) else picture for picture in data]
    told = {"created": 1, "data": items}
    return json_reply(told if usage is None else {**told, "usage": usage})


def drawn(*stages: bytes | Gate, verb: str = "image_generation", whole: bool = True) -> Reply:
    """A stream of drafts; the last stage is the picture itself, if the stream is whole."""
    events: list[object] = []
    for number, stage in enumerate(stages):
        if isinstance(stage, Gate):
            events.append(stage)
        elif whole and number == len(stages) - 1:
            events.append({"type": f"{verb}.completed", **item(stage), "usage": USAGE})
        else:
            told = {"type": f"{verb}.partial_image", "partial_image_index": number}
            events.append({**told, **item(stage)})
    return sse(*events)


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    name: str
    value: bytes
    filename: str | None = None
    mime: str = ""


def form(asked: Request) -> list[Field]:
    """The fields of a multipart request, in the order they came."""
    head = f"content-type: {asked.headers['content-type']}\r\n\r\n".encode()
    whole = message_from_bytes(head + asked.body)
    fields = []
    for part in whole.get_payload():
        assert not isinstance(part, str)
        value = part.get_payload(decode=True)
        assert isinstance(value, bytes)
        name = part.get_param("name", header="content-disposition")
        mime = part.get_content_type() if part["content-type"] else ""
        fields.append(Field(str(name), value, part.get_filename(), mime))
    return fields


def values(asked: Request) -> dict[str, str]:
    """The fields of a form that are no files."""
    return {field.name: field.value.decode() for field in form(asked) if field.filename is None}
