"""An estimate in words: a few beside the Send button, and a sentence on where they come from."""

from collections.abc import Sequence

from chat.core.estimate import Estimate
from chat.core.languages import plural, say
from chat.core.models import ModelCard
from chat.core.numbers import number
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
        of_each = plural(
            replies,
            "That is for each of {n} reply; the price is for all.",
            "That is for each of {n} replies; the price is for all.",
        )
        of_first = plural(
            len(requests),
            "That is for the first request of {n}; the price is for all.",
            "That is for the first request of {n}; the price is for all.",
        )
        why += f" {of_each if len(requests) == replies else of_first}"
    return expected_words(cost), why


def forecast_of_models(expected: Sequence[tuple[Estimate, ModelCard]]) -> tuple[str, str]:
    """The same for one message to several models: the price of all, and what each one asks."""
    costs = [each.cost_usd for each, _ in expected]
    known = [cost for cost in costs if cost is not None]
    total = sum(known) if len(known) == len(costs) else None
    told = [f"{card.title}: {expected_words(each.cost_usd)}" for each, card in expected]
    why = say(
        "An estimate for a reply of each. {costs}. What it really cost will stand under each "
        "reply.",
        costs="; ".join(told),
    )
    return expected_words(total), why


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
        if not going:
            return say("{title} sees this message alone.", title=card.title)
        return plural(
            going,
            "{title} sees this message alone, with {n} picture of the conversation.",
            "{title} sees this message alone, with {n} pictures of the conversation.",
            title=card.title,
        )
    told = _messages(*messages)
    if not of:
        return plural(
            messages[0],
            "History: {messages} goes along.",
            "History: {messages} go along.",
            messages=told,
        )
    if fresh and not going:
        return plural(
            messages[0],
            "This message starts fresh: {messages} goes along, and no picture.",
            "This message starts fresh: {messages} go along, and no picture.",
            messages=told,
        )
    pictures_told = _pictures_of(going, of)
    return say(
        "History: {messages} and {pictures} go along.", messages=told, pictures=pictures_told
    )


def _messages(count: int, of: int) -> str:
    """``6 messages``, ``3 of 7 messages``."""
    if count == of:
        return plural(of, "{n} message", "{n} messages")
    if not count:
        return plural(of, "none of {n} message", "none of {n} messages")
    return plural(of, "{count} of {n} message", "{count} of {n} messages", count=count)


def _pictures_of(count: int, of: int) -> str:
    if count == of:
        return _pictures(of)
    if not count:
        return plural(of, "none of {n} picture", "none of {n} pictures")
    return plural(of, "{count} of {n} picture", "{count} of {n} pictures", count=count)


def _why(expected: Estimate, card: ModelCard) -> str:
    if expected.cost_usd is None:
        words = "Not every price of {title} is known, so this message may cost something."
        return say(words, title=card.title)
    if expected.cost_usd == 0:
        return say("{title} costs nothing.", title=card.title)
    tokens = expected.usage.input_text_tokens or 0
    sent = plural(tokens, "{n} token of words", "{n} tokens of words", n=number(tokens))
    if expected.pictures_sent:
        pictures = _pictures(expected.pictures_sent)
        sent = say("{tokens} and {pictures}", tokens=sent, pictures=pictures)
    told = {"sent": sent, "title": card.title}
    if not expected.pictures_made:
        words = say(
            "An estimate: about {sent} go to {title}, and an answer in words is expected back.",
            **told,
        )
    else:
        words = plural(
            expected.pictures_made,
            "An estimate: about {sent} go to {title}, and {n} picture is expected back.",
            "An estimate: about {sent} go to {title}, and {n} pictures are expected back.",
            **told,
        )
    return f"{words} {say('What it really cost will stand under the reply.')}"


def _pictures(count: int) -> str:
    return plural(count, "{n} picture", "{n} pictures")
