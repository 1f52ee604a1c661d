"""What people call the models, tools and endpoints that messages name by their ids."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class DisplayNames:
    """Titles by id; a mapping may grow while the program runs."""

    models: Mapping[str, str]
    """Title of each model, by the id of its card."""
    tools: Mapping[str, str]
    """Title of each tool, by name."""
    endpoints: Mapping[str, str] = field(default_factory=dict)
    """Title of each endpoint, by its id."""
