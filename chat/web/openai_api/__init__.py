"""Easel as an API in the form of OpenAI's, so that programs can use what its page uses.

Source: openai 3.57.0, ``resources/chat`` and ``resources/images`` (2026-11-29).
"""
