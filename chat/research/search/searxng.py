"""SearXNG: a search of one's own, which asks others.

Sources: libs/langchain-community/src/tools/searxng_search.ts of langchainjs, and for the number of
results https://docs.litellm.ai/docs/search/searxng (2026-11-30).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from chat.core.parts import Json
from chat.research.search.search import WebSearch, rows_of


class SearXNG(WebSearch):
    """Needs ``json`` among the formats of its settings."""

    title = "SearXNG"

    def request(self, words: str, most: int) -> Mapping[str, Any]:
        """It has no number of results to ask for: a page is about twenty."""
        del most
        url = f"{self._endpoint.base_url.rstrip('/')}/search"
        return {"method": "GET", "url": url, "params": {"q": words, "format": "json"}}

    def rows(self, answer: Json) -> Sequence[tuple[Json, Json, Json]]:
        """The list ``results``."""
        found = rows_of(answer, "results")
        return [(row.get("title"), row.get("url"), row.get("content")) for row in found]

    def refusal(self, status: int) -> str:
        """It answers 403 where JSON is not among its formats."""
        if status == 403:
            return "SearXNG gives no JSON: its host has to add json to search.formats."
        return super().refusal(status)
