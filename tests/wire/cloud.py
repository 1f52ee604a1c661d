"""A Google Cloud on loopback: a service account with a key of its own, its sign-in, its models."""

import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from chat.core.models import Endpoint
from chat.providers.registry import specs
from tests.loopback import Handler, Loopback, Reply, Request, json_reply
from tests.wire.talk import KEY, PATIENT

TOKEN = "ya29.loopback-token"
PROJECT = {"enterprise": True, "project": "easel-test", "location": "europe-west4"}


def cloud(replies: Sequence[Reply], sign_in: Reply | None = None) -> Loopback:
    """A server that signs a service account in and answers everything else from the list."""
    left = list(replies)
    token = {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}

    def answer(asked: Request) -> Reply:
        if asked.path == "/token":
            return sign_in or json_reply(token)
        return left.pop(0)

    handler: Handler = answer
    return Loopback(handler)


def account_file(folder: Path, server: Loopback) -> str:
    """The path of a service account's JSON file, signed in at this server."""
    file = folder / "account.json"
    account = {
        "type": "service_account",
        "project_id": "not-this-one",
        "private_key_id": "1",
        "private_key": _private_key(),
        "client_email": "easel@easel-test.iam.gserviceaccount.com",
        "token_uri": f"{server.url}/token",
    }
    file.write_text(json.dumps(account), encoding="utf-8")
    return str(file)


@functools.cache
def _private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def express(kind: str, url: str, **options: Any) -> Endpoint:
    """A cloud endpoint opened with an express key."""
    return account(kind, url, KEY, enterprise=True, **options)


def account(kind: str, url: str, key: str, **options: Any) -> Endpoint:
    """An endpoint with this key and these options."""
    return Endpoint(
        id=f"{kind}-test",
        kind=kind,
        title="The test cloud",
        base_url=url,
        api_key=key,
        key_env=("CLOUD_KEY", "CLOUD_FILE"),
        timeouts=PATIENT,
        options=options,
        spec=specs()[kind],
    )
