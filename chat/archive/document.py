"""``conversation.json``: a conversation with everything that is known of it, in a versioned form.

docs/export-format.md describes it. What a message holds is in the form of the store, which has a
version of its own and keeps what it does not know; the form here is of what is around it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from chat.conversations.service import MAX_TITLE_CHARACTERS
from chat.core.errors import ChatError
from chat.core.messages import Message, new_id
from chat.core.parts import Json, images
from chat.core.ports import StoredForm, WholeConversation
from chat.version import VERSION as EASEL

FORMAT: Final = "easel-conversation"
VERSION: Final = 1
"""Of the form that is written. A step in ``STEPS`` goes with each increase."""

Step: TypeAlias = Callable[[dict[str, Json]], dict[str, Json]]
STEPS: Mapping[int, Step] = {}
"""By the version that is left behind: from a document of that version to one of the next."""

_ID = re.compile("[0-9a-f]{32}")
_SHA256 = re.compile("[0-9a-f]{64}")
_CLIENT_ID = re.compile(r"[\x21-\x7e]{1,64}")


class NotTaken(ChatError):
    """A file that is not taken in; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Document:
    """What such a file holds."""

    whole: WholeConversation
    files: Mapping[str, str]
    """The path of each picture beside the document, by the sha256 of its bytes."""


def document_pieces(
    form: StoredForm,
    whole: WholeConversation,
    files: Mapping[str, str],
    lost: Sequence[str],
    made_at: str,
    *,
    selection: bool,
) -> Iterator[str]:
    """The document as text, a message at a time; pure ASCII.

    Args:
        form: how values are written.
        whole: the conversation, with the messages that shall be in it.
        files: the path of each picture beside the document, by sha256.
        lost: the sha256 of pictures whose bytes are not there any more.
        made_at: when, in ISO 8601.
        selection: whether these are only some of its messages.
    """
    head = {
        "format": FORMAT,
        "version": VERSION,
        "made_by": f"Easel {EASEL}",
        "made_at": made_at,
        "selection": selection,
        "conversation": form.conversation_to_json(whole.conversation),
        "pictures": [{"sha256": sha256, "file": file} for sha256, file in files.items()],
        "lost": list(lost),
    }
    for number, (key, value) in enumerate(head.items()):
        yield f"{',' if number else '{'}\n{json.dumps(key)}: {json.dumps(value)}"
    yield ',\n"messages": ['
    for number, message in enumerate(whole.messages):
        yield f"{',' if number else ''}\n{json.dumps(form.message_to_json(message))}"
    yield "\n]\n}\n"


def is_document(value: Json) -> bool:
    """Whether a JSON value says that it is such a document."""
    return isinstance(value, dict) and value.get("format") == FORMAT


def read_document(form: StoredForm, value: Json) -> Document:
    """What a document holds, checked.

    Raises:
        NotTaken: it is of a newer version, or does not hold together.
    """
    try:
        return _read(form, _in_todays_form(value))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise NotTaken("conversation.json is damaged: it does not hold together.") from error


def _in_todays_form(value: Json) -> dict[str, Json]:
    if not is_document(value):
        raise NotTaken("This is not a conversation that Easel exported.")
    version = value.get("version")
    if type(version) is not int or version < 1:
        raise NotTaken("conversation.json is damaged: it has no version.")
    if version > VERSION:
        raise NotTaken(
            f"This was exported by a newer Easel (version {version} of the format; this Easel "
            f"reads up to {VERSION}). Update Easel, then import it again."
        )
    document: dict[str, Json] = dict(value)
    for passed in range(version, VERSION):
        document = STEPS[passed](document)
    return document


def _read(form: StoredForm, document: Mapping[str, Json]) -> Document:
    files: dict[str, str] = {}
    for row in document["pictures"]:
        if not _SHA256.fullmatch(row["sha256"]) or not isinstance(row["file"], str):
            raise ValueError("a picture has no name")
        files[row["sha256"]] = row["file"]
    conversation = form.conversation_from_json(document["conversation"])
    if not _ID.fullmatch(conversation.id):
        conversation = replace(conversation, id=new_id())
    conversation = replace(conversation, title=conversation.title[:MAX_TITLE_CHARACTERS])
    messages = [form.message_from_json(conversation.id, each) for each in document["messages"]]
    named = [image.media.sha256 for message in messages for image in images(message.parts)]
    if not all(map(_SHA256.fullmatch, named)):
        raise ValueError("a picture in a message has no name")
    whole = WholeConversation(conversation, messages)
    _must_hold_together(whole)
    return Document(_with_our_ids(whole), files)


def _must_hold_together(whole: WholeConversation) -> None:
    """Each message once, its parent before it, and the head among them. Raises: ValueError."""
    above: set[str] = set()
    clients: set[str] = set()
    for message in whole.messages:
        if message.id in above or message.client_id in clients:
            raise ValueError("a message comes twice")
        if message.parent_id is not None and message.parent_id not in above:
            raise ValueError("a message answers one that is not above it")
        above.add(message.id)
        if message.client_id is not None:
            clients.add(message.client_id)
    head = whole.conversation.head_id
    if not above or (head is not None and head not in above):
        raise ValueError("the message shown last is not there")


def _with_our_ids(whole: WholeConversation) -> WholeConversation:
    """Ids of another form than ours would fit no address: they are made new."""
    fresh = {
        message.id: message.id if _ID.fullmatch(message.id) else new_id()
        for message in whole.messages
    }

    def renamed(message: Message) -> Message:
        client_id = message.client_id
        if client_id is not None and not _CLIENT_ID.fullmatch(client_id):
            client_id = None
        parent = None if message.parent_id is None else fresh[message.parent_id]
        return replace(message, id=fresh[message.id], parent_id=parent, client_id=client_id)

    conversation = whole.conversation
    head = None if conversation.head_id is None else fresh[conversation.head_id]
    return WholeConversation(
        replace(conversation, head_id=head), [renamed(message) for message in whole.messages]
    )
