"""The painter's studio: scenes to pixels."""
