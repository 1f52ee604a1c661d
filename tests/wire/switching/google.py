"""What Google's two wires demand of a request: a strict server's view."""

import base64
from collections.abc import Mapping
from typing import Any

from chat.providers.thought_signatures import BYPASS
from tests.loopback import Request
from tests.wire.switching.sent import Sent
from tests.wire.switching.strict import unsigned

TOOL = "get_weather"


class GeminiRules:
    """Turns of user and model; each call answered by the next turn; signatures where owed."""

    def __init__(self, *, signatures: bool) -> None:
        self._signatures = signatures
        self._sent = Sent()

    def read(self, request: Request) -> Sent:
        contents = request.json["contents"]
        assert contents
        assert contents[0]["role"] == contents[-1]["role"] == "user"
        calls: list[Any] = []
        for number, content in enumerate(contents):
            parts = content["parts"]
            assert parts, "an empty turn is refused"
            answers = [part["functionResponse"] for part in parts if "functionResponse" in part]
            assert [a["id"] for a in answers] == [c["id"] for c in calls]
            assert [a["name"] for a in answers] == [c["name"] for c in calls]
            calls = [part["functionCall"] for part in parts if "functionCall" in part]
            if content["role"] == "model":
                self._owed(parts)
                assert not calls or contents[number - 1]["role"] == "user"
            else:
                assert content["role"] == "user"
                assert not calls
                assert not any("thoughtSignature" in part for part in parts)
            for part in parts:
                self._part(part)
        assert not calls, "a call was left without its answer"
        return self._sent

    def _part(self, part: Mapping[str, Any]) -> None:
        kinds = [key for key in part if key not in {"thoughtSignature", "thought"}]
        assert len(kinds) == 1
        signature = part.get("thoughtSignature")
        if signature:
            told = base64.urlsafe_b64decode(signature)
            if told != BYPASS:
                self._sent.secrets.append(told.decode())
        match kinds[0], part[kinds[0]]:
            case "text", text:
                assert text or signature, "empty words are refused"
                if text and not part.get("thought"):
                    self._sent.say(text)
            case "inlineData", data:
                self._picture(data)
            case "functionCall", call:
                assert call["name"] == TOOL
            case "functionResponse", answer:
                (words,) = answer["response"].values()
                self._sent.words.append(words)
                for inner in answer.get("parts", ()):
                    self._picture(inner.get("inlineData") or inner["inline_data"])
            case other, _:
                raise AssertionError(f"nobody asked for {other}")

    def _picture(self, data: Mapping[str, Any]) -> None:
        assert (data.get("mimeType") or data.get("mime_type")) == "image/png"
        self._sent.show(data["data"])

    def _owed(self, parts: list[Mapping[str, Any]]) -> None:
        """The third generation refuses a turn of its own that it cannot recognise."""
        if self._signatures:
            missing = list(unsigned([{"role": "model", "parts": parts}]))
            assert not missing, f"a signature is missing: {missing}"


def imagen_rules(request: Request) -> Sent:
    """A prompt and nothing else."""
    sent = Sent()
    (instance,) = request.json["instances"]
    assert set(instance) == {"prompt"}
    sent.say(instance["prompt"].strip())
    return sent
