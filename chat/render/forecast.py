"""An estimate in words: a few beside the Send button, and a sentence on where they come from."""

from chat.core.estimate import Estimate
from chat.core.models import ModelCard
from chat.render.costs import expected_words


def forecast(expected: Estimate, card: ModelCard) -> tuple[str, str]:
    """What the next message may cost, and why that is thought; plain text both."""
    return expected_words(expected.cost_usd), _why(expected, card)


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
