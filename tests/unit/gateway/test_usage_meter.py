"""What calls use is in the sums, each call once, whatever becomes of its conversation."""

from collections.abc import Sequence
from datetime import date

from chat.core.errors import StorageError
from chat.core.usage_sums import UsageRow
from chat.telemetry.call import Recorders
from chat.telemetry.provider_health import ProviderHealth
from chat.telemetry.usage_meter import UsageMeter
from storage.memory_usage import MemoryUsage
from tests.unit.turns.exchange import card, everywhere, exchange, refuses, says

EVER = date.min, date.max


async def test_a_reply_counts_once_and_each_request_that_went_out_for_it() -> None:
    store, health = MemoryUsage(), ProviderHealth()
    meter = UsageMeter(store, gathered_s=3600)
    said = {"a": [refuses(429, 30)], "b": [says("In the den.")]}
    recorder = Recorders((meter, health))
    async with exchange([everywhere("a", "b")], said, recorder=recorder) as (made, _):
        reply = await made.reply("Where does the fox sleep?")
    assert store.rows(*EVER) == []
    meter.close()
    (row,) = store.rows(*EVER)
    assert reply.usage is not None
    used = row.used
    assert (used.replies, used.calls, used.failed) == (1, 2, 1)
    assert (used.input_tokens, used.usd) == (reply.usage.input_text_tokens, reply.cost_usd or 0.0)
    assert health.now()["a"].fault == "RateLimited (429)"
    assert (health.now()["a"].answered_at, health.now()["b"].failed_at) == (None, None)
    assert (health.now()["b"].calls, health.now()["b"].failed) == (1, 0)


class _Refusing(MemoryUsage):
    """A store that cannot be written, for a while."""

    full = True

    def add(self, rows: Sequence[UsageRow]) -> None:
        if self.full:
            raise StorageError
        super().add(rows)


async def test_what_a_store_refuses_is_counted_with_what_comes_next() -> None:
    store = _Refusing()
    meter = UsageMeter(store, gathered_s=3600)
    async with exchange([card("a")], {"a": [says(), says()]}, recorder=meter) as (made, _):
        await made.reply("one")
        meter.write()
        store.full = False
        await made.reply("two")
    meter.close()
    (row,) = store.rows(*EVER)
    assert (row.used.replies, row.used.calls) == (2, 2)


async def test_two_gathered_calls_of_a_day_are_one_row_and_are_written_by_themselves() -> None:
    store = MemoryUsage()
    meter = UsageMeter(store, gathered_s=0.0)
    async with exchange([card("a")], {"a": [says(), says()]}, recorder=meter) as (made, _):
        await made.reply("one")
        await made.reply("two")
    meter.close()
    ((_, used),) = store.totals("model", *EVER)
    assert (used.replies, used.calls) == (2, 2)
