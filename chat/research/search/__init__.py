"""Who is asked which pages there are on something: one provider, one file."""
