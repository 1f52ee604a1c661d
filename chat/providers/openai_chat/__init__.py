"""Chat completions that may answer with pictures: OpenAI, OpenRouter, LiteLLM and their like."""
