"""Hangs the Gradio page into the application, with everything off that Easel does not use.

The one room of this layer that knows Gradio; what the page shows is none of its business.
"""

import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request
from starlette.middleware import Middleware

from chat.web.page_scripts import PageScripts
from chat.web.policy import Policy
from chat.web.route_allowlist import EVENTS, RouteAllowlist

# How often Gradio looks for a queued event. Its own 1 ms costs 5.6 % of a core in an idle server.
# The page's events go past the queue, so this is for whatever else may join it: 250 ms on average.
QUEUE_POLL_S = 0.5
# How often it looks for news of a progress bar. There is none; its own 10 ms cost 0.7 % of a core.
PROGRESS_POLL_S = 2.0
# Gradio runs at most this many handlers at once in the whole server, asynchronous ones too.
HANDLERS = 200

WhoAsks = Callable[[Request], str | Awaitable[str | None] | None]
Look = str | Path | Sequence[str | Path] | None


def mount_page(
    app: FastAPI,
    page: gr.Blocks,
    policy: Policy,
    *,
    who_asks: WhoAsks | None = None,
    theme: gr.themes.Base | None = None,
    css_paths: Look = None,
    head: str | Callable[[str], str] = "",
    ahead: str = "",
    extra_routes: Sequence[tuple[str, str, str]] = (),
) -> None:
    """Serve the page at the root, behind every route that the application already has.

    Call it, and build the page, inside a running event loop: outside one Gradio makes loops of its
    own and leaves them open.

    Gradio's queue is open where the page has handlers on the server, and only there.

    ``head`` is HTML that stands in the page as it is served, behind Gradio's own styles; Gradio
    itself would add it only once it has read its configuration. Where it differs with the language
    of the page, it is what makes it of one. ``ahead`` is HTML before Gradio's own; where there is
    some, Gradio begins when a script of ours has it begin. ``extra_routes`` opens more of Gradio:
    method, path pattern, reason.
    """
    spoken = head if callable(head) else (lambda _: head)
    events = EVENTS if any(fn.fn is not None for fn in page.fns.values()) else ()
    page.max_threads = HANDLERS
    page.queue(default_concurrency_limit=None, api_open=False)
    page._queue.sleep_when_free = QUEUE_POLL_S
    page._queue.progress_update_sleep_when_free = PROGRESS_POLL_S
    # Nobody reads Gradio's statistics, and after each event they cost 10 to 25 ms of pandas.
    page._queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize
    page._queue.ANALYTICS_MAX_EVENTS = 1
    gr.mount_gradio_app(
        app,
        page,
        path="",
        app_kwargs={
            "docs_url": None,
            "redoc_url": None,
            "openapi_url": None,
            # Inside Gradio's compression, which leaves the page itself as it is.
            "middleware": [
                Middleware(RouteAllowlist, extra=(*events, *extra_routes)),
                Middleware(PageScripts, policy=policy, head=spoken, ahead=ahead),
            ],
        },
        auth_dependency=who_asks,
        run_history=False,
        footer_links=[],
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        ssr_mode=False,
        show_error=False,
        max_file_size=policy.upload_bytes,
        theme=theme,
        css_paths=css_paths,
    )
    # Until this is set Gradio believes any file path that a client sends.
    page.has_launched = True
