"""One call of a model: where it may answer, who is asked in its stead, how long, at what cost."""
