"""Who may use Easel by its API: whoever has a key, and nobody else by anything else."""

import json
import select
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import httpx
import openai
import pytest

from chat.web.openai_api.described import ChatCompletion, ErrorAnswer, ImagesAnswer
from chat.web.openai_api.whole_body import ARRIVING
from tests.api.conftest import CANVAS, KEY, OTHER_KEY, PHRASE, logged
from tests.patience import PATIENCE_S
from tests.process.easel import Easel
from tests.process.upstream import MODEL, Upstream, tool_call
from tests.unit.turns.workshop import png

ASKED = {"model": "sketch", "messages": [{"role": "user", "content": "Hello."}]}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer wrong-key-wrong-key-wrong"},
        {"Authorization": f"Bearer {PHRASE}"},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": f"Bearer {KEY}x"},
        {"X-Api-Key": KEY},
    ],
)
def test_without_a_key_nothing_of_the_api_answers(easel: Easel, headers: dict[str, str]) -> None:
    for method, path in (("GET", "/v1/models"), ("POST", "/v1/chat/completions"), ("GET", "/v1/x")):
        answer = easel.http.request(method, path, headers=headers, json=ASKED)
        assert answer.status_code == 401, (path, answer.text)
        assert answer.json()["error"]["code"] == "invalid_api_key"
        assert answer.headers["www-authenticate"] == "Bearer"


def test_the_page_s_cookie_opens_the_page_and_not_the_api(easel: Easel) -> None:
    with httpx.Client(base_url=easel.address, trust_env=False) as browser:
        origin = {"Origin": easel.address}
        assert (
            browser.post("/access/enter", data={"phrase": PHRASE}, headers=origin).status_code
            == 303
        )
        assert browser.get("/api/models").status_code == 200
        assert browser.post("/v1/chat/completions", json=ASKED).status_code == 401
        browser.cookies.clear()
        signed = {"Authorization": f"Bearer {KEY}"}
        assert browser.get("/v1/models", headers=signed).status_code == 200
        assert browser.get("/api/models", headers=signed).status_code == 401
        assert browser.get("/", headers=signed).status_code == 401


def test_no_page_of_another_site_can_use_it(raw: httpx.Client) -> None:
    strange = {"Origin": "https://evil.example"}
    answer = raw.post("/v1/chat/completions", json=ASKED, headers=strange)
    assert answer.status_code == 403
    assert answer.json()["error"]["type"] == "permission_error"
    asked = {**strange, "Access-Control-Request-Method": "POST"}
    for answer in (raw.options("/v1/chat/completions", headers=asked), raw.get("/v1/models")):
        assert not [name for name in answer.headers if name.startswith("access-control")]
    named = raw.get("/v1/models", headers={"Host": "evil.example"})
    assert named.status_code == 400
    assert named.json()["error"]["type"] == "invalid_request_error"


def test_each_key_is_in_the_log_by_its_name_alone(easel: Easel, client: openai.OpenAI) -> None:
    client.models.list()
    with openai.OpenAI(api_key=OTHER_KEY, base_url=f"{easel.address}/v1", max_retries=0) as other:
        other.models.list()
    log = logged(easel)
    assert "by the key laptop" in log
    assert "by the key batch" in log
    assert KEY not in log
    assert OTHER_KEY not in log


def test_without_keys_there_is_no_api(tmp_path: Path) -> None:
    with Easel(tmp_path / "data") as easel:
        answer = easel.http.get("/v1/models", headers={"Authorization": f"Bearer {KEY}"})
        assert answer.status_code == 404
        assert "EASEL_API_KEYS" in answer.json()["error"]["message"]


def test_more_than_a_body_may_hold_is_refused_before_it_came(easel: Easel) -> None:
    line = HTTPConnection("127.0.0.1", easel.port, timeout=PATIENCE_S)
    with closing(line):
        line.putrequest("POST", "/v1/chat/completions")
        line.putheader("Authorization", f"Bearer {KEY}")
        line.putheader("Content-Length", str(10**9))
        line.endheaders(b"{")
        answer = line.getresponse()
        told = json.loads(answer.read(1000))
    assert answer.status == 413
    assert told["error"]["message"] == "The request is larger than Easel takes."


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/mcp"])
def test_one_key_whose_bodies_do_not_end_keeps_no_other_out(easel: Easel, path: str) -> None:
    with ExitStack() as stack:
        lines = [
            stack.enter_context(closing(HTTPConnection("127.0.0.1", easel.port, PATIENCE_S)))
            for _ in range(ARRIVING + 1)
        ]
        for line in lines:
            line.putrequest("POST", path)
            line.putheader("Authorization", f"Bearer {KEY}")
            line.putheader("Content-Type", "application/json")
            line.putheader("Content-Length", "1000")
            line.endheaders(b"{")
        # One is told that there is no room: so the others have it all.
        readable, _, _ = select.select([line.sock for line in lines], [], [], PATIENCE_S)
        assert readable
        other = {"Authorization": f"Bearer {OTHER_KEY}"}
        answer = easel.http.post("/v1/chat/completions", headers=other, json=ASKED)
        assert answer.status_code == 200, answer.text


def test_an_address_that_the_api_does_not_have_is_said_in_its_form(raw: httpx.Client) -> None:
    for method, path in (("POST", "/v1/embeddings"), ("DELETE", "/v1/models"), ("GET", "/v1")):
        answer = raw.request(method, path)
        assert answer.status_code == 404, path
        assert answer.json()["error"]["message"]


def test_the_api_is_described_where_easel_is_developed(easel: Easel) -> None:
    signed = {"Authorization": f"Bearer {PHRASE}"}
    described = easel.http.get("/openapi.json", headers=signed).json()
    asked = described["paths"]["/v1/chat/completions"]["post"]["requestBody"]["content"]
    assert asked["application/json"]["schema"]["$ref"].endswith("/ChatAsked")
    for path in ("/v1/chat/completions", "/v1/images/generations", "/v1/images/edits"):
        answers = described["paths"][path]["post"]["responses"]
        assert answers["200"]["content"]["application/json"]["schema"]["$ref"]
        error = answers["default"]["content"]["application/json"]["schema"]["$ref"]
        assert error.endswith("/ErrorAnswer")


def test_what_is_answered_is_what_is_described(raw: httpx.Client, upstream: Upstream) -> None:
    upstream.says("It is ", png("red"), tool_call("weather", place="Bern"), finish="tool_calls")
    tool = {"type": "function", "function": {"name": "weather"}}
    body = {**ASKED, "model": f"openai-text:{MODEL}", "tools": [tool]}
    told = ChatCompletion.model_validate_json(raw.post("/v1/chat/completions", json=body).content)
    message = told.choices[0].message
    assert message.images
    assert message.tool_calls
    upstream.says("Here: ", png("red"))
    drawn = {"prompt": "a pond", "model": f"openai-image:{CANVAS}"}
    made = raw.post("/v1/images/generations", json=drawn)
    assert ImagesAnswer.model_validate_json(made.content).usage
    wrong = raw.post("/v1/chat/completions", json={})
    assert ErrorAnswer.model_validate_json(wrong.content).error.param == "model"
