"""What OpenAI's three wires demand of a request: a strict server's view."""

import base64
from collections.abc import Mapping
from typing import Any

from chat.providers.shared.requests.thought_signatures import BYPASS_BASE64
from tests.loopback import Request
from tests.wire.drawing import form, values
from tests.wire.switching.sent import Sent

TOOL = "get_weather"


class ChatRules:
    """No pictures but in user turns; tool messages right behind the calls they answer.

    Who hands on signatures wants all words signed; to anybody else none are, or all: a server that
    has sent one before.
    """

    def __init__(self, tool: str = TOOL, *, signs: bool = False) -> None:
        self._tool = tool
        self._signs = signs

    def read(self, request: Request) -> Sent:
        sent = Sent()
        open_calls: list[str] = []
        before = ""
        messages = request.json["messages"]
        for message in messages:
            role, content = message["role"], message.get("content")
            assert role == "tool" or not open_calls, "a call was left without its answer"
            match role:
                case "system":
                    assert before == ""
                case "user":
                    self._user(sent, content)
                case "assistant":
                    assert before not in {"", "assistant"}
                    open_calls = self._assistant(sent, message)
                case "tool":
                    assert message["tool_call_id"] == open_calls.pop(0)
                    sent.words.append(content)
                case _:
                    raise AssertionError(f"an unknown role: {role}")
            before = role
        assert not open_calls
        assert before in {"user", "tool"}
        signed = [
            bool(_signatures(m)) for m in messages if m["role"] == "assistant" and m["content"]
        ]
        if self._signs:
            assert all(signed), "a signature is missing"
        elif any(signed):
            assert all(signed)
        return sent

    def _user(self, sent: Sent, content: object) -> None:
        if isinstance(content, str):
            sent.say(content)
            return
        assert isinstance(content, list)
        assert content, "an empty turn is refused"
        for item in content:
            if item["type"] == "text":
                sent.say(item["text"])
            else:
                sent.show_url(item["image_url"]["url"])

    def _assistant(self, sent: Sent, message: Mapping[str, Any]) -> list[str]:
        calls = message.get("tool_calls", [])
        if message["content"] is None:
            assert calls, "an empty turn is refused"
        else:
            assert message["content"].strip()
            sent.say(message["content"])
        for signature in _signatures(message):
            if signature != BYPASS_BASE64:
                sent.secrets.append(base64.b64decode(signature).decode())
        for detail in message.get("reasoning_details", ()):
            sent.secrets.append(detail["data"])
        for call in calls:
            assert call["function"]["name"] == self._tool
            assert isinstance(call["function"]["arguments"], str)
        return [call["id"] for call in calls]


def _signatures(message: Mapping[str, Any]) -> list[str]:
    found: list[str] = message.get("provider_specific_fields", {}).get("thought_signatures", [])
    return found


class ResponsesRules:
    """A flat list; outputs behind their calls; reasoning only before what came of it."""

    def read(self, request: Request) -> Sent:
        sent = Sent()
        open_calls: list[str] = []
        items = request.json["input"]
        for number, item in enumerate(items):
            kind = item.get("type") or item["role"]
            if open_calls:
                assert kind in {"function_call", "function_call_output", "reasoning"}
            match kind:
                case "user":
                    assert item["content"], "an empty turn is refused"
                    self._content(sent, item["content"])
                case "assistant":
                    assert item["content"].strip()
                    sent.say(item["content"])
                case "reasoning":
                    assert items[number + 1 :][0].get("role") != "user"
                    sent.secrets.append(item["encrypted_content"])
                case "image_generation_call":
                    sent.secrets.append(item["id"])
                    sent.show(item["result"])
                case "function_call":
                    assert len(item["call_id"]) <= 64
                    open_calls.append(item["call_id"])
                case "function_call_output":
                    assert item["call_id"] == open_calls.pop(0)
                    self._output(sent, item["output"])
                case _:
                    raise AssertionError(f"an unknown item: {kind}")
        assert not open_calls, "a call was left without its answer"
        assert items[-1].get("role") == "user" or items[-1]["type"] == "function_call_output"
        return sent

    def _output(self, sent: Sent, output: object) -> None:
        if isinstance(output, str):
            sent.words.append(output)
        else:
            self._content(sent, output)

    def _content(self, sent: Sent, content: Any) -> None:
        for item in content:
            if item["type"] == "input_text":
                sent.say(item["text"])
            else:
                assert item["type"] == "input_image"
                sent.show_url(item["image_url"])


def images_rules(request: Request) -> Sent:
    """A prompt, as JSON or as a form with pictures."""
    sent = Sent()
    if request.path.endswith("/generations"):
        sent.say(request.json["prompt"].strip())
        return sent
    sent.say(values(request)["prompt"].strip())
    for file in form(request):
        if file.filename is None:
            continue
        assert file.mime == "image/png"
        (sent.masks if file.name == "mask" else sent.pictures).append(file.value)
    assert sent.pictures, "there is nothing to change"
    assert len(sent.masks) <= 1
    return sent
