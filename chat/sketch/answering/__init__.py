"""The tongue: what Sketch says, and in which order it says and shows it."""
