"""Recorded traffic of real proxies and servers, played back: each reply still reads sanely.

The recordings lie beside the repository and are not part of it; without them these are skipped.
What the SDKs refused before they asked (137) has no answer to play; the tests of each wire say it.
"""

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from chat.core.calling import Provider
from chat.core.errors import ProviderError
from chat.core.events import Finished, ImageBytes, ProviderEvent, TextDelta
from chat.core.models import ModelCard
from chat.providers.registry import open_provider
from tests.loopback import Loopback, Reply, json_reply, sse
from tests.wire.talk import card, endpoint, heard, request

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "wire"
PICTURE = r"(?:iVBOR|/9j/)[A-Za-z0-9+/]+={0,2}"
FAULTS = {"EXC", "error"}
NOT_AS_SENT = ("_big_", "_stream_helper_")
"""Recordings with shortened pictures, or of what an SDK's helper made of a stream."""


def exchanges(wanted: str) -> list[Any]:
    """Every recorded answer on a path, as a case with a name."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        if any(word in path.stem for word in NOT_AS_SENT):
            continue
        capture = json.loads(path.read_text(encoding="utf-8"))
        for number, hop in enumerate(capture["upstream"]):
            if wanted in hop["path"] and ("response" in hop or "stream" in hop):
                found.append(pytest.param(hop, id=f"{path.stem}-{number}"))
        if wanted == "/chat/completions" and _is_completion(capture["client_result"]):
            hop = _as_hop(capture["client_result"])
            found.append(pytest.param(hop, id=f"{path.stem}-proxied"))
    reason = "the recordings are not beside the repository"
    return found or [pytest.param({}, marks=pytest.mark.skip(reason=reason))]


def responses() -> list[Any]:
    """Every recorded whole answer of the Responses API, as a client got it from a proxy."""
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        result = json.loads(path.read_text(encoding="utf-8"))["client_result"]
        if isinstance(result, dict) and result.get("object") == "response":
            found.append(pytest.param({"status": 200, "response": result}, id=path.stem))
    reason = "the recordings are not beside the repository"
    return found or [pytest.param({}, marks=pytest.mark.skip(reason=reason))]


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


@pytest.mark.parametrize("hop", exchanges(":streamGenerateContent"))
async def test_recorded_gemini_streams(hop: dict[str, Any]) -> None:
    judge(hop, *await play("gemini", hop, card("gemini")))


@pytest.mark.parametrize("hop", exchanges(":generateContent"))
async def test_recorded_gemini_answers_are_read_as_streams_of_one(hop: dict[str, Any]) -> None:
    one = hop if hop["status"] != 200 else {"status": 200, "stream": [hop["response"]]}
    judge(hop, *await play("gemini", one, card("gemini")))


@pytest.mark.parametrize("hop", exchanges("/publishers/google/models/gemini"))
async def test_recorded_cloud_answers_read_the_same_in_cloud_mode(hop: dict[str, Any]) -> None:
    one = {"status": 200, "stream": [hop.get("response", {})]}
    judge(hop, *await play("gemini", one, card("gemini"), enterprise=True))


@pytest.mark.parametrize("hop", exchanges(":predict"))
async def test_recorded_imagen_answers(hop: dict[str, Any]) -> None:
    judge(hop, *await play("imagen", hop, card("imagen"), enterprise=True))


@pytest.mark.parametrize("hop", exchanges("/interactions"))
async def test_recorded_interactions(hop: dict[str, Any]) -> None:
    model = card("gemini_interactions", stream="stream" in hop)
    judge(hop, *await play("gemini_interactions", hop, model))


@pytest.mark.parametrize("hop", exchanges("/chat/completions"))
async def test_recorded_chat_completions(hop: dict[str, Any]) -> None:
    model = card("openai_chat", stream="stream" in hop)
    judge(hop, *await play("openai_chat", hop, model))


@pytest.mark.parametrize("hop", responses())
async def test_recorded_responses(hop: dict[str, Any]) -> None:
    judge(hop, *await play("openai_responses", hop, card("openai_responses", stream=False)))
