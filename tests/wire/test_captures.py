"""Answers of servers and proxies, played back: each reads sanely, good, bad and broken off.

They are written in ``answers.py``. Recordings of real proxies and servers, where they lie beside
the repository, are played in the same way. What the SDKs refused before they asked has no answer
to play; the tests of each wire say it.
"""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from chat.core.calling import Provider
from chat.core.errors import ProviderError
from chat.core.events import Finished, ImageBytes, ProviderEvent, TextDelta
from chat.core.models import ModelCard
from chat.providers.registry import open_provider
from tests.loopback import Loopback, Reply, json_reply, sse
from tests.wire.answers import (
    CHAT_ANSWERS,
    CHAT_STREAMS,
    CLOUD_ANSWERS,
    GEMINI_ANSWERS,
    GEMINI_STREAMS,
    IMAGEN_ANSWERS,
    INTERACTIONS,
    RESPONSES,
    Answer,
)
from tests.wire.talk import card, endpoint, heard, request

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "wire"
PICTURE = r"(?:iVBOR|/9j/)[A-Za-z0-9+/]+={0,2}"
FAULTS = {"EXC", "error"}
NOT_AS_SENT = ("_big_", "_stream_helper_")
"""Recordings with shortened pictures, or of what an SDK's helper made of a stream."""


def captures() -> Iterator[tuple[str, dict[str, Any]]]:
    """The recordings beside the repository, by their names; none where there is no such folder."""
    for path in sorted(FOLDER.glob("*.json")):
        yield path.stem, json.loads(path.read_text(encoding="utf-8"))


def cases(written: Mapping[str, Answer]) -> list[Any]:
    """Written answers, each as a case with a name."""
    return [pytest.param(hop, id=name) for name, hop in written.items()]


def recorded(wanted: str) -> list[Any]:
    """Every recorded answer on a path, as a case with a name."""
    found = []
    for stem, capture in captures():
        if any(word in stem for word in NOT_AS_SENT):
            continue
        for number, hop in enumerate(capture["upstream"]):
            if wanted in hop["path"] and ("response" in hop or "stream" in hop):
                found.append(pytest.param(hop, id=f"{stem}-{number}"))
        if wanted == "/chat/completions" and _is_completion(capture["client_result"]):
            hop = _as_hop(capture["client_result"])
            found.append(pytest.param(hop, id=f"{stem}-proxied"))
    return found


def recorded_responses() -> list[Any]:
    """Every recorded whole answer of the Responses API, as a client got it from a proxy."""
    found = []
    for stem, capture in captures():
        result = capture["client_result"]
        if isinstance(result, dict) and result.get("object") == "response":
            found.append(pytest.param({"status": 200, "response": result}, id=stem))
    return found


def _is_completion(result: Any) -> bool:
    first = result[0] if isinstance(result, list) and result else result
    return isinstance(first, dict) and "choices" in first


def _as_hop(result: Any) -> dict[str, Any]:
    if isinstance(result, dict):
        return {"status": 200, "response": result}
    chunks = [chunk for chunk in result if not FAULTS & set(chunk)]
    whole = len(chunks) == len(result)
    return {"status": 200, "stream": [*chunks, "[DONE]"] if whole else chunks}


def played(hop: dict[str, Any]) -> Reply:
    """The recorded answer, to be sent again."""
    if "stream" in hop:
        return sse(*hop["stream"])
    return json_reply(hop["response"], hop["status"])


async def play(
    kind: str, hop: dict[str, Any], model: ModelCard, **options: Any
) -> tuple[list[ProviderEvent], Exception | None]:
    with Loopback([played(hop)]) as server:
        provider: Provider = open_provider(endpoint(kind, server.url, **options))
        said, error = await heard(provider, request(model))
        assert len(server.requests) == 1
    return said, error


def told(hop: dict[str, Any]) -> str:
    """Everything in a recorded answer, with text that came in pieces joined again."""
    pieces: list[str] = []
    for chunk in hop.get("stream", ()):
        for choice in chunk.get("choices", ()) if isinstance(chunk, dict) else ():
            content = choice.get("delta", {}).get("content")
            if isinstance(content, str):
                pieces.append(content)
    whole = json.dumps([hop.get("stream"), hop.get("response")])
    for piece in pieces:
        whole = whole.replace(json.dumps(piece), "")
    return whole + "".join(pieces)


def judge(hop: dict[str, Any], said: list[ProviderEvent], error: Exception | None) -> None:
    """The reply came to a proper end or a proper error, and lost no picture and no word."""
    if error is None:
        assert isinstance(said[-1], Finished)
        assert said[-1].finish.kind in {"stop", "tool_calls"} or said[-1].finish.message
    else:
        assert isinstance(error, ProviderError)
        assert len(str(error)) < 500
    recorded = told(hop)
    sent = {base64.b64decode(digits) for digits in re.findall(PICTURE, recorded)}
    assert {event.data for event in said if isinstance(event, ImageBytes)} == sent
    words = "".join(event.text for event in said if isinstance(event, TextDelta))
    assert "base64" not in words


@pytest.mark.parametrize("hop", cases(GEMINI_STREAMS) + recorded(":streamGenerateContent"))
async def test_gemini_streams(hop: dict[str, Any]) -> None:
    judge(hop, *await play("gemini", hop, card("gemini")))


@pytest.mark.parametrize("hop", cases(GEMINI_ANSWERS) + recorded(":generateContent"))
async def test_gemini_answers_are_read_as_streams_of_one(hop: dict[str, Any]) -> None:
    one = hop if hop["status"] != 200 else {"status": 200, "stream": [hop["response"]]}
    judge(hop, *await play("gemini", one, card("gemini")))


@pytest.mark.parametrize("hop", cases(CLOUD_ANSWERS) + recorded("/publishers/google/models/gemini"))
async def test_cloud_answers_read_the_same_in_cloud_mode(hop: dict[str, Any]) -> None:
    one = hop if hop["status"] != 200 else {"status": 200, "stream": [hop.get("response", {})]}
    judge(hop, *await play("gemini", one, card("gemini"), enterprise=True))


@pytest.mark.parametrize("hop", cases(IMAGEN_ANSWERS) + recorded(":predict"))
async def test_imagen_answers(hop: dict[str, Any]) -> None:
    judge(hop, *await play("imagen", hop, card("imagen"), enterprise=True))


@pytest.mark.parametrize("hop", cases(INTERACTIONS) + recorded("/interactions"))
async def test_interactions(hop: dict[str, Any]) -> None:
    model = card("gemini_interactions", stream="stream" in hop)
    judge(hop, *await play("gemini_interactions", hop, model))


@pytest.mark.parametrize("hop", cases(CHAT_ANSWERS | CHAT_STREAMS) + recorded("/chat/completions"))
async def test_chat_completions(hop: dict[str, Any]) -> None:
    model = card("openai_chat", stream="stream" in hop)
    judge(hop, *await play("openai_chat", hop, model))


@pytest.mark.parametrize("hop", cases(RESPONSES) + recorded_responses())
async def test_responses(hop: dict[str, Any]) -> None:
    judge(hop, *await play("openai_responses", hop, card("openai_responses", stream=False)))
