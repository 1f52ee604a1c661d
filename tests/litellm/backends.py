"""Everything that stands behind the proxy, as one server on loopback, and the proxy's list of it.

Which backend is meant shows in the path that is asked.
"""

import base64
from collections.abc import Callable, Sequence
from typing import Any, Self, TypeAlias

from tests.loopback import Loopback, Reply, Request, json_reply
from tests.wire.switching.strict import sentence, unsigned
from tests.wire_shapes import GEMINI_USAGE, gemini_chunk, gemini_picture

Plain: TypeAlias = str | bytes | dict[str, Any]
"""A part of a reply that comes in one piece: words, a picture, or a part as it is."""

NO_REPLY = json_reply({"error": {"message": "No reply is left in the list."}}, 500)


class Backends:
    """Answers what a test told it to, in that order, whichever backend is asked.

    Gemini, which is always of the third generation here, refuses a history that is not signed.
    """

    def __init__(self) -> None:
        self.server = Loopback(self._answer)
        self._next: list[Reply] = []
        self._behind: Callable[[Request], Reply | None] = lambda _: None
        self.linked: dict[str, bytes] = {}
        """Pictures by the path under which a link leads to them."""
        self.refused: list[str] = []
        """What was refused for want of a signature, in Google's words."""

    def says(self, *replies: Reply) -> None:
        """Give these answers to the next requests."""
        self._next += replies

    def answers(self, behind: Callable[[Request], Reply | None]) -> None:
        """Let this answer every request that it has an answer for."""
        self._behind = behind

    def forget(self) -> None:
        """Start anew for the next test."""
        self.answers(lambda _: None)
        self._next.clear()
        self.linked.clear()
        self.refused.clear()
        self.server.requests.clear()

    @property
    def asked(self) -> list[Request]:
        """The requests for models so far."""
        return [request for request in self.server.requests if request.method == "POST"]

    def _answer(self, request: Request) -> Reply:
        if request.method == "GET" and request.path in self.linked:
            picture = self.linked[request.path]
            told = {"content-type": "image/png"}
            return Reply((picture,), headers=told, promised_bytes=len(picture))
        if "enerateContent" in request.path:
            missing = next(unsigned(request.json["contents"]), None)
            if missing is not None:
                self.refused.append(sentence(*missing))
                return google_error(400, "INVALID_ARGUMENT", self.refused[-1])
        reply = self._behind(request)
        return reply or (self._next.pop(0) if self._next else NO_REPLY)

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self.server.__exit__(*error)


def gemini_answer(*parts: Plain, finish: str = "STOP") -> Reply:
    """A Gemini reply in one piece."""
    told = [_part(part) for part in parts]
    whole = gemini_chunk(told, finishReason=finish)
    return json_reply({**whole, "usageMetadata": GEMINI_USAGE})


def _part(part: Plain) -> dict[str, Any]:
    if isinstance(part, dict):
        return part
    return {"text": part} if isinstance(part, str) else gemini_picture(part)


def prompt_block(reason: str) -> dict[str, Any]:
    """What Gemini answers where it refuses before it begins."""
    return {"promptFeedback": {"blockReason": reason}, "usageMetadata": {"promptTokenCount": 4}}


def google_error(status: int, word: str, sentence: str) -> Reply:
    """An error as Google's servers state it."""
    return json_reply({"error": {"code": status, "message": sentence, "status": word}}, status)


def digits(picture: bytes) -> str:
    """A picture as JSON carries it."""
    return base64.b64encode(picture).decode()


def sent_pictures(contents: Sequence[dict[str, Any]]) -> list[list[bytes]]:
    """The pictures of each turn that reached Gemini, in either spelling and either alphabet."""
    turns = []
    for content in contents:
        found = []
        for part in content["parts"]:
            data = part.get("inlineData") or part.get("inline_data")
            if data:
                found.append(base64.b64decode(data["data"].translate(_URL_SAFE)))
        turns.append(found)
    return turns


_URL_SAFE = str.maketrans("-_", "+/")


def model_list(url: str) -> list[dict[str, Any]]:
    """The proxy's models: each backend of LiteLLM that can be had on loopback."""
    google = {"api_base": f"{url}/v1beta", "api_key": "google-key"}
    cloud = {"vertex_project": "easel-test", "vertex_location": "us-central1"}
    place = f"{url}/v1/projects/easel-test/locations/us-central1/publishers/google/models"
    openai = {"api_base": f"{url}/v1", "api_key": "openai-key"}
    azure = {"api_base": url, "api_key": "azure-key", "api_version": "2025-04-01-preview"}
    bedrock = {
        "aws_access_key_id": "AKIANOTAKEY",
        "aws_secret_access_key": "no-secret",
        "aws_region_name": "us-east-1",
        "aws_bedrock_runtime_endpoint": url,
    }
    rows: dict[str, dict[str, Any]] = {
        "gemini-image": {"model": "gemini/gemini-3.1-flash-image", **google},
        "gemini-text": {"model": "gemini/gemini-3.8-flash", **google},
        "openai-text": {"model": "openai/gpt-4.1-mini", **openai},
        "google-imagen": {"model": "gemini/imagen-4.0-generate-001", **google},
        "vertex-imagen": {
            "model": "vertex_ai/imagegeneration@006",
            **cloud,
            # The whole address with its verb: this route adds nothing to what it is given.
            "api_base": f"{place}/imagegeneration@006:predict",
        },
        "gpt-image": {"model": "openai/gpt-image-2", **openai},
        "dall-e": {"model": "openai/dall-e-3", **openai},
        "gpt-image-azure": {"model": "azure/gpt-image-2", **azure},
        "sdxl": {"model": "bedrock/stability.stable-diffusion-xl-v0", **bedrock},
        "stable-core": {"model": "bedrock/stability.stable-image-core-v1:1", **bedrock},
        "nova": {"model": "bedrock/amazon.nova-canvas-v1:0", **bedrock},
        "painter-of-ones-own": {"model": "openai/z-image-turbo", **openai},
        "editor-of-ones-own": {"model": "openai/qwen-image-edit-2511", **openai},
        "recraft": {"model": "recraft/recraftv3", "api_base": url, "api_key": "recraft-key"},
        "xinference": {"model": "xinference/stabilityai/stable-diffusion-3.5-large", **openai},
        "nscale": {"model": "nscale/stabilityai/stable-diffusion-xl-base-1.0", **openai},
    }
    return [{"model_name": name, "litellm_params": row} for name, row in rows.items()]
