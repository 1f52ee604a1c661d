"""A provider that is set up while Easel runs answers at once; its key is nowhere but with it."""

import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storage.keys.places import KeyPlaces
from tests.loopback import Loopback, Reply, Request, json_reply, text_reply
from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.program import ROOT
from tests.wire_shapes import openai_stream

pytestmark = pytest.mark.process

KEY = "sk-page-Qw7Er8Ty9Ui0Op1As2Df"
OTHER = "sk-page-Zx3Cv4Bn5Mm6Lk7Jh8Gf"
NEW = "new:openai_chat:1"
ROUTES = ("/v1/models", "/v1/model/info", "/v1/chat/completions")


class Provider:
    """Lists two models and answers, to who brings the key that holds."""

    def __init__(self) -> None:
        self.key = KEY
        self.asked_with: list[str] = []

    def answer(self, request: Request) -> Reply:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if request.path.startswith("/page"):
            return text_reply("<html>Sign in</html>")
        if request.path.partition("?")[0] not in ROUTES:
            return json_reply({"detail": "Not Found"}, 404)
        if given != self.key:
            return json_reply({"error": {"message": f"Incorrect API key: {given}"}}, 401)
        if request.method == "GET":
            names = ("easel-words", "easel-image", "whisper-1")
            return json_reply({"data": [{"id": name, "object": "model"} for name in names]})
        self.asked_with.append(given)
        return openai_stream(["Understood."])


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def server(provider: Provider) -> Iterator[Loopback]:
    with Loopback(provider.answer) as running:
        yield running


def form(server: Loopback, **more: Any) -> dict[str, Any]:
    values = {"address": f"{server.url}/v1", "title": "Home"}
    return {"provider": NEW, "values": values, "key": KEY, **more}


def models(easel: Easel) -> list[str]:
    groups = easel.http.get("/api/models").json()["groups"]
    return [row["id"] for group in groups for row in group["models"] if not group["reason"]]


def said(easel: Easel, model: str) -> Any:
    conversation = easel.begin()
    easel.set(conversation, model=model)
    return easel.awaited(easel.ask(conversation, "Hello."), Disk(easel.folder).ended)


def everything(folder: Path) -> bytes:
    return b"\n".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_a_provider_answers_at_once_and_after_a_restart_and_its_key_is_in_no_file(
    tmp_path: Path, server: Loopback, provider: Provider
) -> None:
    with Easel(tmp_path / "data") as easel:
        tried = easel.post("/api/providers/trial", form(server))
        assert tried["works"], tried
        assert {each["name"] for each in tried["models"]} == {"easel-words", "easel-image"}
        kept = easel.post("/api/providers", form(server, chosen=["easel-words"]))
        (shown,) = kept["set_up"]
        assert (shown["title"], shown["state"]) == ("Home", "ready")
        assert shown["key"] == f"Key ends with {KEY[-4:]}"
        assert models(easel)[0] == "home:easel-words"
        assert "home:easel-image" not in models(easel)
        assert said(easel, "home:easel-words").status == "complete"
        easel.stop()
        easel.start()
        assert said(easel, "home:easel-words").status == "complete"
        pages = [easel.http.get(path).text for path in ("/api/providers", "/api/models", "/")]
        pages.append(easel.http.get("/api/providers/rows").text)
        assert 'listed_only = ["easel-words"]' in pages[-1]
        easel.stop()
        for plain, and_keys in (("backup", []), ("with-keys", ["--with-keys"])):
            back_up = [sys.executable, "-m", "storage.backup", "--data", str(easel.folder)]
            subprocess.run([*back_up, *and_keys, str(tmp_path / plain)], cwd=ROOT, check=True)
        log = easel.log()
    assert provider.asked_with == [KEY, KEY]
    for text in (*pages, log):
        assert KEY not in text
    assert KEY.encode() not in everything(tmp_path)
    modes = {
        name: stat.S_IMODE((tmp_path / "data" / name).stat().st_mode)
        for name in ("keys.key", "keys.enc", "models-added.toml")
    }
    assert modes == dict.fromkeys(modes, 0o600)
    assert not list((tmp_path / "backup").glob("keys*"))
    assert (tmp_path / "backup" / "models-added.toml").is_file()
    assert KeyPlaces(tmp_path / "with-keys", {}).read().keys == {"HOME_KEY": KEY}


def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_kept(
    tmp_path: Path, server: Loopback
) -> None:
    port = server.url.rpartition(":")[2]
    cases = [
        (form(server, key=OTHER), "did not accept the key"),
        ({**form(server), "values": {"address": f"https://127.0.0.1:{port}/v1"}}, ""),
        ({**form(server), "values": {"address": f"{server.url}/page"}}, "web page"),
        ({**form(server), "values": {"address": "http://nowhere.invalid/v1"}}, ""),
    ]
    with Easel(tmp_path / "data") as easel:
        sentences = []
        for body, part in cases:
            tried = easel.post("/api/providers/trial", body)
            assert not tried["works"]
            assert part in tried["sentence"], tried
            sentences.append(tried["sentence"])
        refused = [
            ({"address": "ftp://somewhere"}, KEY, "must begin with http:// or https://"),
            ({"address": "http://169.254.169.254/v1"}, KEY, "belongs to the network itself"),
            ({"address": ""}, KEY, "“Address” is missing."),
            ({"address": server.url}, "two words", "holds a space"),
        ]
        for values, key, part in refused:
            body = {"provider": NEW, "values": values, "key": key}
            answered = easel.http.post("/api/providers", json=body)
            assert answered.status_code == 422, answered.text
            assert part in answered.json()["error"]
        assert easel.http.get("/api/providers").json()["set_up"] == []
        assert not (easel.folder / "models-added.toml").exists()
        easel.stop()
        log = easel.log()
    for text in (*sentences, log):
        assert KEY not in text
        assert OTHER not in text


def test_a_key_is_changed_and_a_provider_switched_off_and_removed_without_a_restart(
    tmp_path: Path, server: Loopback, provider: Provider
) -> None:
    with Easel(tmp_path / "data") as easel:
        easel.post("/api/providers", form(server))
        assert said(easel, "home:easel-image").status == "complete"
        provider.key = OTHER
        assert said(easel, "home:easel-image").status == "failed"
        (refused,) = easel.http.get("/api/providers").json()["set_up"]
        assert (refused["state"], bool(refused["refused_at"])) == ("failing", True)
        values = {"address": f"{server.url}/v1", "title": "Home"}
        easel.post("/api/providers", {"provider": "home", "values": values, "key": OTHER})
        assert said(easel, "home:easel-image").status == "complete"
        assert provider.asked_with == [KEY, OTHER]
        (shown,) = easel.http.get("/api/providers").json()["set_up"]
        assert (shown["state"], shown["refused_at"]) == ("ready", "")
        assert shown["usage"] == "3 conversations with its models"
        off = easel.http.patch("/api/providers/home", json={"on": False}).json()
        assert [each["state"] for each in off["set_up"]] == ["off"]
        assert models(easel) == ["sketch"]
        easel.http.patch("/api/providers/home", json={"on": True})
        assert "home:easel-image" in models(easel)
        gone = easel.http.delete("/api/providers/home").json()
        assert gone["set_up"] == []
        assert models(easel) == ["sketch"]
        assert easel.http.delete("/api/providers/home").status_code == 404


def test_what_a_server_said_when_it_was_saved_is_told_and_its_models_stay(
    tmp_path: Path, server: Loopback, provider: Provider
) -> None:
    host = server.url.removeprefix("http://")
    row_id = host.replace(".", "-").replace(":", "-")
    with Easel(tmp_path / "data") as easel:
        # As it is copied from a description: without its scheme, with the route of a call behind.
        values = {"address": f"{host}/v1/chat/completions", "title": ""}
        body = {"provider": NEW, "values": values, "key": OTHER}
        refused = f"{host} did not accept the key."
        tried = easel.post("/api/providers/trial", body)
        assert tried["sentence"].startswith(f"{refused} Check its key. It said:")
        assert tried["address"] == f"{server.url}/v1"
        kept = easel.post("/api/providers", body)
        (shown,) = kept["set_up"]
        assert (shown["id"], shown["title"], shown["state"]) == (row_id, host, "failing")
        assert shown["reason"].startswith(f"{refused} Check its key. It said:")
        assert shown["form"]["fields"][0]["value"] == f"{server.url}/v1"
        assert kept["noted"] == f"The address is taken as {server.url}/v1."
        menu = easel.http.get("/api/models").json()
        assert menu["sets_up"]
        assert [g["trouble"] for g in menu["groups"] if g["id"] == row_id] == [
            shown["reason"].replace("Check its key.", "Check its key under “Models and keys”.")
        ]

        values = {"address": host, "title": ""}
        right = easel.post("/api/providers", {"provider": row_id, "values": values, "key": KEY})
        assert [each["state"] for each in right["set_up"]] == ["ready"]
        assert right["noted"] == f"The address is taken as {server.url}/v1."
        assert f"{row_id}:easel-words" in models(easel)
        wrong = easel.post("/api/providers", {"provider": row_id, "values": values, "key": OTHER})
        assert [each["state"] for each in wrong["set_up"]] == ["failing"]
        assert f"{row_id}:easel-words" in models(easel)
        reply = said(easel, f"{row_id}:easel-words")
        assert "Check its key under “Models and keys”." in reply.finish.message
        assert "_KEY" not in reply.finish.message
        assert reply.finish.actions == ("other_model", "keys", "retry")
        provider.key = OTHER
        easel.http.post(f"/api/endpoints/{row_id}/test", json={})
        assert easel.http.get("/api/providers").json()["set_up"][0]["state"] == "ready"
