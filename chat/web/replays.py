"""Steps done again over HTTP: what there are, what they may cost, and the jobs that do them."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from fastapi import Response

from chat.core.errors import CapabilityError, ChatError
from chat.core.estimate import estimate
from chat.core.languages import later
from chat.core.messages import Conversation, Message
from chat.core.models import ModelCard
from chat.core.parts import Image, MediaRef, Text
from chat.render.costs import expected_words
from chat.turns.app_state import AppState
from chat.turns.replay_steps import Step, steps_to
from chat.turns.replays import Replay
from chat.web.api.answers import answer
from chat.web.api.conversations import Deleted
from chat.web.api.drafts import Estimated
from chat.web.api.replays import (
    ReplayShown,
    ReplaysShown,
    ReplayTarget,
    StepsTaken,
    StepsWanted,
    StepTaken,
)
from chat.web.api.turns import Stopped
from chat.web.api.values import Id, Sha
from chat.web.owner import Owner
from chat.web.routes import Routes


def router(app_state: AppState) -> Routes:
    """``steps`` and ``replays`` of a conversation, and ``/api/replays``."""
    api = Routes("/api")
    replays = app_state.replays

    async def taken(owner: str, conversation_id: str, sha: str) -> tuple[Step, ...]:
        tree = app_state.conversations.tree
        messages = await asyncio.to_thread(tree, owner, conversation_id)
        return steps_to(messages, sha)

    async def wanted(owner: str, conversation_id: str, body: StepsWanted) -> list[Step]:
        return _chosen(await taken(owner, conversation_id, body.picture), body)

    @api.get("/conversations/{conversation_id}/steps/{sha}", response_model=StepsTaken)
    async def steps(owner: Owner, conversation_id: Id, sha: Sha) -> Response:
        found = await taken(owner, conversation_id, sha)
        return answer(StepsTaken(steps=[_told(n, step) for n, step in enumerate(found, 1)]))

    @api.post("/conversations/{conversation_id}/replays/estimate", response_model=Estimated)
    async def price(owner: Owner, conversation_id: Id, body: StepsWanted) -> Response:
        conversation = await app_state.library.get(owner, conversation_id)
        chosen = await wanted(owner, conversation_id, body)
        refs = await app_state.pictures.known(owner, body.targets)
        try:
            card = app_state.catalogue_of(owner).resolve(body.model or conversation.model).card
        except ChatError:  # nobody answers now: starting it says why
            return answer(Estimated())
        return answer(_priced(card, conversation, chosen, refs))

    @api.post("/conversations/{conversation_id}/replays", response_model=ReplayShown)
    async def start(owner: Owner, conversation_id: Id, body: StepsWanted) -> Response:
        conversation = await app_state.library.get(owner, conversation_id)
        chosen = await wanted(owner, conversation_id, body)
        if not all(step.recipe for step in chosen):
            card = app_state.catalogue_of(owner).resolve(body.model or conversation.model).card
            _must_edit(card)
        job = await replays.start(
            owner, conversation_id, body.picture, chosen, body.targets, body.model
        )
        return answer(_shown(job))

    @api.get("/conversations/{conversation_id}/replays", response_model=ReplaysShown)
    async def listed(owner: Owner, conversation_id: Id) -> Response:
        found = await replays.of_conversation(owner, conversation_id)
        return answer(ReplaysShown(replays=[_shown(job) for job in found]))

    @api.post("/replays/{job_id}/stop", response_model=Stopped)
    async def stop(owner: Owner, job_id: Id) -> Response:
        return answer(Stopped(stopped=replays.stop(owner, job_id)))

    @api.delete("/replays/{job_id}", response_model=Deleted)
    async def put_away(owner: Owner, job_id: Id) -> Response:
        """Forget a job that has ended; what it made stays."""
        await replays.put_away(owner, job_id)
        return answer(Deleted())

    return api


def _told(number: int, step: Step) -> StepTaken:
    return StepTaken(
        number=number, words=step.words, asks_model=not step.recipe, marked=bool(step.masks)
    )


def _chosen(taken: Sequence[Step], body: StepsWanted) -> list[Step]:
    """The steps that are to be done again, in their order, in the words that were chosen."""
    reworded = {each.number: each.words.strip() for each in body.steps}
    if len(reworded) < len(body.steps) or max(reworded) > len(taken):
        raise CapabilityError("The steps have changed meanwhile. Open them again.")
    chosen = []
    for number, step in enumerate(taken, 1):
        if number in reworded:
            words = step.words if step.recipe else reworded[number] or step.words
            chosen.append(replace(step, words=words))
    return chosen


def _must_edit(card: ModelCard) -> None:
    if "image" not in card.input_modalities or "image" not in card.output_modalities:
        raise CapabilityError(f"{card.title} does not edit pictures. Choose another model.")


def _priced(
    card: ModelCard, conversation: Conversation, steps: Sequence[Step], targets: Sequence[MediaRef]
) -> Estimated:
    """What the model's steps may cost, on all pictures: each is told what stands above it."""
    asked = [step for step in steps if not step.recipe]
    if not asked:
        return Estimated(words="free", why="No model is asked for these steps.")
    total: float | None = 0.0
    for ref in targets:
        branch: list[Message] = []
        for step in asked:
            shown = (Image(ref, "upload"),) * len(step.shown)
            branch.append(Message("", "", None, "user", (*shown, Text(step.words))))
            one = estimate(card, branch, conversation.system, conversation.options).cost_usd
            total = None if total is None or one is None else total + one
            branch.append(Message("", "", None, "assistant", (Image(ref, "model"),)))
    pictures = "1 picture" if len(targets) == 1 else f"{len(targets)} pictures"
    calls = len(asked) * len(targets)
    times = later("once") if calls == 1 else f"{calls} times"
    why = f"An estimate: {card.title} is asked {times} for {pictures}."
    return Estimated(words=expected_words(total), why=why)


def _shown(job: Replay) -> ReplayShown:
    return ReplayShown(
        id=job.id,
        picture=job.picture,
        state=job.state,
        words=job.words,
        targets=[
            ReplayTarget(
                picture=each.picture,
                state=each.state,
                done=each.done,
                reply=each.reply,
                sentence=each.sentence,
            )
            for each in job.targets
        ],
    )
