"""An estimate in words: a few beside the Send button, and a sentence on where they come from."""

from collections.abc import Sequence

from chat.core.estimate import Estimate
from chat.core.models import ModelCard
from chat.render.costs import expected_words


def forecast(requests: Sequence[Estimate], card: ModelCard, replies: int = 1) -> tuple[str, str]:
    """What the next message may cost, and why that is thought; plain text both.

    ``requests`` are what is sent for so many replies, one or several for each; all are priced.
    """
    costs = [each.cost_usd for each in requests]
    known = [cost for cost in costs if cost is not None]
    cost = sum(known) if len(known) == len(costs) else None
    why = _why(requests[0], card)
    if len(requests) > 1 and cost:
        each = f"each of {replies} replies" if len(requests) == replies else "the first request"
        rest = "" if len(requests) == replies else f" of {len(requests)}"
        why += f" That is for {each}{rest}; the price is for all."
    return expected_words(cost), why


def forecast_of_models(expected: Sequence[tuple[Estimate, ModelCard]]) -> tuple[str, str]:
    """The same for one message to several models: the price of all, and what each one asks."""
    costs = [each.cost_usd for each, _ in expected]
    known = [cost for cost in costs if cost is not None]
    total = sum(known) if len(known) == len(costs) else None
    told = [f"{card.title}: {expected_words(each.cost_usd)}" for each, card in expected]
    why = f"An estimate for a reply of each. {'; '.join(told)}. "
    return expected_words(total), why + "What it really cost will stand under each reply."


def history_words(
    card: ModelCard, messages: tuple[int, int], pictures: tuple[int, int], *, fresh: bool
) -> str:
    """What of a conversation goes along with the next message, in a sentence.

    Args:
        card: the model that is asked.
        messages: how many go along, and of how many.
        pictures: as ``messages``, of the pictures.
        fresh: whether the user wants none of the pictures to go along.
    """
    going, of = pictures
    if not card.history:
        words = f"{card.title} sees this message alone"
        return f"{words}, with {_pictures(going)} of the conversation." if going else f"{words}."
    told = _share(*messages, "message")
    if not of:
        return f"History: {told} {_goes(messages[0])} along."
    if fresh and not going:
        return f"This message starts fresh: {told} {_goes(messages[0])} along, and no picture."
    return f"History: {told} and {_share(going, of, 'picture')} go along."


def _share(count: int, of: int, what: str) -> str:
    """``6 messages``, ``3 of 7 pictures``."""
    if count != of:
        return f"{count or 'none'} of {of} {what}s"
    return f"1 {what}" if of == 1 else f"{of} {what}s"


def _goes(count: int) -> str:
    return "goes" if count == 1 else "go"


def _why(expected: Estimate, card: ModelCard) -> str:
    if expected.cost_usd is None:
        return f"Not every price of {card.title} is known, so this message may cost something."
    if expected.cost_usd == 0:
        return f"{card.title} costs nothing."
    tokens = expected.usage.input_text_tokens or 0
    sent = f"{tokens:,} tokens of words"
    if expected.pictures_sent:
        sent += f" and {_pictures(expected.pictures_sent)}"
    back = _pictures(expected.pictures_made) if expected.pictures_made else "an answer in words"
    verb = "is" if expected.pictures_made < 2 else "are"
    return (
        f"An estimate: about {sent} go to {card.title}, and {back} {verb} expected back. "
        "What it really cost will stand under the reply."
    )


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count} pictures"
