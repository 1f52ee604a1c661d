"""What Google's two wires demand of a request: a strict server's view."""

import base64
from collections.abc import Mapping
from typing import Any

from chat.providers.shared.requests.thought_signatures import BYPASS
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


OWN_STEPS = frozenset({"thought", "model_output", "function_call"})


class InteractionsRules:
    """Steps in their order; each call answered by the next steps; thoughts signed, or not there."""

    def __init__(self, *, signatures: bool) -> None:
        self._signatures = signatures
        self._sent = Sent()

    def read(self, request: Request) -> Sent:
        body = request.json
        assert body["store"] is False, "nobody asked to keep it"
        assert "previous_interaction_id" not in body
        steps = body["input"]
        assert steps[0]["type"] == "user_input"
        assert steps[-1]["type"] in {"user_input", "function_result"}
        calls: list[tuple[str, str]] = []
        signed = False
        for number, step in enumerate(steps):
            kind = step["type"]
            if kind == "function_result":
                self._answered(step, calls.pop(0))
                signed = False
                continue
            assert not calls or kind in {"function_call", "thought", "model_output"}
            match kind:
                case "user_input":
                    signed = False
                    self._content(step["content"])
                case "thought":
                    assert set(step) == {"type", "signature"}
                    around = {steps[number - 1]["type"], steps[number + 1]["type"]}
                    assert around & OWN_STEPS, "a thought alone"
                    signed = True
                    self._sign(step)
                case "model_output":
                    assert steps[number - 1]["type"] != kind, "one output in two steps"
                    self._owed(signed=signed)
                    self._content(step["content"])
                case "function_call":
                    assert step["name"] == TOOL
                    self._owed(signed=signed or "signature" in step)
                    self._sign(step)
                    calls.append((step["id"], step["name"]))
                    signed = True
                case _:
                    raise AssertionError(f"an unknown step: {kind}")
        assert not calls, "a call was left without its answer"
        return self._sent

    def _owed(self, *, signed: bool) -> None:
        assert signed or not self._signatures, "a signature is missing"

    def _sign(self, step: Mapping[str, Any]) -> None:
        if "signature" in step:
            told = base64.b64decode(step["signature"], validate=True)
            assert told, "an empty signature is refused"
            if told != BYPASS:
                self._sent.secrets.append(told.decode())

    def _answered(self, step: Mapping[str, Any], call: tuple[str, str]) -> None:
        assert (step["call_id"], step["name"]) == call
        assert step.get("is_error", True) is True
        if isinstance(step["result"], str):
            self._sent.words.append(step["result"])
        else:
            self._content(step["result"])

    def _content(self, content: list[Mapping[str, Any]]) -> None:
        assert content, "an empty step is refused"
        for item in content:
            if item["type"] == "text":
                self._sent.say(item["text"])
            else:
                assert (item["type"], item["mime_type"]) == ("image", "image/png")
                self._sent.show(item["data"])


def imagen_rules(request: Request) -> Sent:
    """A prompt and nothing else."""
    sent = Sent()
    (instance,) = request.json["instances"]
    assert set(instance) == {"prompt"}
    sent.say(instance["prompt"].strip())
    return sent
