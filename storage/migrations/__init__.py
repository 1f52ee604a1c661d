"""How the tables came to be, revision by revision. Append only: a revision never changes."""
