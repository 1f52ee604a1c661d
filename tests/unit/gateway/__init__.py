"""One call of a model, over real HTTP."""
