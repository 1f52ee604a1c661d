"""The call itself: a prompt, its pictures, the answer."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import httpx2

from chat.core.calling import ModelRequest
from chat.core.events import ProviderEvent
from chat.core.models import Endpoint
from chat.core.parts import Image
from chat.images.markup import strokes_of
from chat.providers.openai_images.prompt import Wish, wish
from chat.providers.openai_images.refused import RefusedParameters
from chat.providers.openai_images.reply import Reply
from chat.providers.openai_images.settings import parameters, streams
from chat.providers.shared.openai.client import limits
from chat.providers.shared.openai.provider import OpenAIProvider
from chat.providers.shared.requests.masks import refuse_mask

_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class OpenAIImages(OpenAIProvider):
    """A provider of models that take a prompt and give pictures."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the provider. Raises as ``OpenAIProvider``."""
        super().__init__(endpoint)
        self._refused = RefusedParameters()

    def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield the pictures that come.

        Raises:
            CapabilityError: no words, or a mask that cannot be used.
        """
        if request.speech is not None:
            return self._written(request, request.speech)
        asked = wish(request)
        reply = Reply(self._endpoint.title, asked.note)
        if self._endpoint.options.get("one_route") is True:
            return self._said(lambda: self._at_one_route(request, asked), reply, streams=False)
        images: Any = self._client.images.with_raw_response
        call, arguments = images.generate, self._asked(request, asked)
        if asked.pictures:
            call, arguments["image"] = images.edit, _files(request, asked)
        mask = asked.mask and _file(request, asked.mask, "mask")

        async def ask() -> httpx2.Response:
            if mask and request.card.markup:
                _, data, mime = mask
                layer = await asyncio.to_thread(strokes_of, data)
                arguments["markup"] = ("markup.png", layer, mime)
            elif mask:
                arguments["mask"] = mask

            async def once() -> httpx2.Response:
                response: httpx2.Response = (await call(**arguments)).http_response
                return response

            model, told = request.card.wire_name, arguments["extra_body"]
            return await self._refused.without(model, told, once, reply.remark)

        return self._said(ask, reply, streams=streams(request))

    async def _at_one_route(self, request: ModelRequest, asked: Wish) -> httpx2.Response:
        """Ask where pictures to change go along as references, as JSON; there are no masks.

        Source: OpenRouter's “Image Generation” (2026-11-29).
        """
        refuse_mask(request)
        body: dict[str, Any] = {
            "model": request.card.wire_name,
            "prompt": asked.prompt,
            **parameters(request, self._endpoint, edit=bool(asked.pictures)),
        }
        carried = self._carrier.load()
        if asked.pictures:
            urls = [
                carried.url(image.media.mime, request.media[image.media.sha256])
                for image in asked.pictures
            ]
            body["input_references"] = [
                {"type": "image_url", "image_url": {"url": url}} for url in urls
            ]
        return await self._posted("/images", body, streams=False)

    def _asked(self, request: ModelRequest, asked: Wish) -> dict[str, Any]:
        drafts = streams(request)
        return {
            "model": request.card.wire_name,
            "prompt": asked.prompt,
            # Beside the SDK's own arguments, whose types would refuse what other servers take.
            "extra_body": parameters(request, self._endpoint, edit=bool(asked.pictures)),
            "timeout": limits(self._endpoint.timeouts, whole=not drafts),
            **({"stream": True} if drafts else {}),
        }


def _files(request: ModelRequest, asked: Wish) -> Any:
    """The pictures as files of a form: ``image[]``; one alone ``image``, as old servers want."""
    files = [
        _file(request, image, f"picture-{number}") for number, image in enumerate(asked.pictures, 1)
    ]
    return files if len(files) > 1 else files[0]


def _file(request: ModelRequest, image: Image, name: str) -> tuple[str, bytes, str]:
    suffix = _SUFFIXES.get(image.media.mime, "png")
    return f"{name}.{suffix}", request.media[image.media.sha256], image.media.mime
