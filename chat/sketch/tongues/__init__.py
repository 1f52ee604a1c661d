"""Languages beside English in which Sketch is spoken to, and speaks of things."""
