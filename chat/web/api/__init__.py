"""The HTTP API: the bodies that it takes, and what it answers.

The page has these types too: ``.ci/page_types.py`` writes ``assets/js/protocol.js`` from them.
"""
