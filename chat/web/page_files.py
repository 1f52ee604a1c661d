"""The page's own script and style: as one file each, or module by module in development.

The names of the whole files hold a hash of what is in them, so a browser keeps them for good and
asks for none again that it has.
"""

import html
import logging
from asyncio import to_thread
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chat.core.languages import OFFERED, PSEUDO, SOURCE, catalogue, direction, say
from chat.core.strict_json import strict_json
from chat.images.limits import Limits
from chat.render.code import code_css
from chat.turns.question import MAX_FILES, MAX_PICTURES, MAX_TEXT_CHARACTERS
from chat.web.packing import ONCE, coding_for
from chat.web.page_bundle import NotBundled, Script, bundled_script, bundled_style
from chat.web.plain_page import page_of

HOME = "easel"
"""Where our files are, beside the page, wherever a proxy serves that."""
FOR_GOOD = "private, max-age=31536000, immutable"
HASH_CHARACTERS = 16
SHARES_WAITING = 3
"""What is shared with the installed app, before its page takes it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is made at the start and never changes; packed when first asked for."""

    path: str
    """Relative to the page."""
    media_type: str
    data: bytes
    packed: dict[str, bytes] = field(default_factory=dict)

    async def serve(self, request: Request) -> Response:
        """The file, packed as the browser would have it."""
        coding = coding_for(request.headers.get("accept-encoding", ""))
        if coding and coding not in self.packed:
            self.packed[coding] = await to_thread(ONCE[coding], self.data)
        headers = {"cache-control": FOR_GOOD, "vary": "accept-encoding"}
        if coding:
            headers["content-encoding"] = coding
        body = self.packed[coding] if coding else self.data
        return Response(body, headers=headers, media_type=self.media_type)


@dataclass(frozen=True, slots=True)
class PageFiles:
    """What the page's head names, and the routes that serve it."""

    tags: str
    """HTML of the head. The script begins as soon as it is there: it speaks with the server while
    Gradio still builds the page."""
    routes: list[Route] = field(default_factory=list)
    spoken: Mapping[str, str] = field(default_factory=dict)
    """The same in other languages: their words come with the script, and are there before it."""

    def tags_in(self, to: str) -> str:
        """The tags of a page in this language."""
        return self.spoken.get(to, self.tags)


def page_files(assets: Path, *, whole: bool) -> PageFiles:
    """The scripts and styles of this folder; ``whole``: as one file each, where that can be."""
    styles = sorted((assets / "css").glob("*.css"))
    if whole:
        try:
            script = bundled_script(assets / "js", "main")
        except NotBundled as error:
            log.warning("The page's scripts are served one by one, which takes longer: %s", error)
        else:
            made = _whole(script, bundled_style(styles) + code_css())
            return replace(made, routes=[*made.routes, *_of_the_app(assets)])
    links = "".join(_link(f"{HOME}/css/{style.name}") for style in styles)
    module = f'<script type="module" async src="{HOME}/js/main.js"></script>'
    behind = f"{module}{links}<style>{code_css()}</style>"
    words = {to: _words(to, "") for to in (*OFFERED, *PSEUDO) if to != SOURCE}
    spoken = {to: f'<script src="{file.path}"></script>{behind}' for to, file in words.items()}
    routes = [Route(f"/{file.path}", file.serve) for file in words.values()]
    return PageFiles(behind, [*routes, *_of_the_app(assets)], spoken)


def _of_the_app(assets: Path) -> list[Route]:
    """The service worker of an installed Easel, and the page that it shows where there is no other.

    It lies beside the page: where it lies says for which addresses it answers. A browser looks for
    a newer one with each page, and must not be told an old one.
    """
    most = {
        "bytes": Limits().max_bytes,
        "files": MAX_PICTURES + MAX_FILES,
        "characters": MAX_TEXT_CHARACTERS,
        "waiting": SHARES_WAITING,
    }
    worker = (assets / "worker.js").read_text(encoding="utf-8")
    data = f"const MOST = {strict_json(most)};\n{worker}".encode()

    async def serve(_: Request) -> Response:
        headers = {"cache-control": "no-cache"}
        return Response(data, headers=headers, media_type="text/javascript")

    async def offline(_: Request) -> Response:
        mark = '<p><img src="easel/icons/easel.svg" alt="" width="56" height="56"></p>'
        why = html.escape(say("This device is offline, or Easel is not running."))
        kept = html.escape(
            say("Nothing is lost: what you had written is still in the message box.")
        )
        again = html.escape(say("Try again"))
        told = f'{mark}<p>{why} {kept}</p><a class="button first" href="">{again}</a>'
        page = page_of(say("Easel cannot be reached"), told)
        return Response(page, headers={"cache-control": "no-cache"}, media_type="text/html")

    return [Route("/worker.js", serve), Route("/offline", offline)]


def _whole(script: Script, style: str) -> PageFiles:
    # Beside the files that they are made of: what those name beside them is found.
    name = f"page-{_hash(script.text)}.js"
    text = f"{script.text}//# sourceMappingURL={name}.map\n"
    files = [
        _File(f"{HOME}/js/{name}", "text/javascript", text.encode()),
        _File(f"{HOME}/js/{name}.map", "application/json", script.map.encode()),
        _File(f"{HOME}/css/page-{_hash(style)}.css", "text/css", style.encode()),
    ]
    tags = f'<script async src="{files[0].path}"></script>{_link(files[2].path)}'
    words = {to: _words(to, text) for to in (*OFFERED, *PSEUDO) if to != SOURCE}
    spoken = {to: tags.replace(files[0].path, file.path) for to, file in words.items()}
    served = [*files, *words.values()]
    return PageFiles(tags, [Route(f"/{file.path}", file.serve) for file in served], spoken)


def _words(to: str, script: str) -> _File:
    """What the page says in a language, with the script behind it on the same line."""
    told = catalogue(to)
    words = {
        "language": to,
        "direction": direction(to),
        "categories": list(told.categories),
        "pseudo": to in PSEUDO,
        "words": told.page,
    }
    text = f"globalThis.easelWords={strict_json(words)};{script}"
    return _File(f"{HOME}/js/page-{_hash(text)}.js", "text/javascript", text.encode("utf-8"))


def _link(path: str) -> str:
    return f'<link rel="stylesheet" href="{path}" data-easel>'


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:HASH_CHARACTERS]
