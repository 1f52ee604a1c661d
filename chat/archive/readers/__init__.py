"""Who reads which file: Easel's own, and what other clients export."""
