"""What compose-two.yaml says, without containers: its services as processes, by its own values.

PostgreSQL, an S3 server, one Easel that makes the first administrator, then two of them with what
the file gives to both, and a balancer in Caddy's place that sends each request to the next.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import httpx
import psycopg
import pytest

from chat.core.parts import images
from storage.open import open_conversations, open_media
from tests.haproxy import HAPROXY, balanced
from tests.patience import PATIENCE_S
from tests.postgresql import postgresql_url
from tests.process.disk import until
from tests.process.easel import Easel
from tests.s3 import S3, s3
from tests.unit.test_deploy import SECRETS, composed

__all__ = ["postgresql_url", "s3"]

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(HAPROXY is None, reason="there is no haproxy on this machine"),
]

PASSWORD = "nine red herons"
HERE = "127.0.0.1"


def environments(database_url: str, store: S3) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Of the one Easel and of each of two, with the places of this test in them."""
    one, two = composed()["services"], composed("compose-two.yaml")["services"]
    given = dict(one["easel"]["environment"])
    places = {
        "EASEL_DATABASE_URL": database_url,
        "AWS_ENDPOINT_URL": store.endpoint,
        "FORWARDED_ALLOW_IPS": HERE,
    }
    assert places.keys() <= given.keys()
    alone = {**given, **places}
    assert two["easel"]["environment"] == two["easel2"]["environment"]
    return alone, {**alone, **two["easel"]["environment"]}


def signed(http: httpx.Client, answer: httpx.Response) -> None:
    """Keep the cookie of an answer, as a browser does that came by https."""
    found = re.search(r"(__Host-easel-session=[^;]+)", answer.headers.get("set-cookie", ""))
    assert found, answer.text
    http.headers["Cookie"] = found[1]


def test_two_easels_with_what_the_file_gives_them_are_one_studio(
    postgresql_url: str, s3: S3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS easel_composed WITH (FORCE)")
        connection.execute("CREATE DATABASE easel_composed")
    url = postgresql_url.replace("/postgres?", "/easel_composed?")
    alone, both = environments(url, s3)
    bucket = alone["EASEL_MEDIA_URL"].removeprefix("s3://").partition("/")[0]
    httpx.put(f"{s3.endpoint}/{bucket}", trust_env=False).raise_for_status()
    site = f"https://{SECRETS['STUDIO']}"
    visitor = {
        "Host": SECRETS["STUDIO"], "X-Forwarded-Proto": "https", "Origin": site,
        "Sec-Fetch-Site": "same-origin",
    }  # fmt: skip
    serve = ("serve", "--port", "0")

    with Easel(tmp_path / "data", *serve, **alone) as first:
        link = until(lambda: re.search(r"\?setup=([\w-]+)", first.printed()))[1]
        chosen = {"setup": link, "name": "ada", "password": PASSWORD, "again": PASSWORD}
        begun = first.http.post("/access/begin", data=chosen, headers=visitor)
        assert begun.status_code == 303, begun.text
        assert first.stop() == 0

    with (
        Easel(tmp_path / "data", *serve, **both) as easel,
        Easel(tmp_path / "data2", *serve, **both) as easel2,
        balanced(tmp_path, [easel.port, easel2.port]) as port,
        httpx.Client(
            base_url=f"http://{HERE}:{port}", headers=visitor, trust_env=False, timeout=PATIENCE_S
        ) as http,
    ):
        assert http.get("/api/conversations").status_code == 401
        entered = http.post("/access/enter", data={"name": "ada", "password": PASSWORD})
        signed(http, entered)
        # One sign-in counts at both, whichever is next.
        assert {http.get("/api/settings").status_code for _ in range(4)} == {200}
        conversation = http.post("/api/conversations", json={}).json()["id"]
        body = {"text": "Draw a lake", "client_id": "client-1"}
        asked = http.post(f"/api/conversations/{conversation}/messages", json=body)
        reply = asked.json()["reply"]
        for name, value in both.items():
            monkeypatch.setenv(name, value)
        store, pictures = open_conversations(url), open_media(both["EASEL_MEDIA_URL"])
        try:
            until(lambda: store.message("local", reply).status == "complete")
            (drawn,) = images(store.message("local", reply).parts)
            kept = pictures.get(drawn.media.sha256)
        finally:
            store.close()
        shown = [http.get(f"/media/{drawn.media.sha256}") for _ in range(2)]
        assert [each.content for each in shown] == [kept, kept], "of the bucket, from both"
        # One leaves in good order, and the site is there all the same.
        assert easel2.stop() == 0
        assert {http.get("/api/settings").status_code for _ in range(4)} == {200}
        assert easel.stop() == 0
