"""Tavily.

Source of the body: ``langchain.utilities.tavily_search`` (2026-11-30), which sends the key in it.
The key as a bearer token was not tried against the service.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chat.core.parts import Json
from chat.research.search.search import WebSearch, rows_of


class Tavily(WebSearch):
    """A search for models, under a key."""

    title = "Tavily"

    def request(self, words: str, most: int) -> Mapping[str, Any]:
        """The plain search: one credit."""
        return {
            "method": "POST",
            "url": f"{self._endpoint.base_url}/search",
            "json": {"query": words, "max_results": most, "search_depth": "basic"},
            "headers": {"Authorization": f"Bearer {self._endpoint.api_key}"},
        }

    def rows(self, answer: Json) -> Sequence[tuple[Json, Json, Json]]:
        """The list ``results``."""
        found = rows_of(answer, "results")
        return [(row.get("title"), row.get("url"), row.get("content")) for row in found]
