"""The yardstick, as a process: what Gradio's own documentation shows for a chat, no more.

An asynchronous generator yields the text so far at each piece, and ``gr.ChatInterface`` keeps
the history in the page. The album is a chatbot that a click fills.
"""

import argparse
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import gradio as gr

from tests.bench.orders import photo, words, words_asked


async def answer(message: str, history: list[Any]) -> AsyncIterator[str]:
    """Stream a reply the ordinary way: the partial text, again and again."""
    del history
    text = ""
    async for piece in words_asked(message):
        text += piece
        yield text
    print(text[-40:].strip(), flush=True)  # noqa: T201


def chat(messages: int) -> gr.Blocks:
    """A chat with so many messages in it already."""
    history: Any = [
        {"role": "assistant" if number % 2 else "user", "content": words(number)}
        for number in range(messages)
    ]
    page: gr.Blocks = gr.ChatInterface(answer, chatbot=gr.Chatbot(value=history, elem_id="chat"))
    return page


def album(messages: int, folder: Path, *, shown: bool) -> gr.Blocks:
    """A conversation with a picture in every reply: in the page, or behind its button."""
    rows: Any = []
    for number in range(messages):
        role = "assistant" if number % 2 else "user"
        rows.append({"role": role, "content": words(number)})
        if number % 2:
            path = folder / f"{number}.png"
            path.write_bytes(photo(f"album{number}"))
            rows.append({"role": role, "content": {"path": str(path), "alt_text": "A motif"}})
    blocks = gr.Blocks()
    with blocks:
        chatbot = gr.Chatbot(value=rows if shown else None, elem_id="chat")
        gr.Button("Open", elem_id="open").click(lambda: rows, None, chatbot)
    return blocks


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=0)
    parser.add_argument("--album", type=Path, help="a folder for the pictures of the album")
    parser.add_argument("--shown", action="store_true", help="the album is in the page at once")
    given = parser.parse_args()
    page: Any
    if given.album:
        page = album(given.messages, given.album, shown=given.shown)
    else:
        page = chat(given.messages)
    _, address, _ = page.launch(
        server_name="127.0.0.1", server_port=None, prevent_thread_lock=True, quiet=True
    )
    print(f"The yardstick is at {address}", flush=True)  # noqa: T201
    page.block_thread()


if __name__ == "__main__":
    main()
