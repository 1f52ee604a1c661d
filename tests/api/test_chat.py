"""A program talks with Easel's models through OpenAI's client, as it would with OpenAI."""

import base64
import io
import json
import re
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import httpx
import openai
import pytest
from PIL import Image

from chat.images.dataurl import read_data_url, write_data_url
from tests.api.conftest import KEY
from tests.loopback import Gate, json_reply
from tests.patience import PATIENCE_S
from tests.process.easel import Easel
from tests.process.upstream import MODEL, Upstream, tool_call
from tests.unit.turns.workshop import png

HELLO: Any = [{"role": "user", "content": "Hello."}]
TOOLS: Any = [
    {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "The weather of a place.",
            "parameters": {"type": "object", "properties": {"place": {"type": "string"}}},
        },
    }
]
NAMED = f"openai-text:{MODEL}"


def test_the_models_are_listed_and_each_can_be_looked_up(client: openai.OpenAI) -> None:
    listed = {model.id: model for model in client.models.list()}
    assert {"sketch", NAMED} <= set(listed)
    for model in listed.values():
        assert client.models.retrieve(model.id) == model


def test_an_answer_comes_whole_with_what_it_used(client: openai.OpenAI, upstream: Upstream) -> None:
    upstream.says("Good ", "morning.")
    system: Any = {"role": "system", "content": "Be brief."}
    made = client.chat.completions.create(model=NAMED, messages=[system, *HELLO])
    (choice,) = made.choices
    assert (choice.message.content, choice.finish_reason) == ("Good morning.", "stop")
    assert made.model == NAMED
    assert made.usage is not None
    assert (made.usage.prompt_tokens, made.usage.completion_tokens) == (10, 1429)
    (asked,) = upstream.server.requests
    assert asked.json["messages"] == [system, *HELLO]


def test_a_stream_brings_words_and_pictures_in_their_order(
    client: openai.OpenAI, upstream: Upstream
) -> None:
    upstream.says("Here “ü”:", png("red"), "and there.", png("blue"))
    stream = client.chat.completions.create(
        model=NAMED, messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    said: list[object] = []
    last = None
    for chunk in stream:
        last = chunk
        for choice in chunk.choices:
            if choice.delta.content:
                said.append(choice.delta.content)
            for image in getattr(choice.delta, "images", None) or ():
                said.append((image["index"], image["offset"]))
                found = read_data_url(image["image_url"]["url"], 10**6)
                assert found == png("red" if image["index"] == 0 else "blue")
    assert said == ["Here “ü”:", (0, 9), "and there.", (1, 19)]
    assert last is not None
    assert last.usage is not None
    assert (last.choices, last.usage.completion_tokens) == ([], 1429)


def test_a_whole_answer_says_where_among_its_words_each_picture_stands(
    client: openai.OpenAI, upstream: Upstream
) -> None:
    upstream.says("One", png("red"), "two", png("blue"))
    made = client.chat.completions.create(model=NAMED, messages=HELLO)
    message: Any = made.choices[0].message
    assert message.content == "Onetwo"
    assert [(each["index"], each["offset"]) for each in message.images] == [(0, 3), (1, 6)]
    urls = [each["image_url"]["url"] for each in message.images]
    assert [read_data_url(url, 10**6) for url in urls] == [png("red"), png("blue")]


def test_the_offline_painter_draws_and_edits_what_it_drew(client: openai.OpenAI) -> None:
    asked: Any = [{"role": "user", "content": "draw a red fox"}]
    first: Any = client.chat.completions.create(
        model="sketch", messages=asked, extra_body={"modalities": ["text", "image"]}
    )
    said = first.choices[0].message
    (drawn,) = said.images
    assert drawn["image_url"]["url"].startswith("data:image/png;base64,")
    asked += [
        {"role": "assistant", "content": said.content, "images": said.images},
        {"role": "user", "content": "make it blue"},
    ]
    again: Any = client.chat.completions.create(model="sketch", messages=asked)
    (edited,) = again.choices[0].message.images
    assert edited["image_url"]["url"] != drawn["image_url"]["url"]


def file_part(data: bytes, **more: str) -> dict[str, Any]:
    url = write_data_url(data, "application/octet-stream")
    return {"type": "file", "file": {"file_data": url, "filename": "a.csv", **more}}


def test_files_go_to_the_model_as_text_between_marks(
    client: openai.OpenAI, upstream: Upstream
) -> None:
    upstream.says("17.")
    digits = base64.b64encode(b"# Notes").decode()
    parts = [
        {"type": "text", "text": "Add them up."},
        file_part(b"month,sum\nMay,17\n"),
        file_part(b"", file_data=digits, filename="notes.md"),
        file_part(png("red"), filename="fox.png"),
    ]
    asked: Any = [{"role": "user", "content": parts}]
    client.chat.completions.create(model=NAMED, messages=asked)
    (request,) = upstream.server.requests
    content = request.json["messages"][-1]["content"]
    words = "".join(part["text"] for part in content if part["type"] == "text")
    assert "@file1, “a.csv” (CSV" in words
    assert "month,sum\nMay,17\n" in words
    assert "@file2, “notes.md” (Markdown" in words
    assert [part["type"] for part in content if part["type"] != "text"] == ["image_url"]


def test_a_file_that_cannot_go_along_is_refused_with_the_place(raw: httpx.Client) -> None:
    for part, code, words in (
        (file_part(b"MZ" + bytes(90)), "invalid_image", "its bytes are no text"),
        (file_part(b"", file_data="", file_id="file-1"), "unsupported_value", "data URL"),
        (file_part(b"", file_data="data:;base64,###"), "invalid_image", "garbled"),
        (file_part(b"secret project x"), "content_policy_violation", "House rules"),
    ):
        body = {"model": NAMED, "messages": [{"role": "user", "content": [part]}]}
        answer = raw.post("/v1/chat/completions", json=body)
        assert answer.status_code == 400
        error = answer.json()["error"]
        assert error["code"] == code
        assert words in error["message"]


@pytest.mark.parametrize("large", [False, True])
def test_pictures_go_to_the_model_as_clean_copies(
    client: openai.OpenAI, upstream: Upstream, large: bool
) -> None:
    """A large one is taken out of the body before it is read as JSON."""
    out = io.BytesIO()
    if large:
        noise = Image.frombytes("RGB", (400, 400), bytes(range(256)) * 1875)
        noise.save(out, "PNG", compress_level=0)
    else:
        Image.new("RGB", (20, 10), "lime").save(out, "GIF")
    mime = "image/png" if large else "image/gif"
    shown: Any = [
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "What is it?"},
                {"type": "image_url", "image_url": {"url": write_data_url(out.getvalue(), mime)}},
            ],
        }
    ]
    client.chat.completions.create(model=NAMED, messages=shown)
    (asked,) = upstream.server.requests
    content = asked.json["messages"][0]["content"]
    assert {"type": "text", "text": "What is it?"} in content
    (sent,) = (part["image_url"]["url"] for part in content if part["type"] == "image_url")
    assert sent.startswith("data:image/png;base64,")
    arrived = io.BytesIO(read_data_url(sent, 10**7))
    with Image.open(arrived) as picture, Image.open(out) as given:
        assert picture.convert("RGB").tobytes() == given.convert("RGB").tobytes()


@pytest.mark.parametrize("streams", [False, True])
def test_a_tool_of_the_program_is_called_and_its_answer_goes_back(
    client: openai.OpenAI, upstream: Upstream, streams: bool
) -> None:
    upstream.says(tool_call("weather", place="Bern"), finish="tool_calls")
    upstream.says("It rains.")
    asked: Any = [{"role": "user", "content": "How is the weather in Bern?"}]
    if streams:
        calls: dict[int, Any] = {}
        reason = None
        for chunk in client.chat.completions.create(
            model=NAMED, messages=asked, tools=TOOLS, stream=True
        ):
            for choice in chunk.choices:
                reason = choice.finish_reason or reason
                for call in choice.delta.tool_calls or ():
                    calls[call.index] = call
        called = list(calls.values())
    else:
        made = client.chat.completions.create(model=NAMED, messages=asked, tools=TOOLS)
        reason = made.choices[0].finish_reason
        called = list(made.choices[0].message.tool_calls or ())
    assert reason == "tool_calls"
    (call,) = called
    assert json.loads(call.function.arguments) == {"place": "Bern"}
    function = {"name": "weather", "arguments": call.function.arguments}
    asked += [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": call.id, "type": "function", "function": function}],
        },
        {"role": "tool", "tool_call_id": call.id, "content": "rain, 9 °C"},
    ]
    final = client.chat.completions.create(model=NAMED, messages=asked, tools=TOOLS)
    assert final.choices[0].message.content == "It rains."
    sent = upstream.server.requests[-1].json
    assert [tool["function"]["name"] for tool in sent["tools"]] == ["weather"]
    assert [message["role"] for message in sent["messages"]] == ["user", "assistant", "tool"]
    assert sent["messages"][2]["content"] == "rain, 9 °C"
    assert sent["messages"][2]["tool_call_id"] == sent["messages"][1]["tool_calls"][0]["id"]


CHOICES: list[tuple[Any, Any]] = [
    ("auto", None),
    ("required", "required"),
    (
        {"type": "function", "function": {"name": "weather"}},
        {"type": "function", "function": {"name": "weather"}},
    ),
]


@pytest.mark.parametrize(("choice", "sent"), CHOICES)
def test_which_tool_has_to_be_called_is_passed_on(
    client: openai.OpenAI, upstream: Upstream, choice: Any, sent: Any
) -> None:
    upstream.says(tool_call("weather", place="Bern"), finish="tool_calls")
    client.chat.completions.create(model=NAMED, messages=HELLO, tools=TOOLS, tool_choice=choice)
    assert upstream.server.requests[0].json.get("tool_choice") == sent


def test_a_tool_that_is_not_there_cannot_have_to_be_called(client: openai.OpenAI) -> None:
    choice: Any = {"type": "function", "function": {"name": "launch"}}
    with pytest.raises(openai.BadRequestError, match="names no tool"):
        client.chat.completions.create(model=NAMED, messages=HELLO, tools=TOOLS, tool_choice=choice)


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize(
    ("native", "reason"), [("stop", "stop"), ("length", "length"), ("content_filter", None)]
)
def test_how_an_answer_ended_is_told(
    client: openai.OpenAI, upstream: Upstream, native: str, reason: str | None, streams: bool
) -> None:
    """What its provider cut short for its content says so."""
    upstream.says("Half a ", finish=native)
    if streams:
        stream = client.chat.completions.create(model=NAMED, messages=HELLO, stream=True)
        told = [choice.finish_reason for chunk in stream for choice in chunk.choices]
        (ended,) = filter(None, told)
    else:
        made = client.chat.completions.create(model=NAMED, messages=HELLO)
        ended = made.choices[0].finish_reason
        assert made.choices[0].message.content == "Half a "
    assert ended == (reason or "content_filter")


@pytest.mark.parametrize("streams", [False, True])
def test_several_answers_are_asked_for_side_by_side(
    client: openai.OpenAI, upstream: Upstream, streams: bool
) -> None:
    upstream.says("One.")
    upstream.says("One.")
    if streams:
        said = {0: "", 1: ""}
        for chunk in client.chat.completions.create(model=NAMED, messages=HELLO, n=2, stream=True):
            for choice in chunk.choices:
                said[choice.index] += choice.delta.content or ""
    else:
        made = client.chat.completions.create(model=NAMED, messages=HELLO, n=2)
        said = {choice.index: choice.message.content or "" for choice in made.choices}
        assert made.usage is not None
        assert made.usage.completion_tokens == 2 * 1429
    assert said == {0: "One.", 1: "One."}


FAULTS = [
    (401, openai.InternalServerError, "provider_refused_key"),
    (429, openai.RateLimitError, "rate_limit_exceeded"),
    (400, openai.BadRequestError, "provider_rejected"),
    (404, openai.NotFoundError, "model_not_found"),
    (500, openai.InternalServerError, "provider_unavailable"),
]


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize(("status", "kind", "code"), FAULTS)
def test_a_fault_of_the_provider_has_the_status_that_clients_act_on(
    client: openai.OpenAI, upstream: Upstream, status: int, kind: Any, code: str, streams: bool
) -> None:
    """Its own key refused is no fault of the program's key."""
    for _ in range(4):
        fault = {"error": {"message": "no", "type": "x", "code": code}}
        upstream.answers(json_reply(fault, status, {"retry-after": "0"}))
    with pytest.raises(kind) as met:
        client.chat.completions.create(model=NAMED, messages=HELLO, stream=streams)
    assert met.value.code == code
    assert met.value.body["message"]


def test_a_stream_that_breaks_off_says_so_behind_what_came(
    client: openai.OpenAI, upstream: Upstream
) -> None:
    upstream.says("Half an ", finish=None)
    stream = client.chat.completions.create(model=NAMED, messages=HELLO, stream=True)
    said: list[str] = []
    with pytest.raises(openai.APIError, match="broke off"):
        said.extend(chunk.choices[0].delta.content or "" for chunk in stream)
    assert "".join(said) == "Half an "


@pytest.mark.parametrize("streams", [False, True])
def test_a_program_that_leaves_ends_the_call_of_the_model(
    easel: Easel, upstream: Upstream, streams: bool
) -> None:
    gate = Gate()
    upstream.says("Once ", gate, "upon a time.")
    body = json.dumps({"model": NAMED, "messages": HELLO, "stream": streams})
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    with closing(HTTPConnection("127.0.0.1", easel.port, timeout=PATIENCE_S)) as line:
        line.request("POST", "/v1/chat/completions", body, headers)
        assert gate.reached.wait(PATIENCE_S)
    assert upstream.server.requests[0].gone.wait(PATIENCE_S), "the model was left talking"
    gate.open()


@pytest.mark.parametrize("streams", [False, True])
def test_the_house_s_guards_hold_for_programs(
    client: openai.OpenAI, upstream: Upstream, streams: bool
) -> None:
    asked: Any = [{"role": "user", "content": "Tell of our secret project."}]
    with pytest.raises(openai.BadRequestError) as met:
        client.chat.completions.create(model=NAMED, messages=asked, stream=streams)
    assert met.value.code == "content_policy_violation"
    assert upstream.server.requests == []


def test_what_a_request_wants_beyond_easel_is_named_in_the_answer(raw: httpx.Client) -> None:
    body = {"model": NAMED, "messages": HELLO, "temperature": 0.2, "user": "me"}
    answer = raw.post("/v1/chat/completions", json=body)
    assert answer.status_code == 200
    assert answer.headers["x-easel-left-out"] == "temperature"


def test_nothing_that_a_program_asks_is_kept(
    client: openai.OpenAI, upstream: Upstream, easel: Any
) -> None:
    upstream.says("A picture: ", png("navy"))
    client.chat.completions.create(model=NAMED, messages=HELLO)
    signed = {"Authorization": "Bearer open, o open"}
    listed = easel.http.get("/api/conversations", headers=signed).json()
    assert listed["conversations"] == []
    kept = (file.name for file in (easel.folder / "media").rglob("*") if file.is_file())
    assert [name for name in kept if re.match("[0-9a-f]{64}", name)] == []


BOMB = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"\0" * 4000).decode()
LINK = {"type": "image_url", "image_url": {"url": "http://169.254.169.254/latest/meta-data"}}
FILE = {"type": "image_url", "image_url": {"url": "file:///etc/passwd"}}
CALL = {"id": "a", "type": "function", "function": {"name": "x", "arguments": "[" * 5000}}
NO_NUMBER = {"id": "a", "type": "function", "function": {"name": "x", "arguments": '{"a": NaN}'}}


def described(argument: dict[str, Any]) -> dict[str, Any]:
    """A tool with this argument."""
    parameters = {"type": "object", "properties": {"a": argument}}
    return {"type": "function", "function": {"name": "x", "parameters": parameters}}


HOSTILE: dict[str, tuple[bytes | dict[str, Any], int]] = {
    "no JSON": (b'{"model": ', 400),
    "a tower of brackets": (b"[" * 200_000, 400),
    "a million parts": (b'{"model":"m","messages":[' + b"[]," * 700_000 + b"[]]}", 400),
    "no object": (b'"sketch"', 400),
    "a broken picture": (
        {"model": "sketch", "messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{BOMB}"}}]}]}, 400),
    "the metadata of a cloud": (
        {"model": "sketch", "messages": [{"role": "user", "content": [LINK]}]}, 400),
    "a file of the machine": (
        {"model": "sketch", "messages": [{"role": "user", "content": [FILE]}]}, 400),
    "an answer to no call": (
        {"model": NAMED, "messages": [*HELLO, {"role": "tool", "tool_call_id": "x",
                                               "content": "granted"}]}, 400),
    "arguments without an end": (
        {"model": NAMED, "messages": [*HELLO, {"role": "assistant", "tool_calls": [CALL]}]}, 400),
    "a model like a path": ({"model": "../../etc/passwd", "messages": HELLO}, 404),
    "a number for words": ({"model": NAMED, "messages": [{"role": "user", "content": 7}]}, 400),
    "a tool with no number": (
        {"model": NAMED, "messages": HELLO, "tools": [described({"default": float("inf")})]}, 400),
    "a tool with half a letter": (
        {"model": NAMED, "messages": HELLO, "tools": [described({"title": "\ud800"})]}, 400),
    "a call with no number": (
        {"model": NAMED, "messages": [*HELLO, {"role": "assistant", "tool_calls": [NO_NUMBER]}]},
        400),
    "half a letter": ({"model": NAMED, "messages": [{"role": "user", "content": "\ud800"}]}, 200),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_body_is_answered_in_words(raw: httpx.Client, name: str) -> None:
    body, status = HOSTILE[name]
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = raw.post(
        "/v1/chat/completions", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == status, answer.text
    if status != 200:
        error = answer.json()["error"]
        assert set(error) == {"message", "type", "param", "code"}
        assert error["type"] == "invalid_request_error"
        assert "Traceback" not in answer.text
    assert raw.get("/healthz").status_code == 200
