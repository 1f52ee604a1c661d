"""Models of an images wire beside those of the chat wire: they see a prompt and no history."""

import base64
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any

from tests.browser.upstream import Upstream
from tests.loopback import Reply, Request, json_reply
from tests.program import Program
from tests.wire_shapes import tiny_png

PEN, MASKER, QUILL, PRICED, WRITER = "Pen", "Masker", "Quill", "Priced", "Writer"
BRUSH = "Brush with drafts"
"""Titles of models: one that draws and edits, one that reads masks, one that takes words alone,
one of the chat wire that has a price, and one of words alone, with a memory."""

MODELS = """
[[endpoint]]
id = "desk"
kind = "openai_images"
title = "The Desk"
base_url = "{url}/v1"
key_env = ["OPENAI_API_KEY"]

[[model]]
id = "pen"
endpoint = "desk"
wire_name = "pen"
title = "Pen"
stream = false
mask = false
output_modalities = ["image"]
images_parameters = []
prices = {{ input_text_usd = 5, input_image_usd = 8, output_image_usd = 30 }}

[[model]]
id = "brush"
endpoint = "desk"
wire_name = "brush"
title = "Brush with drafts"
stream = true
mask = false
output_modalities = ["image"]
images_parameters = ["partial_images"]

[[model]]
id = "masker"
endpoint = "desk"
wire_name = "masker"
title = "Masker"
stream = false
mask = true
output_modalities = ["image"]
images_parameters = []

[[model]]
id = "quill"
endpoint = "desk"
wire_name = "quill"
title = "Quill"
stream = false
input_modalities = ["text"]
output_modalities = ["image"]
images_parameters = []
prices = {{ per_image_usd = 0.04 }}

[[model]]
id = "priced"
endpoint = "openai"
wire_name = "priced-image"
title = "Priced"

[model.prices]
input_text_usd = 0.5
input_image_usd = 0.5
output_text_usd = 3
output_image_usd = 60

[[model]]
id = "writer"
endpoint = "openai"
wire_name = "writer"
title = "Writer"
tools = true
input_modalities = ["text"]
output_modalities = ["text"]
"""

WEB_PICTURE = tiny_png(120, 30, 30, side_px=48)
"""Stands on this server at ``/pictures/fox.png``."""

USAGE = {
    "input_tokens": 300,
    "output_tokens": 1000,
    "input_tokens_details": {"text_tokens": 20, "image_tokens": 280},
}


class Drawing(Upstream):
    """Answers the images wire with one blue picture, and the chat wire as its parent does."""

    picture = tiny_png(0, 0, 200, side_px=64)
    in_stages: Reply | None = None
    """What the model with drafts answers."""

    def forget(self) -> None:
        """Have no drafts, too."""
        self.in_stages = None
        super().forget()

    def drawn(self) -> list[tuple[str, dict[str, list[bytes]]]]:
        """Every picture that was asked for so far: ``generations`` or ``edits``, and the fields."""
        return [
            (request.path.rpartition("/")[2], fields(request))
            for request in self._server.requests
            if "/images/" in request.path
        ]

    def fetched(self) -> int:
        """How often a picture of the web was asked for."""
        return sum(r.path.startswith("/pictures/") for r in self._server.requests)

    def _answer(self, request: Request) -> Reply:
        if request.path.startswith("/pictures/"):
            return Reply((WEB_PICTURE,), promised_bytes=len(WEB_PICTURE))
        if "/images/" not in request.path:
            return super()._answer(request)
        if self.in_stages is not None:
            return self.in_stages
        picture = base64.b64encode(self.picture).decode()
        return json_reply({"created": 1, "data": [{"b64_json": picture}], "usage": USAGE})


def fields(request: Request) -> dict[str, list[bytes]]:
    """The fields of a request by name; a form's files are among them."""
    if request.headers["content-type"].startswith("application/json"):
        told: dict[str, Any] = request.json
        return {name: [str(value).encode()] for name, value in told.items()}
    head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
    found: dict[str, list[bytes]] = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + request.body).iter_parts():
        name = str(part.get_param("name", header="content-disposition")).removesuffix("[]")
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        found.setdefault(name, []).append(payload)
    return found


def drawing_program(folder: Path, upstream: Upstream) -> Program:
    """An Easel that knows these models and keeps its data there; it is not started yet."""
    folder.mkdir()
    url = upstream.environ["OPENAI_BASE_URL"].removesuffix("/v1")
    (folder / "models.toml").write_text(MODELS.format(url=url), encoding="utf-8")
    return Program(folder, EASEL_PICTURE_SITES=url, **upstream.environ)
