"""Answers of images wires, straight and through a proxy, played back.

They are written in ``answers.py``; recordings beside the repository, if any, are played as well:
all those of ``/images/generations`` and ``/images/edits``: what the server said
to the proxy, and what the proxy made of it. Not played here, because no door of ours speaks
their wires, are the proxy's talks with Bedrock (``/invoke``) and Recraft (``/imageToImage``).
"""

import json
from typing import Any

import pytest

from chat.core.events import ImageBytes
from chat.providers.openai_images.adapter import OpenAIImages
from tests.loopback import Loopback, Reply, Request
from tests.wire.answers import EDIT_STREAM, GENERATION_STREAM, IMAGES_ANSWERS, LINKS
from tests.wire.talk import Media, card, endpoint, heard, request, user
from tests.wire.test_captures import captures, judge, played
from tests.wire_shapes import tiny_png

BEHIND_THE_LINK = tiny_png(77)


def written() -> list[Any]:
    """The answers of ``answers.py``, each to a generation and to an edit, with their names."""
    found = []
    for edit, stream in ((False, GENERATION_STREAM), (True, EDIT_STREAM)):
        verb = "edit" if edit else "generation"
        for name, hop in {**IMAGES_ANSWERS, "stream": stream}.items():
            found.append(pytest.param(hop, edit, id=f"{name}-{verb}"))
    return found


def recordings() -> list[Any]:
    """Every recorded answer of an images wire, as a case with a name."""
    found = []
    for stem, capture in captures():
        asked = capture["client_request"] or {}
        if "/images/" not in str(asked.get("url")):
            continue
        edit = "/images/edits" in asked["url"]
        for number, hop in enumerate(capture["upstream"]):
            if "/images/generations" in hop["path"] or "/images/edits" in hop["path"]:
                found.append(pytest.param(hop, edit, id=f"{stem}-{number}"))
        hop = seen_by_client(capture)
        if hop is not None:
            found.append(pytest.param(hop, edit, id=f"{stem}-client"))
    return found


def seen_by_client(capture: dict[str, Any]) -> dict[str, Any] | None:
    """What the client was answered, as it stood on the wire."""
    result, fault = capture["client_result"], capture["client_exception"]
    if isinstance(result, list):
        return {"status": 200, "stream": result}
    if isinstance(result, dict):
        return {"status": 200, "response": result}
    if isinstance(fault, dict) and fault.get("status"):
        return {"status": fault["status"], "response": {"error": fault["body"]}}
    return None


@pytest.mark.parametrize(("hop", "edit"), written() + recordings())
async def test_pictures_and_refusals(hop: dict[str, Any], edit: bool) -> None:
    def reply(asked: Request) -> Reply:
        if asked.method == "GET":
            return Reply((BEHIND_THE_LINK,), promised_bytes=len(BEHIND_THE_LINK))
        here = f"http://{asked.headers['host']}"
        return played(json.loads(json.dumps(hop).replace(LINKS, here)))

    media = Media()
    parameters = ("partial_images",) if "stream" in hop else ()
    asked = request(
        card("openai_images", images_parameters=parameters),
        user("Blue", media.image(tiny_png(5))) if edit else user("An otter"),
        media=media.bytes,
    )
    with Loopback(reply) as server:
        said, error = await heard(OpenAIImages(endpoint("openai_images", server.url)), asked)
        assert sum(one.method == "POST" for one in server.requests) == 1
    if LINKS in json.dumps(hop):
        assert [event.data for event in said if isinstance(event, ImageBytes)] == [BEHIND_THE_LINK]
    elif hop["status"] == 200:
        judge(hop, said, error)
    else:  # a proxy may quote whole pictures in its error; they are none of ours
        judge({"status": hop["status"]}, said, error)
