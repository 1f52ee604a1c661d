"""The call itself: a prompt, its pictures, the answer. Knows no sizes and no token counts."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import httpx2

from chat.core.calling import ModelRequest
from chat.core.errors import ConfigError, MediaRejected
from chat.core.events import ImageBytes, ProviderEvent
from chat.core.models import Endpoint
from chat.core.parts import Image
from chat.providers.fetch import Site, fetch_picture, site_of
from chat.providers.openai_client import limits
from chat.providers.openai_door import OpenAIDoor
from chat.providers.openai_images.prompt import Wish, wish
from chat.providers.openai_images.reply import Link, Reply
from chat.providers.openai_images.settings import parameters, streams

_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class OpenAIImages(OpenAIDoor):
    """A door to models that take a prompt and give pictures."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the door.

        Raises:
            ConfigError: as every door over this SDK, or a site of its option ``picture_sites``
                is not a web address.
        """
        super().__init__(endpoint)
        self._own = {site_of(self._client.base_url), *_picture_sites(endpoint)}

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield the pictures that come."""
        asked = wish(request)
        reply = Reply(self._endpoint.title, asked.note)
        images: Any = self._client.images.with_raw_response
        call, arguments = images.generate, self._asked(request, asked)
        if asked.pictures:
            call, arguments["image"] = images.edit, _files(request, asked)
        if asked.mask:
            arguments["mask"] = _file(request, asked.mask, "mask")
        answered = self._said(lambda: call(**arguments), reply, streams=streams(request))
        async with aclosing(answered) as said:
            async for found in said:
                event = await self._opened(found, reply) if isinstance(found, Link) else found
                if event is not None:
                    yield event

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

    async def _opened(self, found: Link, reply: Reply) -> ImageBytes | None:
        """The picture, fetched at once: a link is never kept."""
        try:
            data = await fetch_picture(found.address, self._own)
        except MediaRejected as refusal:
            reply.refused(str(refusal))
            return None
        reply.fetched()
        return ImageBytes(data, alt=found.alt)


def _picture_sites(endpoint: Endpoint) -> set[Site]:
    """Sites whose links are opened like the endpoint's own: a drawing server behind a proxy."""
    listed = endpoint.options.get("picture_sites", [])
    try:
        sites = {site_of(httpx2.URL(address)) for address in listed}
    except (httpx2.InvalidURL, TypeError) as error:
        raise _no_site(endpoint) from error
    if not all(scheme in {"http", "https"} and host for scheme, host, _ in sites):
        raise _no_site(endpoint)
    return sites


def _no_site(endpoint: Endpoint) -> ConfigError:
    return ConfigError(f"The picture_sites of {endpoint.title} must be a list of web addresses.")


def _files(request: ModelRequest, asked: Wish) -> Any:
    """The pictures as files of a form: ``image[]``; one alone ``image``, as old servers want."""
    files = [
        _file(request, image, f"picture-{number}") for number, image in enumerate(asked.pictures, 1)
    ]
    return files if len(files) > 1 else files[0]


def _file(request: ModelRequest, image: Image, name: str) -> tuple[str, bytes, str]:
    suffix = _SUFFIXES.get(image.media.mime, "png")
    return f"{name}.{suffix}", request.media[image.media.sha256], image.media.mime
