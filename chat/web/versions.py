"""The versions of a conversation's pictures over HTTP, and what an owner says of them."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from fastapi import Response

from chat.conversations.version_marks import Marks, VersionMarks
from chat.core.conversation_settings import chosen_words
from chat.core.errors import NotFound
from chat.core.lineage import Version, chain, versions
from chat.core.messages import UNENDED, Message
from chat.core.parts import pictures
from chat.core.ports import Conversations
from chat.core.recent import Recent
from chat.render.costs import paid_words
from chat.turns.app_state import AppState
from chat.turns.operation_words import done
from chat.web.api.answers import PRIVATE, answer
from chat.web.api.values import Id
from chat.web.api.versions import (
    ChainOfVersion,
    EditOfChain,
    Mark,
    Marked,
    PictureName,
    PictureNamed,
    PictureVersion,
    VersionsOfConversation,
)
from chat.web.media import Sha
from chat.web.owner import Owner
from chat.web.routes import Routes

KEPT_BYTES = 16_000_000
MAX_PROMPT_CHARACTERS = 400
"""Of a prompt in the list; the way of one version has all of it."""


@dataclass(slots=True)
class _Texts:
    """Texts that many refer to, each kept once."""

    places: dict[str, int] = field(default_factory=dict)

    def place(self, text: str) -> int:
        return self.places.setdefault(text, len(self.places))


def _cut(text: str) -> str:
    if len(text) <= MAX_PROMPT_CHARACTERS:
        return text
    return text[: MAX_PROMPT_CHARACTERS - 1].rstrip() + "…"


def _short(model: str, titles: Mapping[str, str]) -> str:
    """What the button of the model says too: the title up to its first comma."""
    return titles.get(model, model).partition(",")[0]


@dataclass(frozen=True, slots=True)
class VersionList:
    """All that a conversation's messages say of its versions, whoever looks and at which branch."""

    versions: tuple[PictureVersion, ...]
    prompts: tuple[str, ...]
    models: tuple[str, ...]
    """The ids of their cards."""
    above: Mapping[str, str | None]
    """The parent of each message."""
    pictures: Mapping[str, tuple[int, ...]]
    """The places of the versions in each message that has some, in order."""
    ended: bool
    """Whether no reply is being written: it stays like this until a message is added."""

    @property
    def size_bytes(self) -> int:
        """How much it holds in memory, roughly."""
        words = sum(map(len, self.prompts))
        return 1_500 * len(self.versions) + 200 * len(self.above) + 2 * words


def version_list(messages: Sequence[Message]) -> VersionList:
    """Every version as the page draws it, but for what depends on who looks.

    Args:
        messages: all of the conversation, in the order of arrival.
    """
    found = versions(messages)
    origins = {message.id: message.origin for message in messages}
    place = {version.sha256: at for at, version in enumerate(found)}
    prompts, models = _Texts(), _Texts()

    def drawn(version: Version) -> PictureVersion:
        image, origin = version.image, origins[version.message_id]
        return PictureVersion(
            sha=version.sha256,
            mime=image.media.mime,
            width=image.media.width_px,
            height=image.media.height_px,
            bytes=image.media.size_bytes,
            parents=tuple(place[parent] for parent in version.parents),
            message=version.message_id,
            prompt=prompts.place(_cut(version.prompt)),
            model=models.place(version.model) if version.model else -1,
            operation=done(image.derivation),
            settings=chosen_words(origin.settings) if origin is not None and version.model else {},
            cost=paid_words(version.cost_usd) if version.cost_usd else "",
            made_at=version.made_at.isoformat(timespec="seconds"),
            name="",
            favourite=False,
            base=False,
            shown=False,
            on_branch=False,
        )

    all_of_them = tuple(map(drawn, found))
    held = {m.id: tuple(place[image.media.sha256] for image in pictures(m.parts)) for m in messages}
    return VersionList(
        versions=all_of_them,
        prompts=tuple(prompts.places),
        models=tuple(models.places),
        above={message.id: message.parent_id for message in messages},
        pictures={message_id: places for message_id, places in held.items() if places},
        ended=all(message.status not in UNENDED for message in messages),
    )


def listed(
    conversation_id: str,
    known: VersionList,
    leaf: str | None,
    marks: Marks,
    titles: Mapping[str, str],
) -> VersionsOfConversation:
    """What one who looks at a branch is told.

    Args:
        conversation_id: whose versions they are.
        known: the versions.
        leaf: the last message of the branch that is shown; one that is not there shows none.
        marks: what the owner says of pictures.
        titles: of models, by the ids of their cards.
    """
    way: list[str] = []
    at = leaf if leaf in known.above else None
    while at is not None:
        way.append(at)
        at = known.above.get(at)
    branch = [place for message_id in reversed(way) for place in known.pictures.get(message_id, ())]
    shown, on_branch = set(branch), set(way)
    return VersionsOfConversation(
        conversation=conversation_id,
        current=branch[-1] if branch else -1,
        prompts=known.prompts,
        models=tuple(_short(model, titles) for model in known.models),
        versions=tuple(
            replace(
                version,
                name=marks.names.get(version.sha, ""),
                favourite=version.sha in marks.favourites,
                base=version.sha in marks.bases,
                shown=place in shown,
                on_branch=version.message in on_branch,
            )
            for place, version in enumerate(known.versions)
        ),
    )


class _Lists:
    """The version lists of conversations, kept while nothing is added to them."""

    def __init__(self, store: Conversations) -> None:
        self._store = store
        self._kept = Recent[tuple[str, datetime], VersionList](KEPT_BYTES)

    def of(self, owner: str, conversation_id: str) -> tuple[VersionList, str | None]:
        """The versions, and the message that was shown last; for a thread. Raises ``NotFound``."""
        conversation = self._store.get(owner, conversation_id)
        key = (conversation_id, conversation.updated_at)
        known = self._kept.get(key)
        if known is None:
            known = version_list(self._store.tree(owner, conversation_id))
            if known.ended:
                self._kept.keep(key, known, known.size_bytes)
        return known, conversation.head_id


def chain_of(messages: Sequence[Message], sha256: str, bases: Iterable[str]) -> ChainOfVersion:
    """How a version came of a clean original.

    Raises:
        NotFound: the conversation has no such version.
    """
    way = chain(versions(messages), sha256, set(bases))
    if not way:
        raise NotFound("That picture is not part of this conversation.")
    original, *edits = way
    known = {message.id: message for message in messages}
    question = known[edits[0].message_id] if edits else None
    if question is not None and question.role != "user":
        question = known.get(question.parent_id or "")
    return ChainOfVersion(
        original=original.sha256,
        question=question.id if question else "",
        above=question.parent_id if question else None,
        edits=tuple(
            EditOfChain(
                sha=edit.sha256,
                words=done(edit.image.derivation) if not edit.model else edit.prompt,
                by_model=bool(edit.model),
            )
            for edit in edits
        ),
    )


def router(app_state: AppState) -> Routes:
    """``/api/conversations/{id}/versions``, and the marks of a picture under ``/api/pictures``."""
    api = Routes("/api")
    store, titles = app_state.conversations, app_state.names.models
    marks, lists = VersionMarks(store), _Lists(store)

    @api.get("/conversations/{conversation_id}/versions", response_model=VersionsOfConversation)
    async def of_conversation(
        owner: Owner, conversation_id: Id, leaf: Id | None = None
    ) -> Response:
        """With the branch down to ``leaf``, or the one shown last."""
        known, head = await asyncio.to_thread(lists.of, owner, conversation_id)
        said = await marks.of(owner)
        made = listed(conversation_id, known, leaf or head, said, titles)
        return answer(made, PRIVATE)

    @api.get("/conversations/{conversation_id}/versions/{sha}/chain", response_model=ChainOfVersion)
    async def way(owner: Owner, conversation_id: Id, sha: Sha) -> Response:
        """From the clean original, or from what was set as base."""
        messages = await asyncio.to_thread(store.tree, owner, conversation_id)
        return answer(chain_of(messages, sha, (await marks.of(owner)).bases), PRIVATE)

    @api.post("/pictures/{sha}/name", response_model=PictureNamed)
    async def name(owner: Owner, sha: Sha, body: PictureName) -> Response:
        return answer(PictureNamed(name=await marks.name(owner, sha, body.name)))

    @api.post("/pictures/{sha}/base", response_model=Marked)
    async def base(owner: Owner, sha: Sha, body: Mark) -> Response:
        await marks.base(owner, sha, on=body.on)
        return answer(Marked(on=body.on))

    return api
