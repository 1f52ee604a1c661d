"""Several who do something in the same moment: nothing is lost, doubled or mixed."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chat.core.parts import plain_text
from tests.process.disk import Disk
from tests.process.easel import Easel
from tests.process.upstream import Upstream
from tests.promises.rounds import rounds

pytestmark = pytest.mark.process


def test_a_question_that_is_sent_five_times_at_once_is_asked_once(
    easel: Easel, upstream: Upstream, disk: Disk
) -> None:
    for number in range(rounds(3, 100)):
        conversation, name = easel.begin(), uuid.uuid4().hex
        barrier = Barrier(5)
        before = len(upstream.server.requests)

        def send(
            _: int,
            conversation: str = conversation,
            name: str = name,
            barrier: Barrier = barrier,
            text: str = f"once {number}",
        ) -> dict[str, str]:
            barrier.wait()
            return easel.ask(conversation, text, client_id=name)

        with ThreadPoolExecutor(5) as pool:
            started = list(pool.map(send, range(5)))
        assert len({(each["question"], each["reply"]) for each in started}) == 1
        assert easel.awaited(started[0], disk.ended).status == "complete"
        assert len(upstream.server.requests) == before + 1


def test_an_edit_in_one_tab_and_a_message_in_another_are_both_kept(
    easel: Easel, disk: Disk
) -> None:
    """The edit is a branch of its own, the message goes on where its tab stood."""
    for number in range(rounds(3, 200)):
        conversation = easel.begin()
        first = easel.ask(conversation, f"first {number}")
        easel.awaited(first, disk.ended)
        barrier = Barrier(2)

        def edit(
            barrier: Barrier = barrier, first: dict[str, str] = first, number: int = number
        ) -> dict[str, str]:
            barrier.wait()
            body = {"text": f"edited {number}", "client_id": uuid.uuid4().hex}
            made: dict[str, str] = easel.post(f"/api/messages/{first['question']}/edit", body)
            return made

        def send(
            barrier: Barrier = barrier, first: dict[str, str] = first, number: int = number
        ) -> dict[str, str]:
            barrier.wait()
            return easel.ask(first["conversation"], f"next {number}", parent_id=first["reply"])

        with ThreadPoolExecutor(2) as pool:
            edited, sent = (made.result() for made in [pool.submit(edit), pool.submit(send)])
        for started in (edited, sent):
            assert easel.awaited(started, disk.ended).status == "complete"
        one, other = (
            [plain_text(each.parts) for each in disk.branch(started["reply"])]
            for started in (edited, sent)
        )
        assert one == [f"edited {number}", "Understood."]
        assert other == [f"first {number}", "Understood.", f"next {number}", "Understood."]
        assert disk.messages(conversation) == 6
