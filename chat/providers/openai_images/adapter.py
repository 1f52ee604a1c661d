"""The call itself: a prompt, its pictures, the answer."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from chat.core.calling import ModelRequest
from chat.core.events import ProviderEvent
from chat.core.parts import Image
from chat.images.markup import strokes_of
from chat.providers.openai_client import limits
from chat.providers.openai_door import OpenAIDoor
from chat.providers.openai_images.prompt import Wish, wish
from chat.providers.openai_images.reply import Reply
from chat.providers.openai_images.settings import parameters, pictures_asked, streams

_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class OpenAIImages(OpenAIDoor):
    """A door to models that take a prompt and give pictures."""

    def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield the pictures that come.

        Raises:
            CapabilityError: no words, or a mask that cannot be used.
        """
        asked = wish(request)
        reply = Reply(self._endpoint.title, asked.note, pictures_asked(request))
        images: Any = self._client.images.with_raw_response
        call, arguments = images.generate, self._asked(request, asked)
        if asked.pictures:
            call, arguments["image"] = images.edit, _files(request, asked)
        mask = asked.mask and _file(request, asked.mask, "mask")

        async def ask() -> Any:
            if mask and request.card.markup:
                _, data, mime = mask
                layer = await asyncio.to_thread(strokes_of, data)
                arguments["markup"] = ("markup.png", layer, mime)
            elif mask:
                arguments["mask"] = mask
            return await call(**arguments)

        return self._said(ask, reply, streams=streams(request))

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
