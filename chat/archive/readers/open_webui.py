"""Open WebUI's export: a JSON list of chats, each with a history of messages that is a tree.

A row has ``title``, ``created_at`` and ``updated_at`` (seconds) and ``chat``; a chat has ``title``,
``models`` and ``history`` with ``currentId`` and ``messages`` by id: ``parentId``, ``childrenIds``,
``role``, ``content``, ``timestamp``, ``model`` and ``files``. Of a file with the type ``image`` the
``url`` is a data URL, or ``/api/v1/files/…`` of a server that an export does not hold. Thoughts
stand in the content as ``<details type="reasoning">``.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from chat.archive.draft import Draft, DraftPicture
from chat.archive.readers import building
from chat.archive.readers.building import Gathered, list_of, mapping_of, moment_of, words_of
from chat.archive.sources import Source, first_item, json_items
from chat.core.messages import Conversation, Message, Role
from chat.core.parts import Json, Part, Reasoning, Text
from chat.core.ports import StoredForm, WholeConversation
from chat.images.dataurl import is_data_url, read_data_url
from chat.images.limits import Limits

MOST_BYTES: Final = Limits().max_made_bytes

_THOUGHTS = re.compile(
    r"<details\b[^>]*\btype=\"reasoning\"[^>]*>\s*(?:<summary>[^<]*</summary>)?(.*?)</details>",
    re.DOTALL | re.IGNORECASE,
)
_QUOTE = re.compile(r"^(?:&gt;|>) ?", re.MULTILINE)


class OpenWebUIReader:
    """Reads what Open WebUI exports."""

    title = "Open WebUI"

    def fits(self, source: Source) -> bool:
        """Whether a JSON file in it begins with a chat that has a history."""
        return any(_is_chat(first_item(source, name)) for name in _files(source))

    def read(self, source: Source, form: StoredForm) -> Draft:
        """Every chat, with its branches."""
        del form
        gathered = Gathered()
        wholes = [
            _whole(item, gathered)
            for name in _files(source)
            for item in json_items(source, name)
            if _is_chat(item)
        ]
        return Draft(
            wholes, gathered.pictures, left_out=gathered.left_out, pictures_lost=gathered.lost
        )


def _files(source: Source) -> list[str]:
    return [name for name in source.names if name.lower().endswith(".json")]


def _chat(item: Json) -> dict[str, Json]:
    """The chat of a row, or the row itself where only the chat was exported."""
    row = mapping_of(item)
    return mapping_of(row.get("chat")) or row


def _is_chat(item: Json) -> bool:
    return isinstance(mapping_of(_chat(item).get("history")).get("messages"), dict)


def _whole(item: Json, gathered: Gathered) -> WholeConversation:
    row, chat = mapping_of(item), _chat(item)
    history = mapping_of(chat.get("history"))
    said = {
        key: node for key, node in mapping_of(history.get("messages")).items() if mapping_of(node)
    }
    began = moment_of(row.get("created_at") or chat.get("timestamp"))
    used = moment_of(row.get("updated_at"), began)
    of = building.conversation(row.get("title") or chat.get("title"), began, used)
    made: dict[str, Message] = {}
    for key in _from_the_top(said):
        node = said[key]
        above = made.get(str(node.get("parentId")))
        made[key] = _message(of, node, above.id if above else None, gathered)
    shown = made.get(str(history.get("currentId")))
    return building.finished(of, list(made.values()), shown.id if shown else None)


def _from_the_top(said: dict[str, Json]) -> Iterator[str]:
    """Ids of messages, a parent before its children, each once; circles are cut."""
    done: set[str] = set()
    for first in said:
        way: list[str] = []
        key: Json = first
        while isinstance(key, str) and key in said and key not in done:
            done.add(key)
            way.append(key)
            key = said[key].get("parentId")
        yield from reversed(way)


def _message(
    of: Conversation, node: dict[str, Json], parent_id: str | None, gathered: Gathered
) -> Message:
    role: Role = "user" if node.get("role") == "user" else "assistant"
    parts: list[Part] = []
    unread: list[str] = []
    for each in map(mapping_of, list_of(node.get("files"))):
        kind, url = each.get("type"), words_of(each.get("url"))
        if kind != "image":
            unread.append("files")
        elif is_data_url(url):
            key = f"picture {len(gathered.pictures)}"
            gathered.pictures[key] = DraftPicture(_reading(url))
            parts.append(building.placeholder(key, "upload" if role == "user" else "model"))
        else:
            gathered.lost += 1
            parts.append(Text(building.MISSING))
    words = list(_words(words_of(node.get("content"))))
    parts = [*parts, *words] if role == "user" else [*words, *parts]
    gathered.leave_out(unread)
    at = moment_of(node.get("timestamp"), of.created_at)
    model = words_of(node.get("modelName")) or words_of(node.get("model"))
    return building.message(of, parent_id, role, parts, at, model, OpenWebUIReader.title)


def _words(content: str) -> Iterator[Part]:
    """The words of a message, its thoughts apart."""
    at = 0
    for match in _THOUGHTS.finditer(content):
        if content[at : match.start()].strip():
            yield Text(content[at : match.start()])
        yield Reasoning(_QUOTE.sub("", match[1]).strip())
        at = match.end()
    if content[at:].strip():
        yield Text(content[at:])


def _reading(url: str) -> Callable[[], bytes]:
    return lambda: read_data_url(url, MOST_BYTES)
