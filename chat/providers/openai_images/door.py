"""The call itself: a prompt, its pictures, the answer. Knows no sizes and no token counts."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

import httpx2

from chat.core.calling import Listed, ModelRequest
from chat.core.errors import Blocked, ConfigError, MediaRejected
from chat.core.events import Finished, ImageBytes, ProviderEvent
from chat.core.messages import Finish
from chat.core.models import Endpoint
from chat.providers.fetch import Site, fetch_picture, site_of
from chat.providers.openai_answers import answers
from chat.providers.openai_client import limits, open_client
from chat.providers.openai_images.prompt import Wish, wish
from chat.providers.openai_images.reply import Link, Reply
from chat.providers.openai_images.settings import parameters, streams
from chat.providers.openai_listing import listed_models

_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


class OpenAIImages:
    """A door to models that take a prompt and give pictures."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Open the door.

        Raises:
            ConfigError: the endpoint needs a key or an address and has none, or a site of its
                option ``picture_sites`` is not a web address.
        """
        self._endpoint = endpoint
        self._client = open_client(endpoint)
        self._own = {site_of(self._client.base_url), *_picture_sites(endpoint)}

    async def stream(self, request: ModelRequest) -> AsyncGenerator[ProviderEvent, None]:
        """Ask, and yield the pictures that come."""
        asked = wish(request)
        reply = Reply(self._endpoint.title, asked.note)
        images: Any = self._client.images
        call, arguments = images.generate, self._asked(request, asked)
        if asked.pictures:
            call, arguments["image"] = images.edit, _files(request, asked)
        try:
            async with aclosing(answers(lambda: call(**arguments), self._endpoint)) as bodies:
                async for body in bodies:
                    for found in reply.read(body):
                        picture = await self._opened(found, reply)
                        if picture is not None:
                            yield picture
        except Blocked as refusal:
            yield Finished(Finish("blocked", refusal.reason, str(refusal)))
            return
        for event in reply.ended():
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

    async def _opened(self, found: ImageBytes | Link, reply: Reply) -> ImageBytes | None:
        """The picture, fetched at once where it came as a link: a link is never kept."""
        if isinstance(found, ImageBytes):
            return found
        try:
            data = await fetch_picture(found.address, self._own)
        except MediaRejected as refusal:
            reply.refused(str(refusal))
            return None
        reply.fetched()
        return ImageBytes(data, alt=found.alt)

    async def models(self) -> Sequence[Listed]:
        """What the endpoint lists."""
        return await listed_models(self._client, self._endpoint)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.close()


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
        (
            f"picture-{number}.{_SUFFIXES.get(image.media.mime, 'png')}",
            request.media[image.media.sha256],
            image.media.mime,
        )
        for number, image in enumerate(asked.pictures, 1)
    ]
    return files if len(files) > 1 else files[0]
