"""A chat of Chainlit as its documentation shows it: what a model streams goes into a message."""

import os

import chainlit as cl
from openai import AsyncOpenAI

client = AsyncOpenAI(base_url=os.environ["OPENAI_BASE_URL"], api_key="none")


@cl.on_message  # type: ignore[untyped-decorator]
async def answered(message: cl.Message) -> None:
    """Stream the reply to a message, token by token."""
    said = cl.Message(content="")
    stream = await client.chat.completions.create(
        model=os.environ["OPENAI_MODELS"],
        messages=[{"role": "user", "content": message.content}],
        stream=True,
    )
    async for part in stream:
        if part.choices and (token := part.choices[0].delta.content):
            await said.stream_token(token)
    await said.update()
