"""OpenAI's Responses API, where a model that talks draws with a tool of the provider's own."""
