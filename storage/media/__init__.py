"""Where pictures are kept: the rules in one place, each kind of storage in a module of its own."""
