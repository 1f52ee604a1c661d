"""A small real Gradio page, mounted the way Easel mounts its own."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, WebSocket

from chat.web.mount import mount_page
from chat.web.policy import Policy
from chat.web.security import SecurityMiddleware

ON_LOAD = "element.querySelector('button').addEventListener('click', () => trigger('pick', {n: 7}))"


def read_back(path: str | None) -> str:
    """What a careless handler would do with a file that it was given."""
    return Path(path).read_text(encoding="utf-8") if path else ""


def small_page() -> gr.Blocks:
    """The kinds of components and events that Easel's page is made of."""
    page: gr.Blocks
    with gr.Blocks(title="Small", analytics_enabled=False) as page:
        with gr.Sidebar():
            model = gr.Dropdown(["a", "b"], label="Model", elem_id="model")
            tools = gr.Checkbox(label="Tools", elem_id="tools")
        said = gr.Textbox(label="Said", elem_id="said")
        told = gr.Textbox(label="Told", elem_id="told")
        shout = gr.Button("Shout", elem_id="shout")
        here = gr.Button("Here", elem_id="here")
        spot = gr.HTML(html_template="<button>pick</button>", js_on_load=ON_LOAD, elem_id="spot")
        file = gr.File(visible=False)
        page.load(lambda: "loaded", None, told)
        file.change(read_back, file, told)
        shout.click(str.upper, said, told)
        model.change(lambda name: f"model {name}", model, told)
        tools.change(lambda on: f"tools {on}", tools, told)
        spot.pick(lambda: "picked", None, told)
        here.click(None, None, told, js="() => 'from here'")
    return page


def small_app(policy: Policy) -> FastAPI:
    """The page behind its door, with routes of our own beside it."""

    async def built() -> FastAPI:
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

        @app.get("/healthz")
        def health() -> dict[str, bool]:
            return {"ready": True}

        @app.websocket("/echo")
        async def echo(socket: WebSocket) -> None:
            await socket.accept()
            await socket.send_text(await socket.receive_text())

        mount_page(app, small_page(), policy)
        return app

    # In a thread, for a test that drives a browser has a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(built())).result()


def small_server(policy: Policy) -> SecurityMiddleware:
    """The same behind the guard: what is served."""
    return SecurityMiddleware(small_app(policy), policy)
