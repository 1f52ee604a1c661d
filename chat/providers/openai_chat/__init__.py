"""Chat completions that may answer with pictures: OpenAI, OpenRouter, LiteLLM and their like."""

from chat.providers.openai_chat.door import OpenAIChat

__all__ = ["OpenAIChat"]
