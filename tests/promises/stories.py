"""Long replies that can be cut anywhere, and what must be left of one that was."""

from dataclasses import dataclass

from chat.core.messages import ALIVE, Message
from chat.core.parts import Text, plain_text
from tests.loopback import Gate
from tests.wire_shapes import Said, tiny_png

PIECES = 12
"""What a model says in a reply: so many pieces, and a gate before each."""


@dataclass(frozen=True)
class Asked:
    """A question that was answered for, and what the model would have said."""

    text: str
    question: str
    reply: str
    words: str


def story(number: int) -> tuple[list[Said], list[Gate], str]:
    """Words and pictures with a gate before each piece and one at the end; the words alone."""
    parts: list[Said] = []
    gates = [Gate() for _ in range(PIECES + 1)]
    words = ""
    for piece in range(PIECES):
        parts.append(gates[piece])
        if piece % 5 == 3:
            parts.append(tiny_png(number % 256, piece))
        else:
            said = f"{number}.{piece} and so on, "
            parts += [said] * 20
            words += said * 20
    parts.append(gates[-1])
    return parts, gates, words


def holds(asked: Asked, question: Message, reply: Message) -> None:
    """The question as it was asked, and of its reply a beginning."""
    assert plain_text(question.parts) == asked.text
    assert reply.status not in ALIVE
    words = "".join(part.text for part in reply.parts if isinstance(part, Text))
    assert asked.words.startswith(words)
    if reply.status == "complete":
        assert words == asked.words
    else:
        assert reply.status == "interrupted", reply.finish
        assert reply.finish is not None
        assert "Try again" in reply.finish.message
