"""No follow-up is refused, whatever became of the replies above it.

Random conversations of whole turns: models are switched, replies are stopped, masked by guards,
made again, asked for in other words, finished by a fallback, or full of tools. Each server is as
strict with signatures as the real ones. ``EASEL_HISTORIES=2000`` tries as many of them.
"""

import os
import random
from dataclasses import replace

import pytest

from chat.core.messages import Message
from chat.core.parts import pictures
from chat.core.regions import proof_of
from tests.loopback import Gate
from tests.wire.switching.studio import Beat, Said, Studio, beats, masking, models

HISTORIES = int(os.environ.get("EASEL_HISTORIES", "80"))
MARKED = 0.2
"""Of the questions have a region marked in a picture of theirs."""
PARTS = 4
"""Tests that share the histories, so that workers can, too."""


@pytest.mark.parametrize("guarded", [False, True], ids=["unguarded", "guarded"])
@pytest.mark.parametrize("part", range(PARTS))
async def test_no_follow_up_is_refused(part: int, guarded: bool) -> None:
    seeds = range(part, max(HISTORIES // 2, PARTS), PARTS)
    made = models(Said())
    heirs = {model.card.id: made[(at + 1) % len(made)].card.id for at, model in enumerate(made)}
    for model in made:
        model.card = replace(model.card, fallbacks={"unavailable": (heirs[model.card.id],)})
    turns = 0
    async with Studio(made, masking() if guarded else None) as studio:
        for seed in seeds:
            turns += await a_history(studio, random.Random(seed), f"seed {seed}")
    assert studio.refusals == []
    assert turns >= 2 * len(seeds)


SIGNED = ["thought", "signed words", "picture", "words", "picture"]


async def test_after_a_locked_region_every_model_takes_the_next_question() -> None:
    async with Studio(models(Said())) as studio:
        for name, model in studio.models.items():
            if "image" not in model.card.input_modalities:
                continue
            conversation = await studio.begin()
            await studio.choose(conversation, name, tools_on=False)
            picture, mask = await studio.marked()
            model.said[:] = [SIGNED]
            first = await studio.end_of(
                await studio.ask(conversation, "Blue, please", [picture], [mask])
            )
            results = pictures(first.parts)
            assert results, name
            assert all(proof_of(image) for image in results), name
            model.said[:] = [SIGNED]
            carried = [results[-1].media.sha256]
            second = await studio.end_of(await studio.ask(conversation, "Now it green", carried))
            assert second.status == "complete", f"{name}: {second.finish}"
    assert studio.refusals == []


async def a_history(studio: Studio, chance: random.Random, named: str) -> int:
    """One conversation; how many turns it had."""
    conversation = await studio.begin()
    asked: list[str] = []
    last: Message | None = None
    turns = chance.randint(2, 6)
    name = chance.choice(list(studio.models))
    for turn in range(turns):
        if chance.random() < 0.5:
            name = chance.choice(list(studio.models))
        model = studio.models[name]
        tools_on = chance.random() < 0.7
        await studio.choose(conversation, name, tools_on=tools_on)
        gate = plan(studio, name, chance, tools=tools_on and model.card.tools)
        way = chance.random()
        if last is not None and way < 0.15:
            started = await studio.engine.regenerate("me", last.id)
        elif asked and way < 0.3:
            started = await studio.ask_otherwise(chance.choice(asked), f"Otherwise, {turn}")
        else:
            shas: list[str] = []
            masks: list[str] = []
            if chance.random() < MARKED and "image" in model.card.input_modalities:
                picture, mask = await studio.marked()
                shas, masks = [picture], [mask]
            started = await studio.ask(conversation, f"Question {turn}", shas, masks)
            asked.append(started.question_id)
        last = await studio.end_of(started, gate)
        expected = "complete" if gate is None else "stopped"
        told = last.finish and last.finish.message
        assert last.status == expected, (
            f"{named}, turn {turn}, {name}: {last.status}, {told}, {studio.refusals}"
        )
    return turns


def plan(studio: Studio, name: str, chance: random.Random, *, tools: bool) -> Gate | None:
    """Tell the model what to say; the gate where it will be stopped, if it will."""
    for other in studio.models.values():
        other.said.clear()
    said = beats(chance, tools=tools)
    gate: Gate | None = None
    if chance.random() < 0.35:
        gate = Gate()
        last = said[-1]
        last.insert(chance.randint(0, len(last)), gate)
    if studio.models[name].card.fallbacks and chance.random() < 0.1:
        busy: list[list[Beat]] = [["busy"]] * 3
        studio.models[name].said[:] = busy
        (heir,) = studio.models[name].card.fallbacks["unavailable"]
        name = heir
        if not studio.models[heir].card.tools:
            said = said[-1:]
    if gate is not None and not studio.models[name].card.stream:
        said[-1].remove(gate)
        gate = None
    studio.models[name].said[:] = said
    return gate
