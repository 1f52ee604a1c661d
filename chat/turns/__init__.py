"""One question and its answer, from the composer to the store."""
