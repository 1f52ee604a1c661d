"""An Easel of which very much is asked at once, and the model that answers it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.loopback import Loopback, Reply, Request
from tests.process.easel import Easel
from tests.process.upstream import MODEL


@contextmanager
def easel_for_many(
    data: Path, answer: Callable[[Request], Reply]
) -> Iterator[tuple[Easel, Loopback]]:
    """One that has as many replies run at once as are asked for, with its model's server."""
    with (
        Loopback(answer) as server,
        Easel(
            data,
            OPENAI_API_KEY="x",
            OPENAI_BASE_URL=f"{server.url}/v1",
            OPENAI_MODELS=MODEL,
            EASEL_REPLIES_AT_ONCE="1000",
        ) as easel,
    ):
        yield easel, server
