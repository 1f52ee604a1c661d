"""What a server has ready for a message: prompts, resources, and templates of resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from chat.core.errors import NotFound, ToolFailed

Kind: TypeAlias = Literal["prompt", "resource", "template"]


@dataclass(frozen=True, slots=True)
class Blank:
    """What is to be filled in."""

    name: str
    about: str
    required: bool


@dataclass(frozen=True, slots=True)
class Insertable:
    """Words or pictures that people may put into a message."""

    kind: Kind
    name: str
    """The server's name of a prompt, the address of a resource, that of a template with blanks."""
    title: str
    about: str
    mime: str = ""
    blanks: tuple[Blank, ...] = ()

    def check(self, given: Mapping[str, str]) -> None:
        """Raises ``ToolFailed`` where a blank that must be filled in is not."""
        for each in self.blanks:
            if each.required and not given.get(each.name, "").strip():
                raise ToolFailed(f"“{each.name}” must be filled in.")

    def known(self, given: Mapping[str, str]) -> dict[str, str]:
        """What is given for blanks that there are, in their order."""
        return {each.name: given[each.name] for each in self.blanks if given.get(each.name)}

    def blank(self, name: str) -> Blank:
        """The blank of a name. Raises ``NotFound``."""
        for each in self.blanks:
            if each.name == name:
                return each
        raise NotFound("There is no such blank any more.")
