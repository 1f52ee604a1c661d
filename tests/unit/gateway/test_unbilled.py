"""What a provider did not charge is known to have cost nothing; what it may have is not."""

import pytest

from chat.core.events import Finished
from chat.core.messages import Billed, Finish
from chat.core.ports import Spending
from tests.unit.turns.workshop import ME, Workshop


@pytest.mark.parametrize(
    ("billed", "spending"),
    [("no", Spending(0.0, 1, 0)), ("yes", Spending(0.0, 0, 1)), ("unknown", Spending(0.0, 0, 1))],
)
async def test_a_refusal_counts_as_unknown_only_where_it_may_be_charged(
    billed: Billed, spending: Spending
) -> None:
    shop = Workshop([[Finished(Finish("blocked", "SAFETY", "No.", billed))]])
    conversation = await shop.begin()
    await shop.answer(await shop.ask(conversation, "go"))
    assert shop.store.spending(ME, conversation.id) == spending
