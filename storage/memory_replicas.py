"""The one process over a store in memory. A peer of :mod:`storage.sql_replicas`."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from chat.core.replicas import LeftReply, ReplicasSeen, TurnElsewhere


class MemoryReplicas:
    """The port ``Replicas``, where there is no other."""

    shared = False
    own = ""

    def __init__(self, left: Callable[[], list[LeftReply]]) -> None:
        """``left`` gives the replies that are unfinished, oldest first."""
        self._left = left

    def beat(self) -> ReplicasSeen:
        """There is no other."""
        return ReplicasSeen()

    def take_over(self, *, lapsed: bool) -> list[LeftReply]:
        """Whatever is unfinished."""
        del lapsed
        return self._left()

    def elsewhere(self) -> list[TurnElsewhere]:
        """There is no other."""
        return []

    def leave(self) -> None:
        """Nobody is there to hear of it."""

    def housekeeping(self) -> AbstractContextManager[bool]:
        """Nobody else is at it."""
        return nullcontext(enter_result=True)
