"""What the calls of a turn cost, each by its own figures.

Money is added up, never tokens: one call may state its price while the next only counts.
"""

from dataclasses import dataclass

from chat.core.errors import ChatError
from chat.core.events import Finished
from chat.core.messages import Billed, Finish, Usage
from chat.core.models import Prices, price

DECLINED = frozenset({"blocked", "no_image"})
"""Ends in which a model gave nothing of what was asked."""


@dataclass(frozen=True, slots=True)
class CallCost:
    """What one call cost."""

    billed: Billed
    cost_usd: float | None
    """``None`` is unknown, never free."""


def cost_of(
    prices: Prices,
    finished: Finished | None,
    error: BaseException | None,
    *,
    drawn: int,
    spoke: bool,
    speech_s: float = 0.0,
) -> CallCost:
    """What a call cost that went out.

    Args:
        prices: of the model that was asked.
        finished: how it ended and what it counted; ``None`` where it was cut off.
        error: what cut it off, if anything.
        drawn: how many pictures were made, kept or not.
        spoke: whether anything had come by then.
        speech_s: how many seconds of speech were to be written down.
    """
    if finished is None:
        refused = isinstance(error, ChatError) and error.unbilled and not spoke
        if refused:
            return CallCost("no", 0.0)
        # More may have been made than came.
        return CallCost("unknown", 0.0 if prices.free else None)
    billed = _billed(finished.finish, finished.usage)
    if billed == "no" and finished.usage is None:
        return CallCost("no", 0.0)
    # The server's figure may be rounded up; a lower one than was sent is a mistake.
    speech_s = max(speech_s, finished.speech_s)
    return CallCost(billed, price(finished.usage, prices, drawn, speech_s))


def _billed(finish: Finish, usage: Usage | None) -> Billed:
    """The provider's own word; where it has none, what was made and counted is billed."""
    made = finish.kind not in DECLINED and finish.kind != "error"
    return "yes" if finish.billed == "unknown" and made and usage is not None else finish.billed


class UsageLedger:
    """The calls of one turn, answered or not."""

    def __init__(self) -> None:
        """Begin with none, which cost nothing."""
        self._costs: list[CallCost] = []

    def add(self, cost: CallCost) -> None:
        """Add a call that is over."""
        self._costs.append(cost)

    @property
    def costs(self) -> tuple[CallCost, ...]:
        """Of each call that is over, in order."""
        return tuple(self._costs)

    @property
    def cost_usd(self) -> float | None:
        """What they cost together; ``None`` as soon as it is unknown of one."""
        known = [each.cost_usd for each in self._costs if each.cost_usd is not None]
        return sum(known, 0.0) if len(known) == len(self._costs) else None

    @property
    def billed(self) -> Billed:
        """``yes`` if one surely was, ``no`` if surely none was."""
        said = {each.billed for each in self._costs}
        if "yes" in said:
            return "yes"
        return "unknown" if "unknown" in said else "no"
