"""What is dictated, written down over every wire that takes it: what goes out, comes, and costs."""

import asyncio
import base64
from typing import Any

import pytest

from chat.core.errors import AuthFailed, BadReply, CapabilityError, MediaRejected
from chat.core.models import ModelCard, Prices
from chat.gateway.call import Gateway
from chat.gateway.deployments import DeploymentResolver
from chat.gateway.pool import ProviderPool
from chat.models import Catalogue
from chat.providers.gemini.history import WRITE_DOWN
from chat.providers.registry import open_provider
from chat.telemetry.call import Call
from chat.turns.dictation import NOTHING_HEARD, Dictation
from tests.loopback import Loopback, Reply, Request, json_reply, sse
from tests.patience import PATIENCE_S
from tests.unit.turns.workshop import ME
from tests.wire.drawing import form
from tests.wire.speech import recording
from tests.wire.talk import card, endpoint
from tests.wire_shapes import gemini_chunk

OPENAI = ("openai_chat", "openai_responses", "openai_images")
SAID = recording()
BY_TOKENS = Prices(input_text_usd=2.5, output_text_usd=10.0, input_audio_usd=6.0)
TOKENS = {
    "type": "tokens", "input_tokens": 14, "output_tokens": 45, "total_tokens": 59,
    "input_token_details": {"audio_tokens": 14, "text_tokens": 0},
}  # fmt: skip
COUNTED = {
    "promptTokenCount": 62, "candidatesTokenCount": 8,
    "promptTokensDetails": [
        {"modality": "TEXT", "tokenCount": 30}, {"modality": "AUDIO", "tokenCount": 32},
    ],
}  # fmt: skip


class Noted:
    """Keeps the records of calls, and would keep every word."""

    keeps_words = True

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def called(self, call: Call) -> None:
        self.calls.append(call)

    def began(self, *_: object) -> None: ...

    def ended(self, *_: object) -> None: ...

    def close(self) -> None: ...


async def dictated(
    kind: str, reply: Reply, said: bytes = SAID, prices: Prices = BY_TOKENS
) -> tuple[str, Request, Call]:
    """The words, the one request for them, and the record of the call."""
    with Loopback([reply]) as server:
        place = endpoint(kind, server.url)
        chosen = card(kind)
        writer = ModelCard(
            "writer", place.id, "wire-writer", "The Writer", output_modalities=("text",),
            transcribes="server", prices=prices,
        )  # fmt: skip
        catalogue = Catalogue({place.id: place}, {each.id: each for each in (writer, chosen)})
        assert list(catalogue.cards) == [chosen.id]
        noted = Noted()
        resolver = DeploymentResolver(catalogue)
        gateway = Gateway(resolver, ProviderPool(open_provider), recorder=noted)
        try:
            async with asyncio.timeout(PATIENCE_S):
                text = await Dictation(gateway, catalogue).written(ME, chosen.id, said)
        finally:
            await gateway.aclose()
    (only,) = server.requests
    (call,) = noted.calls
    assert call.request is None, "what is dictated is in no log"
    assert call.said == ()
    return text, only, call


@pytest.mark.parametrize("kind", OPENAI)
async def test_openais_wires_send_the_recording_and_count_its_tokens(kind: str) -> None:
    text, only, call = await dictated(kind, json_reply({"text": " A red fox. ", "usage": TOKENS}))
    assert text == "A red fox."
    assert only.path == "/audio/transcriptions"
    sent = {field.name: field for field in form(only)}
    assert (sent["file"].value, sent["file"].mime) == (SAID, "audio/wav")
    assert sent["model"].value == b"wire-writer"
    assert call.cost_usd == pytest.approx((14 * 6 + 45 * 10) / 1_000_000)


async def test_who_charges_by_the_clock_is_paid_by_the_longer_of_both_lengths() -> None:
    answered = json_reply({"text": "A fox", "usage": {"type": "duration", "seconds": 2}})
    minute = Prices(per_minute_usd=0.006)
    _, _, call = await dictated("openai_chat", answered, recording(1.5), minute)
    assert call.cost_usd == pytest.approx(0.006 * 2 / 60)
    less = json_reply({"text": "A fox", "usage": {"type": "duration", "seconds": 1}})
    _, _, call = await dictated("openai_chat", less, recording(1.5), minute)
    assert call.cost_usd == pytest.approx(0.006 * 1.5 / 60)
    _, _, unknown = await dictated("openai_chat", json_reply({"text": "A fox"}))
    assert unknown.cost_usd is None, "what is not counted is unknown, and never free"


async def test_nothing_goes_out_but_the_samples_that_were_read_and_are_paid_for() -> None:
    words, more = recording(0.5), recording(60)[36:]
    crafted = b"RIFF" + (len(words) + len(more) - 8).to_bytes(4, "little") + words[8:] + more
    minute = Prices(per_minute_usd=0.006)
    _, only, call = await dictated("openai_chat", json_reply({"text": "A"}), crafted, minute)
    assert {field.name: field.value for field in form(only)}["file"] == words
    assert call.cost_usd == pytest.approx(0.006 * 0.5 / 60)


async def test_gemini_is_given_the_recording_with_an_instruction() -> None:
    last = {**gemini_chunk([{"text": "A fox."}], finishReason="STOP"), "usageMetadata": COUNTED}
    text, only, call = await dictated("gemini", sse(last))
    assert text == "A fox."
    assert only.path.endswith("/models/wire-writer:streamGenerateContent?alt=sse")
    (said,) = only.json["contents"]
    told, spoken = said["parts"]
    assert told == {"text": WRITE_DOWN}
    assert spoken["inlineData"]["mimeType"] == "audio/wav"
    assert base64.urlsafe_b64decode(spoken["inlineData"]["data"]) == SAID
    assert call.cost_usd == pytest.approx((30 * 2.5 + 32 * 6 + 8 * 10) / 1_000_000)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (json_reply({"text": "  "}), MediaRejected),
        (json_reply({"words": "A fox"}), BadReply),
        (json_reply({"text": "x" * 30_000}), BadReply),
        (json_reply({"error": {"message": "no", "code": "invalid_api_key"}}, 401), AuthFailed),
    ],
)
async def test_what_a_server_answers_instead_is_said(reply: Reply, error: type[Any]) -> None:
    with pytest.raises(error) as said:
        await dictated("openai_chat", reply)
    if error is MediaRejected:
        assert str(said.value) == NOTHING_HEARD


@pytest.mark.parametrize(
    "said",
    [
        recording(level=0),
        recording(0.1),
        recording(301, 0),
        recording(rate_hz=8_000),
        b"RIFF",
        b"",
        SAID[:18] + b"\x11" + SAID[19:],
    ],
)
async def test_what_need_not_be_asked_goes_nowhere(said: bytes) -> None:
    place = endpoint("openai_chat", "http://127.0.0.1:1")
    writer = ModelCard("writer", place.id, "writer", "The Writer", transcribes="server")
    catalogue = Catalogue(
        {place.id: place}, {"writer": writer, "model": card("openai_chat", id="model")}
    )
    gateway = Gateway(DeploymentResolver(catalogue), ProviderPool(open_provider))
    with pytest.raises(MediaRejected):
        await Dictation(gateway, catalogue).written(ME, "model", said)


def test_who_writes_down_is_of_the_same_server_and_key_or_is_there_for_all() -> None:
    here, there = (
        endpoint("openai_chat", "http://127.0.0.1:1"),
        endpoint("gemini", "http://127.0.0.1:2"),
    )
    ours = ModelCard("ours", here.id, "whisper-1", "Ours", transcribes="server")
    talker, other = card("openai_chat", id="talker"), card("gemini", id="other")
    places = {each.id: each for each in (here, there)}
    near = Catalogue(places, {each.id: each for each in (ours, talker, other)})
    assert near.transcriber(talker) == ours
    assert near.transcriber(other) is None, "what is said to one company goes to no other unasked"
    gateway = Gateway(DeploymentResolver(near), ProviderPool(open_provider))
    with pytest.raises(CapabilityError, match="no model that writes down"):
        Dictation(gateway, near).by(ME, "other")
    for_all = ModelCard("all", here.id, "whisper-1", "All", transcribes="all")
    everywhere = Catalogue(places, {each.id: each for each in (for_all, talker, other)})
    assert everywhere.transcriber(other) == for_all
