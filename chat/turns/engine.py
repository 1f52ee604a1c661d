"""Starting, stopping and repeating turns. Routes and panels call this, never the run itself.

A question is committed, with its queued reply, before the model is called; the same
``client_id`` twice is one turn.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from chat.core.errors import CapabilityError, Conflict, NotFound
from chat.core.messages import Conversation, Finish, Message, new_id
from chat.core.parts import Image, MediaRef, Part
from chat.core.text import clean_text
from chat.models import Catalogue
from chat.turns.doors import Doors
from chat.turns.ending import save_late
from chat.turns.history import History
from chat.turns.jobs import Job, Jobs
from chat.turns.news import News
from chat.turns.opening import Opening
from chat.turns.question import check, compose, shown, title_of
from chat.turns.run import Desk, Turn, run_turn

MAX_RUNNING_TURNS = 12
LOOK_BACK_MESSAGES = 200
"""How far up a picture is looked for to keep its origin and alt text."""


@dataclass(frozen=True, slots=True)
class Started:
    """A turn that is under way, or was already."""

    conversation_id: str
    question_id: str
    reply_id: str


class Engine:
    """The turns of one process."""

    def __init__(
        self, desk: Desk, catalogue: Catalogue, doors: Doors, jobs: Jobs, news: News
    ) -> None:
        """Work at this desk, with these models behind these doors."""
        self._desk = desk
        self._conversations = desk.conversations
        self.history = History(desk.conversations)
        self._doors = doors
        self._opening = Opening(desk, catalogue, doors)
        self._jobs = jobs
        self._news = news
        self._starting: Counter[str] = Counter()

    async def settle(self) -> int:
        """After a start: mark what a crash left unfinished. Returns how many there were."""
        debris = await asyncio.to_thread(self._conversations.unfinished)
        for message in debris:
            finish = Finish("error", "Crash", "Easel stopped during this reply. Try again.")
            # When it really ended nobody knows; the time until now was not spent on it.
            ended = replace(message, status="interrupted", finish=finish)
            await asyncio.to_thread(self._conversations.update, ended)
        return len(debris)

    async def send(
        self,
        owner: str,
        conversation_id: str,
        text: str,
        shas: Sequence[str],
        client_id: str,
        parent_id: str | None,
        masks: Sequence[str] = (),
    ) -> Started:
        """Ask. ``shas`` name stored pictures in order, ``masks`` those that mark the first one.

        ``parent_id`` is the message above; ``None`` means the end of the branch shown last.

        Raises:
            CapabilityError: an empty, too long or impossible message; nothing was stored.
            NotFound: a conversation, parent or picture that is not there.
        """
        conversation = await asyncio.to_thread(self._conversations.get, owner, conversation_id)
        if parent_id is None:
            # Who does not say what is above goes on where the conversation stands.
            parent_id = conversation.head_id
        else:
            await self._belongs(owner, conversation_id, parent_id)
        return await self._ask(conversation, text, shas, masks, client_id, parent_id)

    async def edit(
        self,
        owner: str,
        message_id: str,
        text: str,
        shas: Sequence[str],
        client_id: str,
        masks: Sequence[str] = (),
    ) -> Started:
        """Ask a question in other words, as a sibling of the old one. Raises as ``send``."""
        old = await asyncio.to_thread(self._conversations.message, owner, message_id)
        if old.role != "user":
            raise NotFound("Only a question can be edited.")
        conversation = await asyncio.to_thread(self._conversations.get, owner, old.conversation_id)
        return await self._ask(
            conversation, text, shas, masks, client_id, old.parent_id, replaced=old.parts
        )

    async def regenerate(self, owner: str, reply_id: str) -> Started:
        """Answer the same question once more, as a sibling of the old reply."""
        old = await asyncio.to_thread(self._conversations.message, owner, reply_id)
        if old.role != "assistant" or old.parent_id is None:
            raise NotFound("Only a reply can be made again.")
        conversation = await asyncio.to_thread(self._conversations.get, owner, old.conversation_id)
        question = await asyncio.to_thread(self._conversations.message, owner, old.parent_id)
        return await self._answer(conversation, question, stored=True)

    def stop(self, owner: str, reply_id: str) -> bool:
        """Stop a running reply; false where it had ended already."""
        job = self._jobs.get(reply_id)
        return job is not None and job.owner == owner and self._jobs.stop(reply_id)

    async def close(self) -> None:
        """Interrupt what runs, save it, and close the doors."""
        await self._jobs.close()
        await self._doors.close()
        await self._desk.guardrails.aclose()

    async def _belongs(self, owner: str, conversation_id: str, parent_id: str) -> None:
        parent = await asyncio.to_thread(self._conversations.message, owner, parent_id)
        if parent.conversation_id != conversation_id:
            raise NotFound("That message is not part of this conversation.")

    async def _pictures(
        self, owner: str, shas: Sequence[str], parent_id: str | None
    ) -> tuple[list[MediaRef], dict[str, Image]]:
        """The pictures that go along, and what was said of pictures further up."""
        if not shas:  # a long conversation is not searched for nothing
            return [], {}
        earlier: dict[str, Image] = {}
        if parent_id is not None:
            branch = self._conversations.branch
            earlier = shown(await asyncio.to_thread(branch, parent_id, LOOK_BACK_MESSAGES))
        return await self._desk.pictures.find(owner, shas, earlier), earlier

    async def _ask(
        self,
        conversation: Conversation,
        text: str,
        shas: Sequence[str],
        masks: Sequence[str],
        client_id: str,
        parent_id: str | None,
        replaced: Sequence[Part] = (),
    ) -> Started:
        owner, store = conversation.owner, self._conversations
        text = clean_text(text)
        masks = list(dict.fromkeys(masks))
        shas = [sha for sha in dict.fromkeys(shas) if sha not in masks]
        check(text, shas, masks)
        known = await asyncio.to_thread(store.by_client_id, conversation.id, client_id)
        if known is not None:
            return await self._already(conversation, known)
        refs, earlier = await self._pictures(owner, shas, parent_id)
        found = await self._desk.pictures.find(owner, masks)
        parts = compose(text, refs, earlier, found, replaced)
        question = Message(new_id(), conversation.id, parent_id, "user", parts, client_id=client_id)
        self._opening.must_fit(conversation, question)
        if not conversation.title:
            conversation = await asyncio.to_thread(
                store.change,
                owner,
                conversation.id,
                lambda now: now if now.title else replace(now, title=title_of(parts)),
            )
        try:
            return await self._answer(conversation, question, stored=False)
        except Conflict:
            known = await asyncio.to_thread(store.by_client_id, conversation.id, client_id)
            if known is None:
                raise
            return await self._already(conversation, known)

    async def _already(self, conversation: Conversation, question: Message) -> Started:
        """The turn that a repeated click had started."""
        reply = await asyncio.to_thread(self._conversations.reply_to, question.id)
        if reply is None:
            return await self._answer(conversation, question, stored=True)
        return Started(conversation.id, question.id, reply.id)

    async def _answer(
        self, conversation: Conversation, question: Message, *, stored: bool
    ) -> Started:
        """Commit the question if it is new, and its queued reply; then start the turn."""
        with self._slot(conversation.owner):
            turn = await self._opening.turn(conversation, question, self._above)
            reply = turn.reply
            # From here on the question is kept, whatever happens.
            added = [reply] if stored else [question, reply]
            await asyncio.to_thread(self._conversations.add, added)
            self._jobs.start(Job(conversation.owner, reply), lambda job: self._work(job, turn))
        self._news.publish(conversation.owner, conversation.id)
        return Started(conversation.id, question.id, reply.id)

    @contextmanager
    def _slot(self, owner: str) -> Iterator[None]:
        """A place among the running turns, held from before the first wait until the start."""
        if len(self._jobs.of_owner(owner)) + self._starting[owner] >= MAX_RUNNING_TURNS:
            raise CapabilityError(
                f"{MAX_RUNNING_TURNS} replies are being written already. "
                "Wait for one to end, or stop one."
            )
        self._starting[owner] += 1
        try:
            yield
        finally:
            self._starting[owner] -= 1

    async def _work(self, job: Job, turn: Turn) -> None:
        owner, conversation_id = turn.conversation.owner, turn.conversation.id
        unsaved = await run_turn(job, turn, self._desk)
        self._news.publish(owner, conversation_id)
        if unsaved is not None and await save_late(self._conversations, unsaved):
            # Meanwhile the job stayed, over for everybody but the one copy of its last state.
            self._news.publish(owner, conversation_id)

    async def _above(self, question: Message) -> Sequence[Message]:
        """What the model is told before the question.

        A reply right above it that is still being written is waited for: the question was
        asked with it in mind, and so must it be answered.
        """
        if question.parent_id is not None:
            await self._jobs.wait(question.parent_id)
        return await self.history.above(question.parent_id)
