"""Where processes over one store lay out logs of replies for each other."""
