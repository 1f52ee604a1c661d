"""A panel that the server answers."""

import gradio as gr

from chat.ui.page import Page


def build(page: Page) -> None:
    """A button and where its answer stands."""
    page.components["count"] = gr.Button("Count tools", elem_id="count")
    page.components["counted"] = gr.Textbox(label="Tools", elem_id="counted")


def wire(page: Page) -> None:
    """A click counts."""

    def count() -> str:
        return f"{len(page.app_state.names.tools)} tools"

    page.components["count"].click(count, None, page.components["counted"], **page.answered)
