"""OpenAI's Responses API, where a model that talks draws with a tool of the provider's own."""

from chat.providers.openai_responses.door import OpenAIResponses

__all__ = ["OpenAIResponses"]
