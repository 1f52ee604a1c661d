"""ChatGPT's export: ``conversations.json`` with a tree of nodes, and pictures as files beside it.

The zip holds ``conversations.json``, or ``conversations-000.json`` and so on: a list of
conversations, each with ``title``, ``create_time`` and ``update_time`` (seconds), ``current_node``
and ``mapping``: node by id, with ``parent``, ``children`` and a ``message`` or null. A message has
``author.role`` (user, assistant, system, tool), ``content`` with a ``content_type``, ``recipient``
and ``metadata``. A picture is an ``image_asset_pointer`` whose ``asset_pointer`` is
``file-service://file-…`` or ``sediment://file_…``; its file's name begins with that id.

What the assistant and its tools say between two questions is one reply here. Empty, hidden and
system nodes fall out, and what hangs on them moves up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Final

from chat.archive.draft import Draft
from chat.archive.readers import building
from chat.archive.readers.building import Gathered, list_of, mapping_of, moment_of, words_of
from chat.archive.sources import Source, first_item, json_items
from chat.core.messages import Conversation, Message, Role
from chat.core.parts import ImageOrigin, Json, Part, Reasoning, Text
from chat.core.ports import StoredForm, WholeConversation

LIST = re.compile(r"(?:[^/]+/)?conversations(?:-\d+)?\.json")
POINTER = re.compile(r"^(?:file-service|sediment)://(?:[^/#]*#)?(file[-_][A-Za-z0-9]+)")
FILE = re.compile(r"^(file[-_][A-Za-z0-9]+)")
SILENT: Final = {"user_editable_context", "model_editable_context", "app_pairing_content"}
"""What was said about the user, and never to anybody: not part of the conversation."""


class OpenAIReader:
    """Reads what ChatGPT exports."""

    title = "ChatGPT"

    def fits(self, source: Source) -> bool:
        """Whether a list in it holds a tree of nodes."""
        for name in _lists(source):
            first = first_item(source, name)
            if isinstance(first, dict) and isinstance(first.get("mapping"), dict):
                return True
        return False

    def read(self, source: Source, form: StoredForm) -> Draft:
        """Every conversation, with its branches."""
        del form
        files: dict[str, str] = {}
        for name in source.names:
            if match := FILE.match(PurePosixPath(name).name):
                files.setdefault(match[1], name)
        gathered = Gathered()
        wholes = [
            _Tree(item, source, files, gathered).whole()
            for name in _lists(source)
            for item in json_items(source, name)
            if isinstance(item, dict)
        ]
        return Draft(
            wholes, gathered.pictures, left_out=gathered.left_out, pictures_lost=gathered.lost
        )


def _lists(source: Source) -> list[str]:
    return sorted(name for name in source.names if LIST.fullmatch(name))


@dataclass(slots=True)
class _Found:
    """What a node comes to: the message that holds it, and whether that is still open."""

    message_id: str | None
    open: bool = False
    """Whether what follows of the same reply may join it."""


class _Tree:
    """One conversation."""

    def __init__(
        self, item: dict[str, Json], source: Source, files: dict[str, str], gathered: Gathered
    ) -> None:
        self._item = item
        self._source = source
        self._files = files
        self._gathered = gathered
        self._nodes = {
            key: node for key, node in mapping_of(item.get("mapping")).items() if mapping_of(node)
        }
        began = moment_of(item.get("create_time"))
        self._of: Conversation = building.conversation(
            item.get("title"), began, moment_of(item.get("update_time"), began)
        )
        self._messages: dict[str, Message] = {}

    def whole(self) -> WholeConversation:
        """The conversation as it was, with the branch that was shown last."""
        found: dict[str, _Found] = {}
        for key, parent in self._from_the_top():
            above = found.get(parent or "", _Found(None))
            found[key] = self._placed(self._nodes[key], above)
        head = found.get(str(self._item.get("current_node")), _Found(None)).message_id
        return building.finished(self._of, list(self._messages.values()), head)

    def _from_the_top(self) -> Iterator[tuple[str, str | None]]:
        """Every node with its parent, a parent before its children, each once.

        What is not reached from any root, as in a circle, begins a branch of its own.
        """
        children: dict[str | None, list[str]] = {}
        for key, node in self._nodes.items():
            parent = node.get("parent")
            known = isinstance(parent, str) and parent in self._nodes and parent != key
            children.setdefault(parent if known else None, []).append(key)
        seen: set[str] = set()
        roots = [*children.get(None, ()), *self._nodes]
        for root in roots:
            waiting: list[tuple[str, str | None]] = [(root, None)]
            while waiting:
                key, parent = waiting.pop()
                if key in seen:
                    continue
                seen.add(key)
                yield key, parent
                waiting.extend((child, key) for child in reversed(children.get(key, ())))

    def _placed(self, node: dict[str, Json], above: _Found) -> _Found:
        said = mapping_of(node.get("message"))
        author = mapping_of(said.get("author"))
        role = author.get("role")
        only_child = len(list_of(node.get("children"))) < 2
        if role not in ("user", "assistant", "tool") or _is_hidden(said):
            return _Found(above.message_id, above.open and only_child)
        ours: Role = "user" if role == "user" else "assistant"
        parts = self._parts(
            said, aside=role == "tool" or said.get("recipient") not in (None, "all")
        )
        if above.open and ours == "assistant" and above.message_id is not None:
            before = self._messages[above.message_id]
            self._messages[above.message_id] = replace(before, parts=(*before.parts, *parts))
            return _Found(above.message_id, only_child)
        if not parts:
            return _Found(above.message_id, above.open and only_child)
        at = moment_of(said.get("create_time"), self._of.created_at)
        model = words_of(mapping_of(said.get("metadata")).get("model_slug"))
        made = building.message(
            self._of, above.message_id, ours, parts, at, model, OpenAIReader.title
        )
        self._messages[made.id] = made
        return _Found(made.id, ours == "assistant" and only_child)

    def _parts(self, said: dict[str, Json], *, aside: bool) -> list[Part]:
        """What a message holds. What tools and the model said to each other is set aside."""
        content = mapping_of(said.get("content"))
        kind = words_of(content.get("content_type"))
        unread: list[str] = []
        parts: list[Part] = []
        if kind in ("text", "multimodal_text"):
            for each in list_of(content.get("parts")):
                parts += self._part(each, unread)
        elif kind == "code":
            parts.append(Text(building.fenced(words_of(content.get("text")), _language(content))))
        elif kind == "execution_output":
            parts.append(Text(building.fenced(words_of(content.get("text")))))
        elif kind == "thoughts":
            for thought in map(mapping_of, list_of(content.get("thoughts"))):
                parts.append(_aside(thought, "summary", "content"))
        elif kind == "reasoning_recap":
            parts.append(Reasoning(words_of(content.get("content"))))
        elif kind in ("tether_quote", "tether_browsing_display", "system_error"):
            parts.append(_aside(content, "title", "text", "result", "url"))
        elif kind not in SILENT:
            unread.append("unknown content")
        self._gathered.leave_out(unread)
        if aside:
            parts = [Reasoning(p.text) if isinstance(p, Text) else p for p in parts]
        return [p for p in parts if not isinstance(p, (Text, Reasoning)) or p.text.strip()]

    def _part(self, each: Json, unread: list[str]) -> Iterator[Part]:
        if isinstance(each, str):
            yield Text(words_of(each))
            return
        held = mapping_of(each)
        kind = held.get("content_type")
        if kind == "image_asset_pointer":
            match = POINTER.match(words_of(held.get("asset_pointer")))
            name = self._files.get(match[1]) if match else None
            if name is None:
                self._gathered.lost += 1
                yield Text(building.MISSING)
                return
            made = mapping_of(mapping_of(held.get("metadata")).get("dalle"))
            generated = mapping_of(mapping_of(held.get("metadata")).get("generation"))
            origin: ImageOrigin = "model" if made or generated else "upload"
            yield self._gathered.file(
                self._source,
                name,
                origin,
                words_of(made.get("prompt")),
            )
        elif kind == "audio_transcription":
            yield Text(words_of(held.get("text")))
        else:
            unread.append("audio and video" if "audio" in str(kind) else "unknown content")


def _is_hidden(said: dict[str, Json]) -> bool:
    metadata = mapping_of(said.get("metadata"))
    return bool(metadata.get("is_visually_hidden_from_conversation")) or said.get("weight") == 0


def _aside(held: dict[str, Json], *keys: str) -> Reasoning:
    """Some texts of an object, as what was not said to the user."""
    return Reasoning("\n\n".join(filter(None, (words_of(held.get(key)) for key in keys))))


def _language(content: dict[str, Json]) -> str:
    language = words_of(content.get("language"))
    return language if language.isalnum() and language != "unknown" else ""
