"""The socket of a tool: what a model may ask for, and what a tool may know of its surroundings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from chat.core.calling import ToolSpec
from chat.core.conversation_settings import ToolPolicy
from chat.core.file_kinds import FileKind
from chat.core.languages import later
from chat.core.parts import Derivation, ImageOrigin, Json

Result = TypeVar("Result")
Resource = TypeVar("Resource")

BUILT_IN = later("Built in")
TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class ToolFacts:
    """What people are told of a tool before they let a model use it."""

    source: str = BUILT_IN
    """Where it comes from, as a heading: built in, or the name of a server."""
    reach: str = "Computes here. Reaches nothing and keeps nothing."
    """What it may do and what it reaches, in a sentence or two."""
    policy: ToolPolicy = "allow"
    """What holds for it until somebody decides. Whatever acts or reaches a network asks."""
    always_asks: bool = False
    """It acts in the world: each call is asked for, whatever was allowed before."""
    timeout_s: float = TIMEOUT_S
    """How long it may take, from its start and from each word of its progress."""
    title: str = ""
    """What people call it; empty: its name in words."""
    for_relay: bool = False
    """Offered only where a text model runs the tools of one that draws, see ``PictureMaker``."""
    setup: str = ""
    """What whoever runs Easel does to have it, in a sentence, where it needs what not all have."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that a tool is given, or made and nobody has admitted yet."""

    data: bytes
    alt: str
    sha256: str = ""
    """Its name in the store; empty for one that was just made."""
    derivation: Derivation | None = None
    """Of one that was made: what it came of."""
    origin: ImageOrigin = "tool"
    """``model``: it is kept exactly as a model sent it."""
    caption: str = ""
    """What was asked for."""
    model: str = ""
    model_title: str = ""
    cost_usd: float | None = None
    """Of one that a model made: its card's id, what people call it, and what it took for it."""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file that a tool made for the user to download. Models are not shown it."""

    name: str
    """With its ending."""
    mime: str
    data: bytes


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file of the conversation that a tool is given: a user added it, or a tool made it."""

    name: str
    """With its ending, as people call it."""
    data: bytes


ToolOutput: TypeAlias = str | Picture | MadeFile


class PictureMaker(Protocol):
    """A model that draws, for the tools that another model runs in its stead."""

    async def draw(
        self, prompt: str, shown: Sequence[Picture], aspect_ratio: str
    ) -> Sequence[ToolOutput]:
        """Have it draw; what it made, its words among them, in order.

        Args:
            prompt: what to draw, or what to change.
            shown: the pictures of the conversation that it gets to see, the one to change first.
            aspect_ratio: such as ``16:9``; empty: what the conversation has chosen.

        Raises:
            ChatError: it cannot, or did not.
        """
        ...


class ToolContext(Protocol):
    """One call of a tool, as far as the tool may know what is around it.

    ``progress``, ``stopped`` and ``raise_if_stopped`` may be called from any thread.
    """

    @property
    def stopped(self) -> bool:
        """Whether nobody waits for the result any more: the user stopped, or it took too long."""
        ...

    def raise_if_stopped(self) -> None:
        """Give up where nobody waits any more. Raises ``ToolFailed``."""
        ...

    def progress(self, note: str, share: float | None = None) -> None:
        """Say how far the work is, for the tool's card; it also gives the tool more time.

        Args:
            note: a few words, such as “Reading page 3”.
            share: how much is done, from 0 to 1; ``None``: not known.
        """
        ...

    async def picture(self, name: str) -> Picture:
        """A picture of the conversation.

        Args:
            name: ``latest``, its number counted from the first, its handle (``@img2``), or the
                start of its sha256.

        Raises:
            ToolFailed: there is none of that name; the sentence says which there are.
        """
        ...

    def file_kinds(self) -> Mapping[str, FileKind | None]:
        """The files of the conversation by what they are called, in order.

        Of those with one name, all but the last go by their handles. A kind is ``None`` where a
        tool made the file, and of no kind that can be read.
        """
        ...

    async def file(self, name: str) -> GivenFile:
        """A file of the conversation that is no picture.

        Args:
            name: what it is called, ``latest``, or its handle, such as ``@file2``.

        Raises:
            ToolFailed: there is none of that name; the sentence says which there are.
        """
        ...

    @property
    def owner(self) -> str:
        """Whose conversation it is."""
        ...

    def resource(self, kind: type[Resource]) -> Resource:
        """A part of the house that was handed to the tools, by its type.

        Raises:
            ToolFailed: this Easel has none.
        """
        ...

    async def ask(self, message: str, form: Mapping[str, Json]) -> Mapping[str, Any] | None:
        """Ask the user in the middle of the call, and wait for the answer.

        The time of the tool stands still meanwhile.

        Args:
            message: the question, in a sentence or two.
            form: a JSON Schema of type ``object`` with plain properties: what is to be filled in.

        Returns:
            What was filled in; ``None`` where the user declined or did not answer in time.
        """
        ...

    async def in_thread(self, work: Callable[[], Result]) -> Result:
        """Run blocking work beside the conversations, in a thread for tools."""
        ...


class Tool(Protocol):
    """Something a model may ask for."""

    @property
    def spec(self) -> ToolSpec:
        """What models are told."""
        ...

    @property
    def title(self) -> str:
        """What people are told: a word or two."""
        ...

    @property
    def facts(self) -> ToolFacts:
        """What people are told of its reach, and what holds until they decide."""
        ...

    async def run(
        self, arguments: Mapping[str, Json], context: ToolContext
    ) -> Sequence[ToolOutput]:
        """Do it, and give what it made, in order. Cancelling it stops it.

        Raises:
            ToolFailed: the arguments are wrong or the work cannot be done.
        """
        ...


class ToolSource(Protocol):
    """Tools that come and go while Easel runs, such as those of a server."""

    def tools(self) -> Mapping[str, Tool]:
        """Those there are now, by the name that models call them by."""
        ...
