"""Everything that may go wrong, as a tree.

``str(error)`` is always one sentence that may be shown to the user: no path, no key, no
traceback. The cause goes to the log through ``raise ... from``.

    ChatError
      ConfigError             a missing key, an unknown kind
      CapabilityError         the model cannot do this
      LimitReached            too many messages or replies at once
        BudgetReached         as much was spent as may be
      ShuttingDown            retryable; this process begins nothing new
      ProviderError
        AuthFailed
        RateLimited           retryable
        Rejected              the request itself was refused
          RequestTooLarge     it holds more than the model or its server takes
          ToolsRefused        it told of tools
          ModelNotFound       the server knows no model of that name
        Blocked               content was refused
        Unavailable           retryable
        BadReply              what came back was not an answer
          WrongAddress        it was a web page
      MediaRejected           no picture or file that is taken, too large, damaged
      ToolFailed
      StorageError
        NotFound
          OwnerGone           whoever it would belong to was removed
        Conflict
        TooMany               as many are kept as may be
        Unstorable            a text that no database takes
        Full
        ReadOnly
        Away                  the database is a server that may be back in a moment
        Damaged               the database cannot be trusted, or is newer than this program
"""

from typing import Literal, TypeAlias

Measure: TypeAlias = Literal["pictures", "bytes", "tokens"]
"""What a request may hold too much of."""


class ChatError(Exception):
    """The root. ``retryable`` says whether the same request may succeed later."""

    retryable = False
    unbilled = False
    """Surely not charged: no model had begun to work."""


class ConfigError(ChatError):
    """The program is set up wrongly."""

    unbilled = True


class CapabilityError(ChatError):
    """The chosen model cannot do what was asked; the sentence says which can."""

    unbilled = True


class LimitReached(ChatError):
    """Somebody may do no more of it for now."""

    unbilled = True

    def __init__(self, sentence: str, retry_after_s: float | None = None) -> None:
        """Keep in how many seconds it begins anew, where that is known."""
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class BudgetReached(LimitReached):
    """Somebody has spent as much as they may, or it cannot be told what this would cost."""


class ShuttingDown(ChatError):
    """This process is about to end and begins nothing new; the next one will."""

    retryable = True
    unbilled = True


class ProviderError(ChatError):
    """A provider did not answer as it should."""

    status: int | None = None
    """The HTTP status, where there was one."""
    request_id: str = ""
    """What the provider calls the request, for its support."""
    retry_after_s: float | None = None
    """How long the provider asked us to wait, in seconds, if it said."""


class AuthFailed(ProviderError):
    """The key is missing, wrong or may not do this."""

    unbilled = True


class RateLimited(ProviderError):
    """Too many requests, or a quota is used up."""

    retryable = True
    unbilled = True

    def __init__(self, sentence: str, retry_after_s: float | None = None) -> None:
        """Keep how long the provider asked us to wait, in seconds, if it said."""
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class Rejected(ProviderError):
    """The provider refused the request as it stands."""

    unbilled = True


class RequestTooLarge(Rejected):
    """The conversation holds more than the model, or the server before it, takes at once."""

    def __init__(
        self,
        sentence: str,
        over: Measure = "bytes",
        most: int | None = None,
        held: int | None = None,
        quote: str = "",
    ) -> None:
        """Keep of what there was too much, the most that is taken, and what the provider counted.

        ``quote`` is the part of the sentence with the provider's own words, or nothing.
        """
        super().__init__(sentence)
        self.over: Measure = over
        self.most = most
        self.held = held
        self.quote = quote


class ToolsRefused(Rejected):
    """The model, or the server before it, refuses to be told of tools."""


class ModelNotFound(Rejected):
    """The server says that it has no model of that name, or no longer."""


class Blocked(ProviderError):
    """The provider refused the content."""

    def __init__(self, sentence: str, reason: str = "") -> None:
        """Keep the provider's own word for the reason."""
        super().__init__(sentence)
        self.reason = reason


class Unavailable(ProviderError):
    """The provider could not be reached, or failed on its side."""

    retryable = True


class BadReply(ProviderError):
    """The provider answered something that is not an answer, or broke off."""


class WrongAddress(BadReply):
    """What answered is no such provider: the address leads elsewhere, or to a part of it."""


class MediaRejected(ChatError):
    """The bytes are no picture or file that Easel takes."""


class PicturesBusy(MediaRejected):
    """Nobody could look at the bytes just now. Of what they are it says nothing."""


class ToolFailed(ChatError):
    """A tool could not do its work; model and user both read the sentence."""


class StorageError(ChatError):
    """Something could not be read or written."""


class NotFound(StorageError):
    """There is no such thing, or it belongs to somebody else."""


class Unstorable(StorageError):
    """A text holds characters that cannot be stored, and so cannot be found either."""


class OwnerGone(NotFound):
    """Whoever it would belong to was removed for good."""


class Conflict(StorageError):
    """It is there already."""


class TooMany(StorageError):
    """There are as many of it as may be kept."""


class Full(StorageError):
    """There is no room left."""


class ReadOnly(StorageError):
    """The store may be read but not written."""


class Away(StorageError):
    """The store is a server that cannot be reached just now. It may be back in a moment."""


class Damaged(StorageError):
    """The store cannot be trusted, or was written by a newer Easel; it was not touched."""
