"""Our doors through a real LiteLLM proxy: the whole way to a backend on 127.0.0.1 and back.

``.ci/litellm`` installs the proxy into an environment of its own; without one these are skipped.
"""
