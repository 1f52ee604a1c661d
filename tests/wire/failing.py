"""One question at a door whose server fails, and what it comes to."""

from typing import Any

from chat.core.errors import ChatError
from tests.loopback import Loopback, Reply
from tests.wire.doors import DOORS
from tests.wire.talk import heard, request


async def failed_at(kind: str, reply: Reply, **card: Any) -> tuple[list[Any], ChatError]:
    """What came before the error, and the error; exactly one request was made.

    Args:
        kind: the door.
        reply: what its server answers.
        card: what its card says that others do not.
    """
    door = DOORS[kind]
    with Loopback(lambda _: reply) as server:
        said, error = await heard(door.opened(server.url), request(door.card(**card)))
    assert len(server.requests) == 1
    assert isinstance(error, ChatError)
    return list(said), error
