"""What the message in the box may cost, and what goes along with it.

The page asks again and again while it is written.

Answered from the store and the price list alone: it calls no model and stores nothing. A draft
that could not be sent has no price; why it cannot is said when somebody tries to send it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from fastapi import Response

from chat.core.errors import CapabilityError, ChatError, NotFound
from chat.core.estimate import TOKEN_BYTES, Estimate, estimate, estimate_replies, picture_tokens
from chat.core.file_kinds import kind_of_stored
from chat.core.handles import next_number, numbered, numbered_files
from chat.core.messages import UNENDED, Conversation, Message
from chat.core.models import ModelCard
from chat.core.parts import File, Image, MediaRef, Text, files, pictures
from chat.render.forecast import forecast, forecast_of_models, history_words
from chat.turns.app_state import AppState
from chat.turns.file_texts import FileShare, ToldOfFiles
from chat.turns.pictures import goes_as_copy
from chat.turns.question import compose
from chat.turns.request import Prepared, fitted
from chat.turns.tool_relay import relay_for
from chat.web.api.answers import answer
from chat.web.api.drafts import (
    Draft,
    Estimated,
    HistoryShare,
    NearLimit,
    NumberedFile,
    NumberedPicture,
    TrayFile,
    TrayPicture,
)
from chat.web.api.values import Id
from chat.web.owner import Owner
from chat.web.routes import Routes

MOST_SHOWN = 40
"""Pictures of the conversation that the page offers while a handle is written."""

MOST_DROPPED = 24
"""Pictures that are named as staying behind; of more only the number is told."""


class Estimates:
    """Prices drafts."""

    def __init__(self, app_state: AppState) -> None:
        """Price with this catalogue what is in this store."""
        self._app_state = app_state

    async def of(self, owner: str, draft: Draft, conversation: Conversation | None) -> Estimated:
        """What to show of it.

        Raises:
            NotFound: the message above is not of this conversation.
        """
        catalogue = self._app_state.catalogue_of(owner)
        above = await self._above(owner, draft.parent_id, conversation)
        try:
            begun = conversation or await self._app_state.settings.of_a_new_one(owner)
            model = begun.model or catalogue.default.id
            card = catalogue.resolve(model).card
            others = [catalogue.resolve(each).card for each in draft.models]
        except ChatError:  # nobody answers now, which the page says by itself
            return Estimated()
        numbers = await asyncio.to_thread(numbered, above)
        file_numbers = await asyncio.to_thread(numbered_files, above)
        answered = partial(
            Estimated,
            pictures=await self._tray(owner, card, draft.tray, numbers),
            next_handle=next_number(numbers.values()),
            shown_files=_newest_files(above, file_numbers),
            next_file_handle=next_number(file_numbers.values()),
        )
        try:
            question = await self._question(owner, draft)
            told_of = {
                each.id: await self._told(owner, each, [*above, question], conversation)
                for each in (card, *others)
            }
        except ChatError:  # something of it is not there: sending it says why
            return answered(shown=_newest(above, numbers, frozenset())[:MOST_SHOWN])
        tools_on = begun.tools_on and card.tools
        system = conversation.system if conversation else ""
        options = conversation.options if conversation else {}

        answered = partial(answered, files=_shares(question, told_of[card.id].shares, file_numbers))

        def priced(other: ModelCard) -> Estimate:
            messages = told_of[other.id].messages
            going = fitted(other, messages, tools_on and other.tools).messages
            told = going if other.history else going[-1:]
            return estimate(other, told, system, options)

        def reckoned() -> Estimated:
            prepared = fitted(card, told_of[card.id].messages, tools_on)
            told = prepared.messages if card.history else prepared.messages[-1:]
            requests = estimate_replies(card, told, system, options, draft.replies)
            words, why = forecast(requests, card, draft.replies)
            if others:
                words, why = forecast_of_models([(priced(other), other) for other in others])
            newest = _newest(above, numbers, _going(card, prepared, question))
            return answered(
                words=words,
                why=why,
                shown=newest[:MOST_SHOWN],
                history=_share(card, above, prepared, newest, fresh=draft.fresh),
            )

        try:
            return await asyncio.to_thread(reckoned)
        except CapabilityError:  # sending it says why
            return answered(shown=_newest(above, numbers, frozenset())[:MOST_SHOWN])

    async def _tray(
        self, owner: str, card: ModelCard, shas: Sequence[str], numbers: Mapping[str, int]
    ) -> list[TrayPicture]:
        """What is known of the pictures by the draft; of those that are not there, nothing."""
        found: list[TrayPicture] = []
        for sha256 in dict.fromkeys(shas):
            try:
                (ref,) = await self._app_state.pictures.known(owner, [sha256])
            except NotFound:
                continue
            found.append(_described(card, ref, numbers.get(sha256)))
        return found

    async def _question(self, owner: str, draft: Draft) -> Message:
        known = self._app_state.pictures.known
        shas = [sha for sha in dict.fromkeys(draft.pictures) if sha not in draft.masks]
        refs, masks = await known(owner, shas), await known(owner, draft.masks)
        if masks and not refs:
            raise CapabilityError("A mask needs its picture.")
        named = [one.named for one in draft.files]
        found = await self._app_state.pictures.known_files(owner, [one.sha256 for one in named])
        attached = [
            File(ref, one.name, handle=one.handle) for ref, one in zip(found, named, strict=True)
        ]
        parts = compose(
            draft.text,
            refs,
            {},
            masks,
            handles=draft.handles,
            attached=attached,
            fresh=draft.fresh,
        )
        # Before the first letter it stands below the history as well: else the reply above would be
        # taken for the question.
        return Message("draft", "", draft.parent_id, "user", parts or (Text(""),))

    async def _told(
        self,
        owner: str,
        card: ModelCard,
        messages: Sequence[Message],
        conversation: Conversation | None,
    ) -> ToldOfFiles:
        """The messages as this model would be told them, or the one that runs its tools."""
        engine = self._app_state.engine
        if conversation is not None:
            relay = relay_for(card, self._app_state.catalogue_of(owner), conversation, messages[-1])
            card = card if relay is None else relay.text
        return await engine.files.told(
            card,
            messages,
            owner,
            self._app_state.pictures.bytes_of,
            has_tool=engine.reads_files(conversation, card),
        )

    async def _above(
        self, owner: str, parent_id: str | None, conversation: Conversation | None
    ) -> Sequence[Message]:
        if parent_id is None:
            return ()
        store = self._app_state.conversations
        parent = await asyncio.to_thread(store.message, owner, parent_id)
        if conversation is None or parent.conversation_id != conversation.id:
            raise NotFound("That message is not part of this conversation.")
        return await self._app_state.engine.history.above(parent_id)


def _described(card: ModelCard, ref: MediaRef, number: int | None) -> TrayPicture:
    return TrayPicture(
        sha=ref.sha256,
        handle=number,
        width=ref.width_px,
        height=ref.height_px,
        bytes=ref.size_bytes,
        tokens=picture_tokens(card, ref),
        smaller=goes_as_copy(ref, card.max_request_bytes),
    )


def _going(card: ModelCard, prepared: Prepared, question: Message) -> frozenset[str]:
    """The pictures that the model will see."""
    if card.history:
        return prepared.pictures
    own = {image.media.sha256 for image in pictures(question.parts)}
    return prepared.pictures & own


def _newest(
    above: Sequence[Message], numbers: Mapping[str, int], going: frozenset[str]
) -> list[NumberedPicture]:
    """Every picture of a branch once, the newest first."""
    found: dict[str, Image] = {}
    for message in reversed(above):
        for image in reversed(pictures(message.parts)):
            found.setdefault(image.media.sha256, image)
    return [
        NumberedPicture(sha=sha, handle=numbers[sha], alt=image.alt, goes=sha in going)
        for sha, image in found.items()
    ]


def _newest_files(above: Sequence[Message], numbers: Mapping[str, int]) -> list[NumberedFile]:
    """Every file of a branch once, the newest first."""
    found: dict[str, File] = {}
    for message in reversed(above):
        for file in reversed(files(message.parts)):
            found.setdefault(file.media.sha256, file)
    return [
        NumberedFile(
            sha=sha,
            handle=numbers[sha],
            name=file.name,
            kind=kind.title if (kind := kind_of_stored(file.media.mime, file.name)) else "",
            bytes=file.media.size_bytes,
        )
        for sha, file in list(found.items())[:MOST_SHOWN]
    ]


def _shares(
    question: Message, shares: Mapping[str, FileShare], numbers: Mapping[str, int]
) -> list[TrayFile]:
    """What of the draft's files goes."""
    return [
        TrayFile(
            sha=file.media.sha256,
            handle=numbers.get(file.media.sha256),
            tokens=share.bytes // TOKEN_BYTES,
            words=share.words,
            by_tool=share.by_tool,
        )
        for file in files(question.parts)
        if (share := shares.get(file.media.sha256))
    ]


def _share(
    card: ModelCard,
    above: Sequence[Message],
    prepared: Prepared,
    newest: Sequence[NumberedPicture],
    *,
    fresh: bool,
) -> HistoryShare | None:
    if not above:
        return None
    told = _told_of(above, prepared) if card.history else 0
    going = sum(picture.goes for picture in newest)
    words = history_words(card, (told, len(above)), (going, len(newest)), fresh=fresh)
    dropped = [picture for picture in newest if not picture.goes]
    return HistoryShare(
        words=words,
        messages=told,
        of_messages=len(above),
        pictures=going,
        of_pictures=len(newest),
        dropped=dropped[:MOST_DROPPED],
    )


def _told_of(above: Sequence[Message], prepared: Prepared) -> int:
    """How many of the history go along: a reply that is being written does once it has ended."""
    kept = {message.id for message in prepared.messages}
    return sum(message.id in kept or message.status in UNENDED for message in above)


def router(app_state: AppState) -> Routes:
    """``estimate`` of a conversation, and of one that is not begun."""
    api = Routes("/api")
    estimates = Estimates(app_state)

    async def told(owner: str, draft: Draft, conversation: Conversation | None) -> Response:
        found = await estimates.of(owner, draft, conversation)
        near = await app_state.engine.quotas.told(owner)
        limit = NearLimit(words=near.words, reached=near.reached) if near.words else None
        return answer(replace(found, limit=limit))

    @api.post("/estimate", response_model=Estimated)
    async def first(owner: Owner, draft: Draft) -> Response:
        return await told(owner, draft, None)

    @api.post("/conversations/{conversation_id}/estimate", response_model=Estimated)
    async def next_one(owner: Owner, conversation_id: Id, draft: Draft) -> Response:
        conversation = await app_state.library.get(owner, conversation_id)
        return await told(owner, draft, conversation)

    return api
