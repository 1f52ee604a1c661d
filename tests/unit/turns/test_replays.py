"""The same edits on other pictures: each gets a branch with its own lineage, whatever happens."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from chat.core.errors import CapabilityError, NotFound, ShuttingDown, Unavailable
from chat.core.events import ImageBytes, TextDelta
from chat.core.lineage import versions
from chat.core.messages import Message
from chat.core.parts import pictures, plain_text
from chat.images.operations.geometry import Flip
from chat.turns.outgoing import Outgoing
from chat.turns.question import NamedFile
from chat.turns.replay_steps import Step, steps_to
from chat.turns.replays import MAX_JOBS, MAX_TARGETS, Replay
from tests.patience import PATIENCE_S
from tests.scripted import Script, Wait
from tests.unit.turns.workshop import DONE, ME, Workshop, png

ONE, TWO, THREE = (png(colour) for colour in ("green", "blue", "yellow"))


def drawn(*pictures_made: bytes) -> list[Script]:
    return [[ImageBytes(each), DONE] for each in pictures_made]


async def edited(shop: Workshop) -> tuple[str, str]:
    """A conversation with a picture that a model changed and that was flipped; id and version."""
    conversation = await shop.begin()
    sofa, _ = await shop.pictures.keep(ME, png("red"), "upload")
    started = await shop.ask(conversation, "make it green", [sofa.sha256])
    green = pictures((await shop.answer(started)).parts)[0].media.sha256
    flipped = await shop.studio.edit(
        ME, conversation.id, green, [Flip("horizontal")], "client-2", started.reply_id
    )
    return conversation.id, pictures(flipped.reply.parts)[0].media.sha256


async def other(shop: Workshop, colour: str = "white") -> str:
    ref, _ = await shop.pictures.keep(ME, png(colour, 20), "upload")
    return ref.sha256


def taken(shop: Workshop, conversation: str, sha: str) -> tuple[Step, ...]:
    return steps_to(shop.store.tree(ME, conversation), sha)


def branch(shop: Workshop, reply: str) -> list[Message]:
    return shop.store.branch(reply)


async def ended(shop: Workshop, job: Replay) -> Replay:
    await shop.replays.wait(job.id)
    (found,) = await shop.replays.of_conversation(ME, job.conversation_id)
    return found


async def test_steps_are_read_from_what_was_done() -> None:
    shop = Workshop(drawn(ONE))
    conversation, version = await edited(shop)
    green, flip = taken(shop, conversation, version)
    assert (green.words, green.recipe) == ("make it green", ())
    assert (flip.words, flip.recipe[0]) == (
        "Flip horizontally",
        {"operation": "flip", "direction": "horizontal"},
    )


async def test_an_original_has_no_steps() -> None:
    shop = Workshop(drawn(ONE))
    conversation, _ = await edited(shop)
    with pytest.raises(CapabilityError, match="Nothing was done"):
        taken(shop, conversation, (await other(shop)))


async def test_every_picture_gets_a_branch_of_its_own_with_its_own_lineage() -> None:
    shop = Workshop(drawn(ONE, TWO, THREE))
    conversation, version = await edited(shop)
    targets = [await other(shop, "white"), await other(shop, "black")]
    steps = taken(shop, conversation, version)
    job = await shop.replays.start(ME, conversation, version, steps, targets)
    done = await ended(shop, job)
    assert (done.state, [each.state for each in done.targets]) == ("done", ["done", "done"])
    graph = {each.sha256: each for each in versions(shop.store.tree(ME, conversation))}
    for target in done.targets:
        above = branch(shop, target.reply)
        assert [plain_text(m.parts) for m in above if m.role == "user"] == [
            "make it green",
            "Flip horizontally",
        ]
        assert above[0].parent_id is None
        last = graph[pictures(above[-1].parts)[-1].media.sha256]
        middle = graph[last.parents[0]]
        assert middle.parents == (target.picture,)
    asked = shop.provider.requests[1:]
    assert [[*request.media] for request in asked] == [[target] for target in targets]


async def test_reworded_steps_are_what_the_model_is_told_and_by_which_model() -> None:
    shop = Workshop(drawn(ONE, TWO))
    conversation, version = await edited(shop)
    job = await shop.replays.start(
        ME, conversation, version, [Step("make it blue")], [await other(shop)], "model"
    )
    done = await ended(shop, job)
    assert plain_text(branch(shop, done.targets[0].reply)[0].parts) == "make it blue"
    assert done.targets[0].done == 1


async def test_a_file_that_an_edit_was_asked_with_goes_along_when_it_is_repeated() -> None:
    shop = Workshop(drawn(ONE, TWO))
    conversation = await shop.begin()
    ref = await shop.pictures.keep_file(ME, b"as green as moss", "text/plain")
    along = [NamedFile(ref.sha256, "moss.txt")]
    asked = Outgoing("client-1", "make it so", [await other(shop, "red")], files=along)
    reply = await shop.answer(await shop.engine.send(ME, conversation.id, asked, None))
    version = pictures(reply.parts)[0].media.sha256
    steps = taken(shop, conversation.id, version)
    await ended(
        shop, await shop.replays.start(ME, conversation.id, version, steps, [await other(shop)])
    )
    told = [plain_text(request.messages[-1].parts) for request in shop.provider.requests]
    assert len(told) == 2
    assert all("as green as moss" in words for words in told)


async def test_a_step_without_a_picture_ends_that_branch_and_no_other() -> None:
    scripts: list[Script] = [*drawn(ONE), [TextDelta("I would rather not."), DONE], *drawn(TWO)]
    shop = Workshop(scripts)
    conversation, version = await edited(shop)
    targets = [await other(shop, "white"), await other(shop, "black")]
    steps = [Step("make it green")]
    done = await ended(shop, await shop.replays.start(ME, conversation, version, steps, targets))
    assert done.state == "failed"
    assert [each.state for each in done.targets] == ["failed", "done"]
    assert "Step 1 gave no picture" in done.targets[0].sentence


async def test_stop_ends_the_reply_that_is_waited_for_and_begins_no_other() -> None:
    gate = asyncio.Event()
    shop = Workshop([*drawn(ONE), [Wait(gate), DONE]])
    conversation, version = await edited(shop)
    steps = taken(shop, conversation, version)
    job = await shop.replays.start(ME, conversation, version, steps, [await other(shop)])
    feed = shop.news
    with feed.subscribe(ME) as told:
        async for _ in told.changes():
            if job.targets[0].reply:
                break
    assert not shop.replays.stop("somebody", job.id)
    assert shop.replays.stop(ME, job.id)
    done = await ended(shop, job)
    assert (done.state, done.targets[0].done) == ("stopped", 0)
    assert shop.store.message(ME, done.targets[0].reply).status == "stopped"
    assert not shop.replays.stop(ME, job.id)


async def test_an_end_that_waits_lets_the_step_that_runs_be_done_and_no_other_begin() -> None:
    gate = asyncio.Event()
    shop = Workshop([*drawn(ONE), [Wait(gate), ImageBytes(TWO), DONE], *drawn(THREE)])
    conversation, version = await edited(shop)
    steps = [Step("first"), Step("second")]
    job = await shop.replays.start(ME, conversation, version, steps, [await other(shop)])
    with shop.news.subscribe(ME) as told:
        async for _ in told.changes():
            if job.targets[0].reply:
                break
    shop.jobs.drain()
    with pytest.raises(ShuttingDown):
        await shop.replays.start(ME, conversation, version, steps, [await other(shop, "black")])
    gate.set()
    async with asyncio.timeout(PATIENCE_S):
        await shop.replays.all_ended()
        await shop.jobs.all_ended()
    (done,) = await shop.replays.of_conversation(ME, conversation)
    assert (done.state, done.targets[0].state, done.targets[0].done) == (
        "interrupted",
        "interrupted",
        1,
    )
    assert shop.store.message(ME, done.targets[0].reply).status == "complete"


async def test_after_a_restart_it_is_interrupted_with_what_is_done() -> None:
    gate = asyncio.Event()
    shop = Workshop([*drawn(ONE, TWO), [Wait(gate), DONE]])
    conversation, version = await edited(shop)
    steps = [Step("first"), Step("second")]
    job = await shop.replays.start(ME, conversation, version, steps, [await other(shop)])
    with shop.news.subscribe(ME) as told:
        async for _ in told.changes():
            if job.targets[0].done == 1:
                break
    await shop.replays.close()
    await shop.jobs.close()
    restarted = Workshop([], store=shop.store, media=shop.media)
    (found,) = await restarted.replays.of_conversation(ME, conversation)
    assert (found.state, found.targets[0].state, found.targets[0].done) == (
        "interrupted",
        "interrupted",
        1,
    )
    assert found.words == ["first", "second"]
    await restarted.replays.put_away(ME, job.id)
    assert await restarted.replays.of_conversation(ME, conversation) == []


async def test_what_cannot_be_begun_is_refused_and_leaves_nothing() -> None:
    shop = Workshop([*drawn(ONE), [Unavailable("x")]])
    conversation, version = await edited(shop)
    mine, steps = await other(shop), [Step("x")]
    theirs, _ = await shop.pictures.keep("somebody", png("grey"), "upload")
    start = shop.replays.start
    with pytest.raises(CapabilityError, match="steps"):
        await start(ME, conversation, version, [], [mine])
    with pytest.raises(CapabilityError, match="pictures"):
        await start(ME, conversation, version, steps, [str(n) for n in range(MAX_TARGETS + 1)])
    with pytest.raises(NotFound):
        await start(ME, conversation, version, steps, [theirs.sha256])
    with pytest.raises(NotFound):
        await start("somebody", conversation, version, steps, [theirs.sha256])
    assert await shop.replays.of_conversation(ME, conversation) == []


async def test_a_region_goes_along_only_with_a_picture_of_its_size() -> None:
    shop = Workshop(drawn(ONE, TWO))
    conversation, version = await edited(shop)
    mask, _ = await shop.pictures.keep(ME, png("black", 12), "upload")
    steps = [Step("only there", masks=(mask.sha256,))]
    target = await other(shop)
    done = await ended(shop, await shop.replays.start(ME, conversation, version, steps, [target]))
    assert done.state == "done"
    assert "does not fit" in done.targets[0].sentence
    assert list(shop.provider.requests[-1].media) == [target]


async def test_no_more_run_than_may_however_many_are_started_at_once() -> None:
    shop = Workshop([*drawn(ONE), *[[Wait(asyncio.Event())]] * 12])
    conversation, version = await edited(shop)
    target = await other(shop)
    starts = [
        shop.replays.start(ME, conversation, version, [Step("make it blue")], [target])
        for _ in range(MAX_JOBS + 3)
    ]
    ends = await asyncio.gather(*starts, return_exceptions=True)
    jobs = [each for each in ends if isinstance(each, Replay)]
    assert len(jobs) == MAX_JOBS
    assert all(isinstance(each, Replay | CapabilityError) for each in ends)
    for job in jobs:
        shop.replays.stop(ME, job.id)
        await shop.replays.wait(job.id)
    later = await shop.replays.start(ME, conversation, version, [Step("blue")], [target])
    shop.replays.stop(ME, later.id)
    await shop.replays.wait(later.id)


async def test_a_start_that_is_refused_takes_no_place() -> None:
    shop = Workshop(drawn(ONE, TWO))
    conversation, version = await edited(shop)
    for _ in range(MAX_JOBS):
        with pytest.raises(NotFound):
            await shop.replays.start(ME, conversation, version, [Step("blue")], ["0" * 64])
    target = await other(shop)
    job = await shop.replays.start(ME, conversation, version, [Step("blue")], [target])
    assert (await ended(shop, job)).state == "done"


async def test_a_job_goes_with_its_conversation() -> None:
    shop = Workshop(drawn(ONE, TWO))
    conversation, version = await edited(shop)
    target = await other(shop)
    job = await shop.replays.start(ME, conversation, version, [Step("blue")], [target])
    await ended(shop, job)
    assert [each.id for each in shop.store.records(ME, "replay")] == [job.id]
    shop.store.delete(ME, conversation)
    shop.store.purge(datetime.now(UTC) + timedelta(days=1))
    assert shop.store.records(ME, "replay") == []


async def test_a_job_whose_conversation_is_removed_meanwhile_ends() -> None:
    release = asyncio.Event()
    shop = Workshop([*drawn(ONE), [Wait(release), ImageBytes(TWO), DONE]])
    conversation, version = await edited(shop)
    target = await other(shop)
    job = await shop.replays.start(ME, conversation, version, [Step("blue")], [target])
    shop.store.delete(ME, conversation)
    shop.store.purge(datetime.now(UTC) + timedelta(days=1))
    release.set()
    await shop.replays.wait(job.id)
    assert shop.store.records(ME, "replay") == []
    assert not shop.replays.stop(ME, job.id)
