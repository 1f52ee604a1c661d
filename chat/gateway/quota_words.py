"""Limits on spending in sentences: what is used of them, and when they begin anew."""

from datetime import datetime

from chat.core.languages import later
from chat.core.models import ModelCard
from chat.core.spending import Amount, Meter, Period, anew

PERIODS: dict[Period, str] = {"day": later("today"), "month": later("this month")}


def standing(meter: Meter, moment: datetime) -> str:
    """How far a limit is reached. What others have spent is not told."""
    begins = begins_anew(meter.period, moment)
    period = PERIODS[meter.period]
    if meter.shared:
        what = later("budget") if meter.measure == "usd" else later("number of pictures")
        used = later("is used up") if meter.reached else later("is nearly used up")
        return f"The {what} of this Easel for {period} {used}. {begins}"
    if meter.measure == "pictures":
        most = _count(int(meter.limit), "picture")
        if not meter.limit:
            return f"You may make no pictures {period}. {begins}"
        if meter.reached:
            return f"You have made the {most} you may make {period}. {begins}"
        spent = int(meter.spent)
        return f"You have made {spent} of the {most} you may make {period}. {begins}"
    limit = usd(meter.limit)
    if meter.reached:
        return f"You have used up your budget of {limit} for {period}. {begins}"
    return f"You have used {usd(meter.spent)} of your {limit} for {period}. {begins}"


def refusal(meter: Meter, more: Amount, moment: datetime) -> str:
    """Why something is not done that would go beyond a limit."""
    free = "A model that costs nothing still answers."
    if meter.reached:
        words = standing(meter, moment)
        return f"{words} {free}" if meter.measure == "usd" else words
    begins = begins_anew(meter.period, moment)
    in_usd = meter.measure == "usd"
    what = later(f"cost {usd(more.usd)}") if in_usd else f"make {_count(more.pictures, 'picture')}"
    left = usd(meter.left) if in_usd else str(int(meter.left))
    than = later("this Easel has left") if meter.shared else later(f"the {left} you have left")
    words = f"This may {what}, more than {than} for {PERIODS[meter.period]}. {begins}"
    return f"{words} {free}" if in_usd else words


def unpriced(card: ModelCard) -> str:
    """Why a model is not asked of which nobody knows what it costs."""
    return (
        f"Nobody knows here what {card.title} costs, and there is a budget to keep. Choose another "
        "model; or whoever runs this Easel says in its budgets what such a model counts as."
    )


def begins_anew(period: Period, moment: datetime) -> str:
    """When, and in how long that is."""
    at = anew(period, moment)
    minutes = max(1, round((at - moment).total_seconds() / 60))
    hours, days = minutes // 60, minutes // (24 * 60)
    if days > 1:
        wait = f"in {days} days"
    elif hours:
        wait = f"in {_count(hours, 'hour')}"
    else:
        wait = f"in {_count(minutes, 'minute')}"
    if period == "day":
        return f"It begins anew at 00:00 UTC, {wait}."
    return f"It begins anew on {at.day} {at:%B} at 00:00 UTC, {wait}."


def usd(amount: float) -> str:
    """An amount of money, cents where there are any."""
    if 0 < amount < 0.01:
        return f"${amount:.4f}".rstrip("0") if amount >= 0.0001 else "less than $0.0001"
    return f"${amount:,.2f}"


def _count(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"
