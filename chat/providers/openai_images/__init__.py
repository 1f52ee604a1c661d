"""Pictures by images.generate and images.edit: OpenAI, Azure, and what a proxy fronts."""

from chat.providers.openai_images.door import OpenAIImages

__all__ = ["OpenAIImages"]
