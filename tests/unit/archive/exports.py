"""Exports of other clients as they come, made small."""

import base64
import io
import json
import zipfile
from typing import Any

from tests.unit.turns.workshop import png

RED, BLUE, GREEN = png("red"), png("blue"), png("green")


def node(
    key: str, parent: str | None, role: str, content: Any, children: int = 1, **more: Any
) -> dict[str, Any]:
    """A node of ChatGPT's tree."""
    return {
        "id": key,
        "parent": parent,
        "children": [f"{key}-{n}" for n in range(children)],
        "message": {
            "id": key,
            "author": {"role": role, "name": None, "metadata": {}},
            "create_time": 1735689600.25,
            "content": content,
            "status": "finished_successfully",
            "weight": 1.0,
            "recipient": "all",
            "metadata": {},
            **more,
        },
    }


def words(*parts: Any) -> dict[str, Any]:
    return {"content_type": "text", "parts": list(parts)}


def pointer(address: str, **metadata: Any) -> dict[str, Any]:
    return {
        "content_type": "image_asset_pointer",
        "asset_pointer": address,
        "width": 12,
        "height": 12,
        "metadata": metadata or None,
    }


def chatgpt_conversation() -> dict[str, Any]:
    """A photo is asked about, answered twice, the second time with a drawn picture."""
    nodes = [
        {"id": "root", "parent": None, "children": ["system"], "message": None},
        node("system", "root", "system", words("")),
        node("about", "system", "user", {"content_type": "user_editable_context", "x": "me"}),
        node(
            "asked",
            "about",
            "user",
            {
                "content_type": "multimodal_text",
                "parts": [
                    pointer("sediment://file_00000000aa"),
                    "Make it blue.",
                    {"content_type": "audio_asset_pointer", "asset_pointer": "sediment://file_b"},
                ],
            },
            children=2,
        ),
        node("first", "asked", "assistant", words("I cannot."), metadata={"model_slug": "gpt-5"}),
        node(
            "thinks",
            "asked",
            "assistant",
            {"content_type": "thoughts", "thoughts": [{"summary": "Blue", "content": "Sky."}]},
            metadata={"model_slug": "gpt-5"},
        ),
        node("calls", "thinks", "assistant", words('{"prompt": ""}'), recipient="dalle.text2im"),
        node(
            "draws",
            "calls",
            "tool",
            {
                "content_type": "multimodal_text",
                "parts": [
                    pointer("file-service://file-XyZ9", dalle={"prompt": "A blue square"}),
                    pointer("file-service://file-gone"),
                ],
            },
        ),
        node("says", "draws", "assistant", words("Here it is.")),
        node("odd", "says", "assistant", {"content_type": "hologram"}),
        node("hidden", "odd", "user", words("x"), metadata={
            "is_visually_hidden_from_conversation": True}),
        node("thanks", "hidden", "user", words("Thanks!")),
    ]  # fmt: skip
    return {
        "title": "A blue photo",
        "create_time": 1735689600.0,
        "update_time": 1735689700.5,
        "mapping": {each["id"]: each for each in nodes},
        "current_node": "thanks",
        "conversation_id": "c1",
    }


def chatgpt(*conversations: Any) -> bytes:
    return zipped(
        {
            "conversations.json": json.dumps(list(conversations)).encode(),
            "user.json": b"{}",
            "chat.html": b"<html></html>",
            "file_00000000aa-sanitized.png": RED,
            "dalle-generations/file-XyZ9-1b2c.webp": BLUE,
        }
    )


def open_webui_chat() -> dict[str, Any]:
    """A question with a picture inside, and one that stayed on the server."""
    red = f"data:image/png;base64,{base64.b64encode(RED).decode()}"
    messages = {
        "u1": {
            "id": "u1",
            "parentId": None,
            "childrenIds": ["a1", "a2"],
            "role": "user",
            "content": "What is this?",
            "timestamp": 1735689600,
            "files": [
                {"type": "image", "url": red},
                {"type": "image", "url": "/api/v1/files/0d9/content"},
                {"type": "file", "name": "notes.pdf"},
            ],
        },
        "a1": {
            "id": "a1",
            "parentId": "u1",
            "role": "assistant",
            "content": "Red.",
            "model": "llava",
        },
        "a2": {
            "id": "a2",
            "parentId": "u1",
            "childrenIds": [],
            "role": "assistant",
            "modelName": "Gemma",
            "content": '<details type="reasoning" done="true">\n<summary>Thought for 3 '
            "seconds</summary>\n> A square.\n</details>\nA red square.",
        },
    }
    return {
        "id": "0d9f",
        "user_id": "someone",
        "title": "A square",
        "chat": {
            "title": "A square",
            "models": ["llava"],
            "history": {"currentId": "a1", "messages": messages},
            "messages": [],
        },
        "updated_at": 1735689700,
        "created_at": 1735689600,
        "archived": False,
    }


def activity(title: str, time: str, answer: str = "", **more: Any) -> dict[str, Any]:
    """An entry of Takeout's activity in JSON."""
    return {
        "header": "Gemini Apps",
        "title": title,
        "time": time,
        "products": ["Gemini Apps"],
        **({"safeHtmlItem": [{"html": answer}]} if answer else {}),
        **more,
    }


ACTIVITIES = [
    activity("Prompted And in green?", "2026-07-26T09:00:00.000Z", "<p>Green, too.</p>"),
    activity("Created Gemini Canvas titled Fox", "2026-07-26T06:20:00.000Z", "<p>A canvas</p>"),
    activity("Prompted Thanks", "2026-07-26T06:10:00.000Z"),
    activity(
        "Prompted Draw a fox. Attached 2 files.",
        "2026-07-26T06:07:57.773Z",
        "<h2>A fox</h2><p>It is <b>red</b>:</p><ul><li>fur</li><li>tail</li></ul>"
        "<pre><code>fox()</code></pre>",
        imageFile="fox-1a.png",
        attachedFiles=["fox-1a.png", "gone.jpg", "notes.pdf"],
    ),
    {"header": "Search", "title": "Searched for foxes", "time": "2026-07-26T06:08:00.000Z"},
]
FOLDER = "Takeout/My Activity/Gemini Apps"


def gemini_json() -> bytes:
    return zipped(
        {
            f"{FOLDER}/MyActivity.json": json.dumps(ACTIVITIES).encode(),
            f"{FOLDER}/fox-1a.png": RED,
            "Takeout/archive_browser.html": b"<html></html>",
        }
    )


def gemini_cell(said: str, when: str, answer: str) -> str:
    return (
        '<div class="outer-cell mdl-cell mdl-cell--12-col"><div class="mdl-grid">'
        '<div class="header-cell"><p class="mdl-typography--title">Gemini Apps<br></p></div>'
        f'<div class="content-cell mdl-cell mdl-typography--body-1">{said}<br>{when}'
        f"<br>{answer}</div>"
        '<div class="content-cell mdl-cell mdl-typography--text-right"></div>'
        '<div class="content-cell mdl-cell mdl-typography--caption"><b>Products:</b><br>'
        "&emsp;Gemini Apps<br></div></div></div>"
    )


def gemini_html() -> bytes:
    cells = [
        gemini_cell("Prompted\xa0Thanks", "Jul 26, 2026, 6:10:00\u202fAM UTC", ""),
        gemini_cell(
            'Prompted\xa0Draw a fox.<br>Attached 1 file.<br>-\xa0<a href="fox-1a.png">fox</a>',
            "Jul 26, 2026, 6:07:57\u202fAM UTC",
            "<p>Here is a <strong>fox</strong>.</p>",
        ),
    ]
    page = f"<html><body><div>{''.join(cells)}</div></body></html>"
    return zipped({f"{FOLDER}/MyActivity.html": page.encode(), f"{FOLDER}/fox-1a.png": RED})


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()
