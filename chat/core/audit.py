"""The audit log: who did what, to whom, when and from where, and the port that keeps it.

It holds names and addresses, never a secret and nothing of a conversation. Entries are added and,
when their time is over, forgotten; nothing else becomes of them, but that the name of somebody who
was removed for good gives way to a pseudonym.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from chat.core.messages import new_id, now

Act: TypeAlias = Literal[
    "signed_in", "signed_out", "tries_used_up", "account_begun", "password_changed",
    "person_added", "person_shut_out", "person_let_in", "person_signed_out", "role_changed",
    "groups_changed", "link_made", "key_made", "key_revoked", "budget_changed", "provider_saved",
    "provider_switched", "provider_removed", "share_made", "share_changed", "share_revoked",
    "share_copied", "exported", "erased", "reply_stopped", "person_exported", "person_removed",
    "retention_changed", "retention_run",
]  # fmt: skip

ACTS: Mapping[Act, str] = {
    "signed_in": "signed in",
    "signed_out": "signed out",
    "tries_used_up": "used up the tries to sign in",
    "account_begun": "came in by a link for the first time",
    "password_changed": "changed their password",
    "person_added": "added somebody",
    "person_shut_out": "shut somebody out",
    "person_let_in": "let somebody in again",
    "person_signed_out": "signed somebody out everywhere",
    "role_changed": "changed a role",
    "groups_changed": "changed somebody's groups",
    "link_made": "made a link to sign in by",
    "key_made": "made an API key",
    "key_revoked": "revoked an API key",
    "budget_changed": "changed a budget",
    "provider_saved": "set up a provider",
    "provider_switched": "switched a provider on or off",
    "provider_removed": "removed a provider",
    "share_made": "shared something",
    "share_changed": "changed a share",
    "share_revoked": "revoked a share",
    "share_copied": "copied what was shared",
    "exported": "exported conversations",
    "erased": "deleted conversations for good",
    "reply_stopped": "stopped somebody's reply",
    "person_exported": "exported everything of somebody",
    "person_removed": "removed somebody for good",
    "retention_changed": "changed how long things are kept",
    "retention_run": "tidied up by the rules",
}
"""What can be done, in words that follow the name of who did it."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that somebody did."""

    act: Act
    actor: str = ""
    """The id of who did it; empty: nobody who was known, or Easel by itself."""
    actor_name: str = ""
    """What they were called then."""
    subject: str = ""
    """The id of whom or what it was done to; empty: it concerns nobody else."""
    subject_name: str = ""
    address: str = ""
    """From which address; of IPv6 the network."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """More about it, in a few words each: which role, how many."""
    at: datetime = field(default_factory=now)
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries are wanted; what is left out does not matter."""

    act: str = ""
    person: str = ""
    """The id of somebody who did it, or to whom it was done."""
    since: datetime | None = None
    until: datetime | None = None
    """From then on, and before then."""


class AuditLog(Protocol):
    """Where it is kept. Every write is durable when the call returns.

    Raises, for all of it: ``Full``, ``ReadOnly`` and other ``StorageError``.
    """

    def add(self, entry: AuditEntry) -> None:
        """Keep a new entry."""
        ...

    def entries(
        self, query: AuditQuery, limit: int, before: AuditEntry | None = None
    ) -> Sequence[AuditEntry]:
        """The newest first; ``before`` continues a list after its last entry."""
        ...

    def entry(self, entry_id: str) -> AuditEntry | None:
        """One by its id."""
        ...

    def forget_before(self, moment: datetime) -> int:
        """Forget what is older; how many entries there were."""
        ...
