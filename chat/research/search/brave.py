"""Brave Search.

Source: https://api-dashboard.search.brave.com/api-reference/web/search/get (2026-11-30).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chat.core.parts import Json
from chat.research.search.search import WebSearch, rows_of


class Brave(WebSearch):
    """Brave's own index, under a key."""

    title = "Brave Search"

    def request(self, words: str, most: int) -> Mapping[str, Any]:
        """Without marks around the words that were looked for."""
        return {
            "method": "GET",
            "url": f"{self._endpoint.base_url}/res/v1/web/search",
            "params": {"q": words, "count": most, "text_decorations": "false"},
            "headers": {"X-Subscription-Token": self._endpoint.api_key},
        }

    def rows(self, answer: Json) -> Sequence[tuple[Json, Json, Json]]:
        """The list ``web.results``."""
        found = rows_of(answer, "web", "results")
        return [(row.get("title"), row.get("url"), row.get("description")) for row in found]
